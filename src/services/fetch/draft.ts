import type { AccessDecision } from '../../domain/access.js';
import type { Authentication, ProvingTrust } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import type { RequestNetwork } from '../../domain/network.js';
import type { Policy } from '../../domain/policy.js';
import type { Token, TokenState } from '../../domain/token.js';
import type { ProvisioningWindow } from '../../domain/window.js';
import { phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import type { RepeatableEvent } from '../audit/repeated-events.js';
import type { NoToken, TokenFinding } from './fetch-token.js';

/** Everything that a plan is made from, as it is while the device's row is locked. */
export interface FetchCase {
  device: Device;
  /** All tokens of the device. */
  tokens: readonly Token[];
  finding: TokenFinding;
  policy: Policy;
  /** The network of the device's tenant that the request came from. */
  network: RequestNetwork | null;
  address: string | null;
  /** Whether the request names another MAC beside the device's. */
  isContradictory: boolean;
  now: Date;
}

/** One write to the device or to its tokens. */
export type FetchChange =
  | { kind: 'authentication'; authentication: Authentication }
  | { kind: 'window'; window: ProvisioningWindow }
  | { kind: 'attention'; attention: string }
  | { kind: 'entry-locks-deleted' }
  | { kind: 'token-proven'; tokenId: string; from: TokenState }
  /** Its registration is deleted with it. */
  | { kind: 'token-revoked'; tokenId: string }
  | { kind: 'proofs-taken-back'; tokenIds: readonly string[] }
  | { kind: 'served-full-forgotten'; tokenId: string };

/** An event of the audit log; `repeatable` ones are written once in a while (`recordRepeatable`). */
export type FetchEvent =
  { kind: 'once'; event: NewEvent } | { kind: 'repeatable'; repeatable: RepeatableEvent };

/** What is served, and what is written before that. */
export interface FetchPlan {
  decision: AccessDecision;
  /** The token that the configuration carries; null: one is issued. */
  token: Token | null;
  /** The ended token whose registration is deleted when the new token is issued. */
  replacedTokenId: string | null;
  /** The full configuration goes out with the token: under which trust. null: not recorded. */
  servedFull: { under: ProvingTrust | null } | null;
  /** In the order in which they are written. */
  changes: readonly FetchChange[];
  events: readonly FetchEvent[];
}

/** A plan in the making: the device and the presented token as the changes so far leave them. */
export interface Draft {
  device: Device;
  token: Token | null;
  changes: readonly FetchChange[];
  events: readonly FetchEvent[];
}

/** The draft with one more step: changes and events are appended, device and token replaced. */
export function extend(draft: Draft, step: Partial<Draft>): Draft {
  return {
    device: step.device ?? draft.device,
    token: step.token === undefined ? draft.token : step.token,
    changes: [...draft.changes, ...(step.changes ?? [])],
    events: [...draft.events, ...(step.events ?? [])],
  };
}

/**
 * Reports that several phones claim a device, and flags it unless it has a flag. `address` is that
 * of the phone which contests the claim of `about.first`.
 */
export function reportContest(
  draft: Draft,
  about: { first: string | null; trust?: string | null },
  address: string | null,
  now: Date,
): Draft {
  const { device } = draft;
  const repeatable = {
    subject: device.id,
    reason: about.trust ?? '',
    isNews: device.attention === null,
    event: deviceEvent(device, 'device.contested', phoneAt(address), now, about),
  };
  const reported = extend(draft, { events: [{ kind: 'repeatable', repeatable }] });
  return device.attention === null ? flag(reported, 'contested') : reported;
}

/** Reports that a device's phone came without the token that it should have. */
export function tokenMissing(
  device: Device,
  reason: NoToken | 'trust-ended',
  address: string | null,
  now: Date,
): RepeatableEvent {
  const event = deviceEvent(device, 'device.token_missing', phoneAt(address), now, { reason });
  return { event, subject: device.id, reason };
}

/** Sets the device's flag; no change where it is set already. */
export function flag(draft: Draft, attention: string): Draft {
  if (draft.device.attention === attention) return draft;
  return extend(draft, {
    device: { ...draft.device, attention },
    changes: [{ kind: 'attention', attention }],
  });
}
