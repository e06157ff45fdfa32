import type { FullDecision } from '../../domain/access.js';
import { rearm, succeed } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { RequestNetwork } from '../../domain/network.js';
import type { Policy } from '../../domain/policy.js';
import type { Token } from '../../domain/token.js';
import { contestOfReturn, isProvenByLastingTrust } from '../../domain/trust.js';
import { saveAuthentication, saveWindow, setAttention } from '../../store/devices.js';
import { deleteEntryLocks } from '../../store/entry-locks.js';
import { recordEvents } from '../../store/events.js';
import type { Queryable } from '../../store/store.js';
import { moveToken, takeBackProofs, tokensOfDevice } from '../../store/tokens.js';
import { SYSTEM, phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import { recordRepeatable } from '../audit/repeated-events.js';

/** A device that is locked, and the live token that was presented for it. */
export interface Holder {
  device: Device;
  token: Token | null;
}

/**
 * A phone came back with its token: it, and not somebody else who asked for its MAC, has what went
 * out with it. The token is proven, and where a full configuration had gone out under trust, the
 * device is successful. For a device that this transaction has locked; answers both as they then
 * are.
 */
export async function proveToken(
  transaction: Queryable,
  device: Device,
  token: Token,
  address: string | null,
  now: Date,
): Promise<{ device: Device; token: Token }> {
  await moveToken(transaction, token.id, [token.state], 'proven', now);
  const synced = await markSynced(transaction, device, now);
  return {
    device:
      token.state === 'bootstrap' ? await succeedByTrust(transaction, synced, token, address, now) : synced,
    token: { ...token, state: 'proven', used: true, lastUsedAt: now },
  };
}

/**
 * What went out under trust has arrived. That proves the phone if it is the only one that claims
 * the device; else nothing is proven, the phone is served for as long as the trust lasts, and an
 * administrator is told.
 */
export async function returnUnderTrust(
  transaction: Queryable,
  device: Device,
  token: Token,
  address: string | null,
  now: Date,
): Promise<Holder> {
  const tokens = await tokensOfDevice(transaction, device.id);
  const contest = contestOfReturn(token, device, tokens, now);
  if (contest === null) return proveToken(transaction, device, token, address, now);
  const about = { ...contest, trust: token.fullServedUnder };
  return { device: await reportContest(transaction, device, about, address, now), token };
}

/**
 * A second phone claims a device that is successful by trust alone. What the first one proved by
 * the trust that lasts ends:
 * both are served in full for as long as the trust lasts, and then the one whose user keys in the
 * fresh PAP. Answers the device as it then is.
 */
export async function endTrustedClaim(
  transaction: Queryable,
  device: Device,
  decision: FullDecision,
  claim: { network: RequestNetwork | null; policy: Policy; address: string | null; now: Date },
): Promise<Device> {
  const { network, policy, address, now } = claim;
  const proven = (await tokensOfDevice(transaction, device.id)).filter((token) =>
    isProvenByLastingTrust(token, decision, device.authentication, network),
  );
  if (proven.length === 0) return device;
  const ids = proven.map(({ id }) => id);
  await takeBackProofs(transaction, ids, now);
  const authentication = rearm(device.authentication, policy, now);
  await saveAuthentication(transaction, device.id, authentication);
  const about = { first: proven[0]?.lastFetchAddress ?? null, trust: device.authentication.authenticatedBy };
  const contested = await reportContest(transaction, { ...device, authentication }, about, address, now);
  await recordEvents(transaction, [
    deviceEvent(device, 'device.needed', SYSTEM, now, { because: 'contested' }),
  ]);
  return contested;
}

/**
 * Tells an administrator that several phones claim a device. The flag stays until it is taken away.
 */
export async function reportContest(
  transaction: Queryable,
  device: Device,
  about: Record<string, unknown>,
  address: string | null,
  now: Date,
): Promise<Device> {
  await recordRepeatable(transaction, [
    {
      subject: device.id,
      reason: typeof about['trust'] === 'string' ? about['trust'] : '',
      isNews: device.attention === null,
      event: deviceEvent(device, 'device.contested', phoneAt(address), now, about),
    },
  ]);
  if (device.attention !== null) return device;
  await setAttention(transaction, device.id, 'contested');
  return { ...device, attention: 'contested' };
}

/**
 * The device has come within its window, if it has one; from now on it is judged by its silence.
 */
async function markSynced(transaction: Queryable, device: Device, now: Date): Promise<Device> {
  if (device.firstSyncedAt !== null) return device;
  const synced: Device = { ...device, firstSyncedAt: now };
  await saveWindow(transaction, device.id, synced);
  return synced;
}

async function succeedByTrust(
  transaction: Queryable,
  device: Device,
  { fullServedUnder }: Token,
  address: string | null,
  now: Date,
): Promise<Device> {
  if (fullServedUnder === null || device.authentication.state === 'successful') return device;
  const authentication = succeed(device.authentication, fullServedUnder);
  await saveAuthentication(transaction, device.id, authentication);
  await deleteEntryLocks(transaction, device.id);
  await recordEvents(transaction, [
    deviceEvent(device, 'device.authenticated', phoneAt(address), now, { by: fullServedUnder }),
  ]);
  return { ...device, authentication };
}
