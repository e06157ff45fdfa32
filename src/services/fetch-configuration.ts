import { type AccessDecision, type FullReason, decide } from '../domain/access.js';
import { type AuthenticatedBy, lookAt } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import type { NewEvent } from '../domain/events.js';
import { completePolicy } from '../domain/policy.js';
import { makeTokenId } from '../domain/secrets.js';
import { type Token, isLive } from '../domain/token.js';
import { lockDevice, setAttention } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import type { FetchFacts } from '../store/fetch-lookup.js';
import { deleteRegistration } from '../store/registrations.js';
import type { Queryable } from '../store/store.js';
import { findToken, markServedFull, tokensOfDevice } from '../store/tokens.js';
import { phoneAt } from './actors.js';
import type { ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import type { NoToken, TokenFinding } from './fetch-token.js';
import { issueToken } from './issue-token.js';
import { isReturn, proveToken } from './trusted-return.js';

/** What a phone that asks for its configuration is served. */
export type ServedConfiguration = AccessDecision & {
  /** The token that the configuration carries. */
  tokenId: string;
  /** Whether that was made for this very answer, so that no other answer will be the same. */
  isNewToken: boolean;
};

export interface ConfigurationFetch {
  facts: FetchFacts;
  finding: TokenFinding;
  address: string | null;
}

/** Trusts under which a configuration that went out makes a device successful once its phone comes back with what it got. */
const PROVING_TRUST: Record<FullReason, Exclude<AuthenticatedBy, 'pap'> | null> = {
  token: null,
  suspension: 'suspension',
  open: null,
};

/**
 * Decides what a phone gets, and writes what decides anything before it is answered: a new token, a token proven by its return, a full
 * configuration served under trust, a token missing. A phone that fetches with a proven token, or waits with one of its own, costs no
 * write. Answers null when the device has gone meanwhile.
 */
export async function fetchConfiguration(
  context: ServiceContext,
  fetch: ConfigurationFetch,
): Promise<ServedConfiguration | null> {
  const { facts, finding, address } = fetch;
  if (finding.kind === 'none') return serveUnderLock(context, fetch);
  const token = isReturn(finding.token, context.clock.now())
    ? await proveToken(context, finding.token.id, address)
    : finding.token;
  const now = context.clock.now();
  if (token === null || !isLive(token, now)) return serveUnderLock(context, fetch);
  const decision = decide(facts.authentication, completePolicy(facts.policy), { token }, now);
  if (decision.kind === 'full' && PROVING_TRUST[decision.reason] !== null)
    return serveUnderLock(context, fetch);
  return { ...decision, tokenId: token.id, isNewToken: false };
}

/** What `fetchConfiguration` would answer, for a request that must change nothing (HEAD); a new token is a sham of the same length. */
export function previewConfiguration(
  context: ServiceContext,
  { facts, finding }: ConfigurationFetch,
): ServedConfiguration {
  const held = finding.kind === 'held' ? finding.token : null;
  const now = context.clock.now();
  const token = held !== null && isReturn(held, now) ? { id: held.id, state: 'proven' as const } : held;
  const decision = decide(facts.authentication, completePolicy(facts.policy), { token }, now);
  return { ...decision, tokenId: token?.id ?? makeTokenId(), isNewToken: token === null };
}

/** Decides on the device as it is while nobody else can change it: what is written here must not outlive a reset that came first. */
async function serveUnderLock(
  context: ServiceContext,
  { facts, finding, address }: ConfigurationFetch,
): Promise<ServedConfiguration | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { id: facts.deviceId });
    if (device === null) return null;
    const now = context.clock.now();
    const held = finding.kind === 'held' ? await findToken(transaction, finding.token.id) : null;
    const live = held !== null && isLive(held, now) ? held : null;
    const decision = decide(device.authentication, completePolicy(facts.policy), { token: live }, now);
    if (live === null) {
      const because = finding.kind === 'none' ? finding.because : 'revoked';
      await reportClaim(transaction, { device, decision, because, address, now });
    }
    const keyVersion = context.masterKey.version;
    const token = live ?? (await issueToken(transaction, device, { address, keyVersion, now }));
    // Its phone goes on with the new one: who is told by the old registration would never be seen to fetch.
    if (finding.kind === 'none' && finding.endedId !== null)
      await deleteRegistration(transaction, finding.endedId);
    const under = decision.kind === 'full' ? PROVING_TRUST[decision.reason] : null;
    if (under !== null) await markServedFull(transaction, token.id, under, now);
    return { ...decision, tokenId: token.id, isNewToken: live === null };
  });
}

/** Somebody asks for a device's configuration with nothing that says he is its phone. */
interface Claim {
  device: Device;
  decision: AccessDecision;
  because: NoToken;
  address: string | null;
  now: Date;
}

/** Writes what an administrator should know of a claim. The flag on the device is set once and stays until he takes it away. */
async function reportClaim(transaction: Queryable, claim: Claim): Promise<void> {
  const { device, because, address, now } = claim;
  const events: NewEvent[] = [];
  const isLoss = isTokenLost(claim);
  if (isLoss || because === 'other-device') {
    events.push(deviceEvent(device, 'device.token_missing', phoneAt(address), now, { reason: because }));
  }
  const rival = rivalOf(await tokensOfDevice(transaction, device.id), address, now);
  if (rival !== null) {
    events.push(deviceEvent(device, 'device.contested', phoneAt(address), now, { first: rival.issuedTo }));
  }
  if (device.attention === null && (isLoss || rival !== null)) {
    await setAttention(transaction, device.id, isLoss ? 'token_missing' : 'contested');
  }
  await recordEvents(transaction, events);
}

/** A device that proved itself holds a token. Who comes without is its phone after a factory reset, or somebody else; under trust it is no loss. */
function isTokenLost({ device, decision, now }: Claim): boolean {
  return decision.kind === 'minimal' && lookAt(device.authentication, now).state === 'successful';
}

/**
 * The phone elsewhere that waits with a bootstrap token when another one asks without; null when there is none. An address that has such a
 * token itself is known already and not reported again.
 */
function rivalOf(tokens: readonly Token[], address: string | null, now: Date): Token | null {
  const waiting = tokens.filter((token) => token.state === 'bootstrap' && isLive(token, now));
  if (waiting.some((token) => token.issuedTo === address)) return null;
  return waiting[0] ?? null;
}
