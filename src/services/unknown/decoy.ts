import { newAuthentication } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { completePolicy } from '../../domain/policy.js';
import { deriveDecoyId } from '../../domain/secrets.js';
import { newToken, type Token } from '../../domain/token.js';
import type { VendorId } from '../../domain/vendor-id.js';
import type { Queryable } from '../../store/store.js';
import { makeRoomForDecoy, restoreDecoy } from '../../store/unmanaged-devices.js';
import { makerOf } from '../../vendors/maker.js';
import type { ServiceContext } from '../context.js';
import { unmanagedDevice } from './unmanaged-device.js';

/** A decoy with an issued token. */
export interface Decoy {
  device: Device;
  token: Token;
}

/**
 * The decoy that a MAC has, whether it is stored or not. Its family is that of the MAC's maker, so
 * that it does not change between requests; where the maker is unknown, that of the file asked for.
 * It is locked as any device under the default policy is; its PAP is never shown, and not accepted.
 */
export function decoyOf(context: ServiceContext, mac: Mac, vendor: VendorId, now: Date): Device {
  return unmanagedDevice({
    id: deriveDecoyId(context.masterKey, mac),
    mac,
    kind: 'decoy',
    vendor: makerOf(mac) ?? vendor,
    authentication: newAuthentication(completePolicy({}), now),
    keyVersion: context.masterKey.version,
    createdAt: now,
  });
}

/**
 * A token that may have been issued for a decoy which has made room for others since. Nothing
 * remembers that; but its secret part is derived from the decoy's id, which never changes, so it
 * tells by itself whether it is one of ours.
 */
export function possibleToken(tokenId: string, decoy: Device, address: string | null, now: Date): Token {
  const { id: deviceId, keyVersion } = decoy;
  return { ...newToken({ id: tokenId, deviceId, keyVersion }, address, now), used: true };
}

export async function restoreDecoys(db: Queryable, decoys: readonly Decoy[]): Promise<void> {
  for (const { device, token } of decoys) {
    await makeRoomForDecoy(db);
    await restoreDecoy(db, device, token);
  }
}
