import type { Device } from '../../domain/device.js';
import { completePolicy } from '../../domain/policy.js';
import type { MasterKey } from '../../domain/secrets.js';
import { type Token, isReleaseLapsed } from '../../domain/token.js';
import { lockDevice, saveAuthentication, saveWindow, setAttention } from '../../store/devices.js';
import { deleteEntryLocks } from '../../store/entry-locks.js';
import { recordEvents } from '../../store/events.js';
import { admitDevice } from '../../store/network-devices.js';
import { restartProgress } from '../../store/progress.js';
import { deleteRegistration } from '../../store/registrations.js';
import type { Queryable } from '../../store/store.js';
import {
  forgetServedFull,
  markServedFull,
  moveToken,
  revokeTokens,
  takeBackProofs,
  tokensOfDevice,
} from '../../store/tokens.js';
import { recordRepeatable } from '../audit/repeated-events.js';
import { endLapsedReleases } from '../authentication/release-expiry.js';
import type { ServiceContext } from '../context.js';
import type { FetchCase, FetchChange, FetchEvent, FetchPlan } from './draft.js';
import type { ConfigurationFetch, ServedConfiguration } from './fetch-decision.js';
import { issueToken } from './issue-token.js';
import { planFetch, presentedToken } from './plan.js';

/**
 * Serves a fetch that changes something. The plan is made and written while the device's row is
 * locked, so that what is written here does not outlive a reset that came first. Answers null when
 * the device has gone.
 */
export async function serveUnderLock(
  context: ServiceContext,
  { facts, finding, address, isContradictory = false }: ConfigurationFetch,
): Promise<ServedConfiguration | null> {
  return context.store.transaction(async (transaction) => {
    const device = await lockDevice(transaction, { id: facts.deviceId });
    if (device === null) return null;
    const now = context.clock.now();
    const policy = completePolicy(facts.policy);
    const tokens = await tokensOfDevice(transaction, device.id);
    const { network } = facts;
    const fetch = { device, tokens, finding, policy, network, address, isContradictory, now };

    const plan = await planAndAdmit(transaction, await withoutLapsedReleases(transaction, fetch));
    for (const change of plan.changes) await applyChange(transaction, device.id, change, now);
    await writeEvents(transaction, plan.events);
    const token = plan.token ?? (await replaceToken(transaction, fetch, plan, context.masterKey));
    if (plan.servedFull !== null) await markServedFull(transaction, token.id, plan.servedFull.under, now);
    return { ...plan.decision, tokenId: token.id, isNewToken: plan.token === null };
  });
}

/** A release that the presented token did not use in time is ended before the plan is made. */
async function withoutLapsedReleases(transaction: Queryable, fetch: FetchCase): Promise<FetchCase> {
  const token = presentedToken(fetch);
  if (token === null || !isReleaseLapsed(token, fetch.now)) return fetch;
  const device: Device = await endLapsedReleases(transaction, fetch.device, fetch.now);
  return { ...fetch, device };
}

/**
 * A temporary network lets in only so many devices. When the last place has gone meanwhile, the
 * fetch is planned again as one from no network.
 */
async function planAndAdmit(transaction: Queryable, fetch: FetchCase): Promise<FetchPlan> {
  const plan = planFetch(fetch);
  const { device, network, policy, now } = fetch;
  if (plan.decision.reason !== 'temporary-network' || network === null) return plan;
  if (await admitDevice(transaction, network.id, device.id, policy.temporaryNetworkMaxDevices, now))
    return plan;
  return planFetch({ ...fetch, network: null });
}

async function applyChange(
  transaction: Queryable,
  deviceId: string,
  change: FetchChange,
  now: Date,
): Promise<void> {
  switch (change.kind) {
    case 'authentication':
      await saveAuthentication(transaction, deviceId, change.authentication, now);
      // A fresh PAP for what was lost: its phone begins anew, as after a reset.
      if (change.authentication.state !== 'successful') await restartProgress(transaction, deviceId, now);
      return undefined;
    case 'window':
      return saveWindow(transaction, deviceId, change.window);
    case 'attention':
      return setAttention(transaction, deviceId, change.attention);
    case 'entry-locks-deleted':
      return deleteEntryLocks(transaction, deviceId);
    case 'token-proven':
      await moveToken(transaction, change.tokenId, [change.from], 'proven', now);
      return undefined;
    case 'token-revoked':
      await revokeTokens(transaction, deviceId, [change.tokenId]);
      return deleteRegistration(transaction, change.tokenId);
    case 'proofs-taken-back':
      return takeBackProofs(transaction, change.tokenIds, now);
    case 'served-full-forgotten':
      return forgetServedFull(transaction, change.tokenId);
  }
}

async function writeEvents(transaction: Queryable, events: readonly FetchEvent[]): Promise<void> {
  for (const event of events) {
    if (event.kind === 'once') await recordEvents(transaction, [event.event]);
    else await recordRepeatable(transaction, [event.repeatable]);
  }
}

/**
 * Issues the token that the configuration carries. The registration of the ended token that it
 * replaces is deleted: a NOTIFY to that registration would never be followed by a fetch with it.
 */
async function replaceToken(
  transaction: Queryable,
  { device, address, now }: FetchCase,
  { replacedTokenId }: FetchPlan,
  masterKey: MasterKey,
): Promise<Token> {
  const token = await issueToken(transaction, device, { address, masterKey, now });
  if (replacedTokenId !== null) await deleteRegistration(transaction, replacedTokenId);
  return token;
}
