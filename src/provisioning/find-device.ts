import type { Mac } from '../domain/mac.js';
import { tokenIdOf } from '../domain/secrets.js';
import { opensFull } from '../domain/token.js';
import { findHeldToken, type TokenFinding } from '../services/fetch/fetch-token.js';
import type { FetchFacts } from '../store/fetch-lookup.js';
import { guessVendor, vendorOf } from '../vendors/index.js';
import type { DocumentRole, RequestedFile, Vendor } from '../vendors/vendor.js';
import type { FetchContext, FetchRequest } from './fetch-context.js';
import type { ProvisioningTarget } from './request-target.js';

/** A device, the role of the file in its vendor family, and the token that was presented. */
export interface FoundDevice {
  facts: FetchFacts;
  vendor: Vendor;
  role: DocumentRole;
  finding: TokenFinding;
}

export type DeviceFinding =
  | { kind: 'found'; device: FoundDevice }
  | { kind: 'none' }
  /** The source asks too often. */
  | { kind: 'throttled'; retryAfterSeconds: number };

/**
 * Finds the device that a file belongs to: a managed one, or what an unknown MAC is given. A fetch
 * without a token is counted by the throttle before the look-up; one whose token turns out to be
 * invalid, or to have proved nothing, after it. A fetch for a MAC of no managed device is noted.
 */
export async function findAskedDevice(
  context: FetchContext,
  request: FetchRequest,
  { presented, file }: ProvisioningTarget,
  mac: Mac,
): Promise<DeviceFinding> {
  const { clock, throttle, notes, lookups, unknown } = context;
  const { client, userAgent } = request;
  const { address } = client;
  const tokenId = presented === null ? null : tokenIdOf(presented);
  const early = tokenId === null ? throttle.take(address, clock.now()) : null;
  if (early !== null) return { kind: 'throttled', retryAfterSeconds: early };

  await notes.room();
  const key = { mac, presented, address };
  const known = unknown.known(await lookups.lookUp(key));
  const vendor = known?.kind === 'managed' ? null : guessVendor(file, userAgent ?? '');
  const stranger = vendor === null ? null : { mac, vendor, tokenId, address };
  const prospect = known !== null || stranger === null ? null : unknown.foresee(stranger);
  const device = deviceOf(context, known ?? prospect?.facts ?? null, file, presented);
  const late = tokenId === null ? null : throttleByToken(context, mac, device, address);
  if (late !== null) return { kind: 'throttled', retryAfterSeconds: late };

  if (vendor !== null) notes.addKnock({ mac, vendor, address, userAgent, at: clock.now() });
  if (device === null) return { kind: 'none' };
  // A HEAD request, and a boot file, which is the same for every device, create nothing.
  if (prospect === null || request.method !== 'GET' || device.role === 'boot')
    return { kind: 'found', device };
  switch (await unknown.keep(prospect, device.finding, address)) {
    case 'kept':
      return { kind: 'found', device };
    case 'no-room':
      return { kind: 'none' };
    case 'taken': {
      const present = deviceOf(context, await lookups.lookUp(key), file, presented);
      return present === null ? { kind: 'none' } : { kind: 'found', device: present };
    }
  }
}

/**
 * Counts a fetch with a token, once it is looked up; one that opens the full configuration is free.
 */
function throttleByToken(
  { throttle, unprovenThrottle, clock }: FetchContext,
  mac: Mac,
  device: FoundDevice | null,
  address: string | null,
): number | null {
  const now = clock.now();
  if (device === null || device.finding.kind === 'none') return throttle.take(address, now);
  return opensFull(device.finding.token, now) ? null : unprovenThrottle.take(mac, address, now);
}

/**
 * The device, with the role of the file in its own vendor family: several families use the same
 * names. null where the file has no role there, or there is no device.
 */
function deviceOf(
  { masterKey, clock }: FetchContext,
  facts: FetchFacts | null,
  file: RequestedFile,
  presented: string | null,
): FoundDevice | null {
  const vendor = facts === null ? null : vendorOf(facts.vendor);
  const recognised = vendor?.recogniseFile(file) ?? null;
  if (facts === null || vendor === null || recognised?.kind !== 'device' || recognised.mac !== facts.mac)
    return null;
  const finding = findHeldToken(masterKey, facts, presented, clock.now());
  return { facts, vendor, role: recognised.role, finding };
}
