import type { AccessDecision } from '../../domain/access.js';
import type { ProvingTrust } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import { type Policy, completePolicy } from '../../domain/policy.js';
import { type Token, isLive, isReleaseLapsed } from '../../domain/token.js';
import { contestsTrustedClaim, isLeftByTrust, isTrustedReturn, provingTrust } from '../../domain/trust.js';
import { lockDevice } from '../../store/devices.js';
import { admitDevice } from '../../store/network-devices.js';
import { deleteRegistration } from '../../store/registrations.js';
import type { Queryable } from '../../store/store.js';
import { findToken, forgetServedFull, markServedFull } from '../../store/tokens.js';
import type { ServiceContext } from '../context.js';
import { type ConfigurationFetch, type ServedConfiguration, decideFetch } from './fetch-decision.js';
import type { TokenFinding } from './fetch-token.js';
import { issueToken } from './issue-token.js';
import { keepClaim, keepSynced } from './keep-window.js';
import { endLapsedReleases } from '../authentication/release-expiry.js';
import { reportClaim, reportLeftByTrust } from './tokenless-fetch.js';
import { type Holder, endTrustedClaim, returnUnderTrust } from './trusted-return.js';

/**
 * Serves a fetch that changes something: decides on the device as it is while nobody else can
 * change it, for what is written here must not outlive a reset that came first. Answers null when
 * the device has gone.
 */
export async function serveUnderLock(
  context: ServiceContext,
  fetch: ConfigurationFetch,
): Promise<ServedConfiguration | null> {
  return context.store.transaction(async (transaction) => {
    const locked = await lockDevice(transaction, { id: fetch.facts.deviceId });
    if (locked === null) return null;
    const now = context.clock.now();
    const policy = completePolicy(fetch.facts.policy);
    const held = await liveToken(transaction, fetch.finding, now);

    const back = await comeBack(transaction, locked, held, fetch.address, now);
    const decision = await decideAndAdmit(transaction, back, fetch, policy, now);
    const judged = { decision, policy, address: fetch.address, now };
    const { device: synced, token } = await keepSynced(transaction, back, judged);
    const claimed = await keepClaim(transaction, { device: synced, token }, judged);
    const device = contestsTrustedClaim(claimed.authentication, token, decision)
      ? await endTrustedClaim(transaction, claimed, decision, { ...judged, network: fetch.facts.network })
      : claimed;
    if (token !== null && isLeftByTrust(decision, token)) {
      await forgetServedFull(transaction, token.id);
      await reportLeftByTrust(transaction, device, fetch.address, now);
    }
    if (token === null) {
      const because = fetch.finding.kind === 'none' ? fetch.finding.because : 'revoked';
      await reportClaim(transaction, { device, policy, decision, because, address: fetch.address, now });
    }
    const served = token ?? (await replaceToken(context, transaction, device, fetch, now));
    await noteServedFull(transaction, served, decision, provingTrust(decision, device.authentication), now);
    return { ...decision, tokenId: served.id, isNewToken: token === null };
  });
}

async function liveToken(transaction: Queryable, finding: TokenFinding, now: Date): Promise<Token | null> {
  const held = finding.kind === 'held' ? await findToken(transaction, finding.token.id) : null;
  return held !== null && isLive(held, now) ? held : null;
}

/**
 * What went out under trust has arrived, before anything is decided now. What was released has not
 * been come for in time.
 */
async function comeBack(
  transaction: Queryable,
  device: Device,
  token: Token | null,
  address: string | null,
  now: Date,
): Promise<Holder> {
  if (token === null) return { device, token };
  if (isReleaseLapsed(token, now)) {
    const left = await endLapsedReleases(transaction, device, now);
    return { device: left, token: { ...token, state: 'bootstrap', releasedAt: null } };
  }
  return isTrustedReturn(token, device.authentication)
    ? returnUnderTrust(transaction, device, token, address, now)
    : { device, token };
}

/**
 * A temporary network lets in only so many devices: who does not fit in any more comes from nowhere
 * in particular.
 */
async function decideAndAdmit(
  transaction: Queryable,
  { device, token }: Holder,
  fetch: ConfigurationFetch,
  policy: Policy,
  now: Date,
): Promise<AccessDecision> {
  const requested = { ...device, window: device };
  const decision = decideFetch(requested, fetch, token, now);
  const { network } = fetch.facts;
  if (decision.kind === 'minimal' || decision.reason !== 'temporary-network' || network === null)
    return decision;
  if (await admitDevice(transaction, network.id, device.id, policy.temporaryNetworkMaxDevices, now))
    return decision;
  const outside = { ...fetch, facts: { ...fetch.facts, network: null } };
  return decideFetch(requested, outside, token, now);
}

/**
 * Trust counts for a token that has proved nothing; and a phone is registered elsewhere from its
 * first full configuration on.
 */
async function noteServedFull(
  transaction: Queryable,
  { id, state, fullServedAt }: Token,
  decision: AccessDecision,
  under: ProvingTrust | null,
  now: Date,
): Promise<void> {
  const counts = under !== null && state === 'bootstrap';
  if (counts || (decision.kind === 'full' && fullServedAt === null))
    await markServedFull(transaction, id, counts ? under : null, now);
}

async function replaceToken(
  { masterKey }: ServiceContext,
  transaction: Queryable,
  device: Device,
  { finding, address }: ConfigurationFetch,
  now: Date,
): Promise<Token> {
  const token = await issueToken(transaction, device, { address, masterKey, now });
  // Its phone goes on with the new one: who is told by the old registration would never be seen to
  // fetch.
  if (finding.kind === 'none' && finding.endedId !== null)
    await deleteRegistration(transaction, finding.endedId);
  return token;
}
