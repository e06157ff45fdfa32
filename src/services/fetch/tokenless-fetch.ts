import { type AccessDecision } from '../../domain/access.js';
import { lookAt, rearm } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import type { Policy } from '../../domain/policy.js';
import { sourceText } from '../../domain/prefix.js';
import { type Token, isLive } from '../../domain/token.js';
import { isWindowOpen } from '../../domain/window.js';
import { saveAuthentication, setAttention } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import type { Queryable } from '../../store/store.js';
import { tokensOfDevice } from '../../store/tokens.js';
import { phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import type { NoToken } from './fetch-token.js';

/** Somebody asks for a device's configuration with nothing that says he is its phone. */
export interface Claim {
  device: Device;
  policy: Policy;
  decision: AccessDecision;
  because: NoToken;
  address: string | null;
  now: Date;
}

/**
 * Writes what an administrator should know of a claim. The flag on the device is set once and stays until he takes it away; only a loss,
 * which is what he must do something about, takes the place of another. A loss under the policy `rearm` makes a fresh PAP: one, for the
 * device is not successful any more when somebody comes again. Answers the device as it then is.
 */
export async function reportClaim(transaction: Queryable, claim: Claim): Promise<Device> {
  const { device, because, address, now } = claim;
  const events: NewEvent[] = [];
  const isLoss = isTokenLost(claim);
  if (isLoss || because === 'other-device') {
    events.push(deviceEvent(device, 'device.token_missing', phoneAt(address), now, { reason: because }));
  }
  const rival = rivalOf(await tokensOfDevice(transaction, device.id), claim);
  // Only here, so that it takes as long as for a device of somebody.
  if (device.kind === 'decoy') return device;
  if (rival !== null) {
    events.push(deviceEvent(device, 'device.contested', phoneAt(address), now, { first: rival }));
  }
  if (isLoss && device.attention !== 'token_missing') {
    await setAttention(transaction, device.id, 'token_missing');
  } else if (rival !== null && device.attention === null) {
    await setAttention(transaction, device.id, 'contested');
  }
  await recordEvents(transaction, events);
  return isLoss ? rearmAfterLoss(transaction, claim) : device;
}

/** A device that proved itself holds a token. Who comes without is its phone after a factory reset, or somebody else; under trust it is no loss. */
function isTokenLost({ device, decision, now }: Claim): boolean {
  const isKeptBack = decision.kind === 'minimal' || decision.would !== null;
  return isKeptBack && lookAt(device.authentication, now).state === 'successful';
}

async function rearmAfterLoss(transaction: Queryable, { device, policy, now }: Claim): Promise<Device> {
  if (policy.onLostConfiguration !== 'rearm' || !policy.enforce) return device;
  const authentication = rearm(device.authentication, policy, now);
  await saveAuthentication(transaction, device.id, authentication);
  return { ...device, authentication };
}

/**
 * The address of the phone elsewhere that waits with a bootstrap token, or whose the open window is, when another one asks without; null when
 * there is none. An address that has such a token itself is known already and not reported again.
 */
function rivalOf(tokens: readonly Token[], { device, decision, address, now }: Claim): string | null {
  const source = sourceText(address);
  const waiting = tokens.filter((token) => token.state === 'bootstrap' && isLive(token, now));
  if (waiting.some((token) => sourceText(token.issuedTo) === source)) return null;
  const { windowClaimedBy } = device;
  const isShutOut =
    decision.kind === 'minimal' && decision.reason === 'unauthorized' && isWindowOpen(device, now);
  if (isShutOut && windowClaimedBy !== null && windowClaimedBy !== source) return windowClaimedBy;
  return waiting[0]?.issuedTo ?? null;
}
