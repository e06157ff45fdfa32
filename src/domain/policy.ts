/**
 * What the second factor of a tenant is. `pap` is the leaflet's PIN by telephone; the others come
 * from neighbouring schemes.
 */
export const SECOND_FACTORS = ['pap', 'window', 'pap+window', 'none'] as const;
export type SecondFactor = (typeof SECOND_FACTORS)[number];

/** A tenant's settings for authentication and provisioning. Durations are seconds. */
export interface Policy {
  secondFactor: SecondFactor;
  /** Only the token counts: a PAP success opens no temporary network. */
  strict: boolean;
  /** false observes: everybody is served full, and the audit log says what would have happened. */
  enforce: boolean;
  /** Wrong PAPs in a row before a lock. */
  maxAttempts: number;
  lockoutSeconds: number;
  /** The lock that would be this many-th blocks the device for good. */
  maxLockouts: number;
  suspensionSeconds: number;
  temporaryNetworkSeconds: number;
  temporaryNetworkMaxSeconds: number;
  temporaryNetworkMaxDevices: number;
  firstSyncSeconds: number;
  inactiveSeconds: number;
  papDigits: number;
  /** null: a PAP is valid until it has been used, as the leaflet has it. */
  papLifetimeSeconds: number | null;
  onLostConfiguration: 'manual' | 'rearm';
  lockoutScope: 'device' | 'device-and-source';
  /** Wrong guesses that the whole tenant may make in an hour. */
  guessesPerHour: number;
}

const DAY = 86_400;

/**
 * The leaflet's values (three attempts, 30 minutes, eight hours); see docs/operating.md for the
 * others.
 */
export const DEFAULT_POLICY: Policy = {
  secondFactor: 'pap',
  strict: false,
  enforce: true,
  maxAttempts: 3,
  lockoutSeconds: 1800,
  maxLockouts: 3,
  suspensionSeconds: 1800,
  temporaryNetworkSeconds: 28_800,
  temporaryNetworkMaxSeconds: 7 * DAY,
  temporaryNetworkMaxDevices: 200,
  firstSyncSeconds: 30 * DAY,
  inactiveSeconds: 60 * DAY,
  papDigits: 6,
  papLifetimeSeconds: null,
  onLostConfiguration: 'manual',
  lockoutScope: 'device',
  guessesPerHour: 300,
};

/** The range of every numeric policy value, both ends included. */
export const DURATION_SECONDS = { min: 1, max: 10 * 365 * DAY } as const;
export const COUNT = { min: 1, max: 1000 } as const;
export const PAP_DIGITS = { min: 6, max: 10 } as const;

/**
 * A tenant stores only what differs from the defaults, so that a new default reaches every tenant
 * that never chose.
 */
export function completePolicy(stored: Partial<Policy>): Policy {
  return { ...DEFAULT_POLICY, ...stored };
}
