import {
  type DistantLine,
  type ConfiguredPhone,
  findDistantLines,
  findConfiguredPhones,
} from '../../store/configured-phones.js';
import { type StoredRegistration, liveRegistrations } from '../../store/registrations.js';
import type { Resync } from '../../store/resyncs.js';
import type { Queryable } from '../../store/store.js';

/**
 * A phone of a device, and how it can be told: where it registered here, through the registrar of a
 * line, or both.
 */
export interface ReachablePhone {
  deviceId: string;
  tokenId: string;
  registrations: readonly StoredRegistration[];
  /** Since it has its full configuration, it may be registered where its lines say. */
  distant: ConfiguredPhone | null;
  /** Those lines. */
  lines: readonly DistantLine[];
}

/**
 * The phones of these devices that can be told anything. A phone with its full configuration
 * registers at its operator's registrar and no more here; for a while its last registration here
 * goes on, so that it is told in both ways: which of the two it has left is not known.
 */
export async function reachablePhones(
  db: Queryable,
  deviceIds: readonly string[],
  now: Date,
): Promise<ReachablePhone[]> {
  const registrations = await liveRegistrations(db, deviceIds, now);
  const here = (phone: { tokenId: string }): StoredRegistration[] =>
    registrations.filter(({ tokenId }) => tokenId === phone.tokenId);
  const isAway = (phone: ConfiguredPhone): boolean =>
    here(phone).every(({ registeredAt }) => registeredAt < phone.fullServedAt);
  const away = (await findConfiguredPhones(db, deviceIds)).filter(isAway);
  const lines = await findDistantLines(
    db,
    away.map(({ deviceId }) => deviceId),
  );

  const phones = new Map<string, ReachablePhone>();
  for (const { deviceId, tokenId } of registrations) {
    const own = here({ tokenId });
    phones.set(tokenId, { deviceId, tokenId, registrations: own, distant: null, lines: [] });
  }
  for (const distant of away) {
    const { deviceId, tokenId } = distant;
    const ofDevice = lines.filter((line) => line.deviceId === deviceId);
    const own = here(distant);
    if (own.length + ofDevice.length > 0)
      phones.set(tokenId, { deviceId, tokenId, registrations: own, distant, lines: ofDevice });
  }
  return [...phones.values()];
}

/**
 * The line through whose registrar a phone is told this; another one each time, for one of them may
 * not be registered. null when it cannot be reached so. A phone whose token was revoked has still
 * got its lines, until it has fetched; after that it is one that registers here.
 */
export function lineToTell({ distant, lines }: ReachablePhone, resync: Resync): DistantLine | null {
  if (distant === null) return null;
  const isBack = distant.isRevoked && distant.isSucceeded;
  if (isBack && resync.reason !== 'reset') return null;
  return lines[resync.sent % lines.length] ?? null;
}
