/** A device, its tokens and its networks, from which the cases of a fetch are made. */
import assert from 'node:assert/strict';
import { type Authentication, newAuthentication, succeed } from '../../../src/domain/authentication.js';
import type { Device } from '../../../src/domain/device.js';
import { parseMac } from '../../../src/domain/mac.js';
import type { RequestNetwork } from '../../../src/domain/network.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { addSeconds } from '../../../src/domain/time.js';
import { type Token, newToken } from '../../../src/domain/token.js';
import type { FetchCase } from '../../../src/services/fetch/draft.js';

export const NOW = new Date('2026-03-02T09:00:00Z');
export const ago = (seconds: number): Date => addSeconds(NOW, -seconds);
export const HOME = '192.0.2.1';
export const ELSEWHERE = '192.0.2.99';

export const NEEDED = newAuthentication(DEFAULT_POLICY, ago(7200));
export const BY_PAP = succeed(NEEDED, 'pap');
export const BY_NETWORK = succeed(NEEDED, 'network');
export const suspendedSince = (seconds: number, authentication: Authentication): Authentication => ({
  ...authentication,
  suspendedAt: ago(seconds),
  suspendedUntil: addSeconds(NOW, 600),
});

const mac = parseMac('000413000001');
assert.ok(mac !== null);
export const DEVICE: Device = {
  id: 'device',
  mac,
  kind: 'managed',
  vendor: 'snom',
  model: null,
  label: null,
  serialNumber: null,
  tenantId: 'tenant',
  siteId: null,
  settings: {},
  authentication: NEEDED,
  attention: null,
  lastProvisionedAt: null,
  lastSeenAt: null,
  lastSeenAddress: null,
  keyVersion: 1,
  createdAt: ago(7200),
  firstSyncUntil: null,
  firstSyncedAt: null,
  windowClaimedBy: null,
};
export const SYNCED: Device = { ...DEVICE, authentication: BY_PAP, firstSyncedAt: ago(3600) };
export const OPEN: Device = { ...DEVICE, firstSyncUntil: addSeconds(NOW, 600) };

export const NETWORK: RequestNetwork = {
  id: 'network',
  prefix: '192.0.2.0/24',
  kind: 'temporary',
  openedAt: ago(3600),
  expiresAt: addSeconds(NOW, 600),
  devices: 1,
  hasDevice: false,
};
export const PERMANENT: RequestNetwork = { ...NETWORK, kind: 'permanent', expiresAt: null };

export function token(id: string, change: Partial<Token> = {}, address = HOME): Token {
  return { ...newToken({ id, deviceId: 'device', keyVersion: 1 }, address, ago(600)), ...change };
}
export const BOOTSTRAP = token('own');
export const RELEASED = token('own', { state: 'released', releasedAt: ago(60) });
export const PROVEN = token('own', { state: 'proven', fullServedAt: ago(300) });
export const UNDER_NETWORK = token('own', { fullServedAt: ago(300), fullServedUnder: 'network' });
export const RIVAL = token('rival', { used: true, lastUsedAt: ago(1) }, ELSEWHERE);

export const WINDOW = { ...DEFAULT_POLICY, secondFactor: 'window' as const };
export const PAP_AND_WINDOW = { ...DEFAULT_POLICY, secondFactor: 'pap+window' as const };
export const REARM = { ...DEFAULT_POLICY, onLostConfiguration: 'rearm' as const };
export const OBSERVE = { ...DEFAULT_POLICY, enforce: false };

/** A case, and what is planned for it. */
export interface FetchRow {
  device?: Device;
  /** The token presented; null: none. */
  held?: Token | null;
  others?: Token[];
  because?: 'missing' | 'other-device';
  request?: Partial<Pick<FetchCase, 'policy' | 'network' | 'address' | 'isContradictory'>>;
  served: string;
  changes?: string[];
  events?: string[];
  /** Of the configuration that is recorded as served in full; `-`: not recorded. */
  under?: string;
}

export function caseOf({
  device = DEVICE,
  held = null,
  others = [],
  because = 'missing',
  request,
}: FetchRow): FetchCase {
  return {
    device,
    tokens: held === null ? others : [held, ...others],
    finding: held === null ? { kind: 'none', because, endedId: null } : { kind: 'held', token: held },
    policy: DEFAULT_POLICY,
    network: null,
    address: HOME,
    isContradictory: false,
    now: NOW,
    ...request,
  };
}
