import type { AccessDecision } from '../../domain/access.js';
import type { Device } from '../../domain/device.js';
import type { Policy } from '../../domain/policy.js';
import { sourceText } from '../../domain/prefix.js';
import { type Token, isLive } from '../../domain/token.js';
import { isSilent, isWindowFor, shutWindow } from '../../domain/window.js';
import { saveWindow, setAttention } from '../../store/devices.js';
import { deleteRegistration } from '../../store/registrations.js';
import type { Queryable } from '../../store/store.js';
import { revokeTokens, tokensOfDevice } from '../../store/tokens.js';
import { isFallenSilent } from './fetch-decision.js';
import { type Holder, proveToken, reportContest } from './trusted-return.js';

/** A decision that was made under the lock, and what it was made by. */
export interface LockedDecision {
  decision: AccessDecision;
  policy: Policy;
  address: string | null;
  now: Date;
}

/**
 * What coming with a token says of the window: the first sync, or a silence that was too long. A
 * released token is proven by its use.
 */
export async function keepSynced(
  transaction: Queryable,
  { device, token }: Holder,
  { decision, policy, address, now }: LockedDecision,
): Promise<Holder> {
  if (token === null) return { device, token };
  if (isFallenSilent(decision, device, token, now)) {
    return endSilence(transaction, device, token, policy, now);
  }
  if (decision.kind === 'minimal' || decision.reason !== 'token') return { device, token };
  if (token.state === 'proven' && device.firstSyncedAt !== null) return { device, token };
  return proveToken(transaction, device, token, address, now);
}

/**
 * A phone comes back after too long. From now on it waits, however often it asks, until an
 * administrator approves. Where the device has another phone that has proved itself and was seen
 * since, that is the device's phone: what comes back is a leftover, and shuts nobody out.
 */
async function endSilence(
  transaction: Queryable,
  device: Device,
  token: Token,
  policy: Policy,
  now: Date,
): Promise<Holder> {
  const tokens = await tokensOfDevice(transaction, device.id);
  if (tokens.some((other) => other.state === 'proven' && !isSilent(other, policy, now))) {
    await revokeTokens(transaction, device.id, [token.id]);
    await deleteRegistration(transaction, token.id);
    return { device, token: null };
  }
  const window = shutWindow(device, now);
  await saveWindow(transaction, device.id, window);
  if (device.attention === null) await setAttention(transaction, device.id, 'inactive');
  return { device: { ...device, ...window, attention: device.attention ?? 'inactive' }, token };
}

/**
 * Under the policy `window`, who is served in full first while it is open has it, whatever else
 * spoke for him. Those who wait elsewhere with a token of their own will be turned away without
 * another word: so they are reported here.
 */
export async function keepClaim(
  transaction: Queryable,
  { device, token }: Holder,
  { decision, policy, address, now }: LockedDecision,
): Promise<Device> {
  if (decision.kind === 'minimal' || policy.secondFactor !== 'window') return device;
  const source = sourceText(address);
  if (device.windowClaimedBy !== null || !isWindowFor(device, source, now)) return device;
  const claimed: Device = { ...device, windowClaimedBy: source };
  await saveWindow(transaction, device.id, claimed);
  return token === null ? claimed : reportRival(transaction, claimed, token, now);
}

async function reportRival(
  transaction: Queryable,
  device: Device,
  claimant: Token,
  now: Date,
): Promise<Device> {
  const tokens = await tokensOfDevice(transaction, device.id);
  const rival = tokens.find(
    (token) =>
      token.id !== claimant.id &&
      token.state === 'bootstrap' &&
      isLive(token, now) &&
      sourceText(token.issuedTo) !== device.windowClaimedBy,
  );
  if (rival === undefined) return device;
  return reportContest(transaction, device, { first: device.windowClaimedBy }, rival.issuedTo, now);
}
