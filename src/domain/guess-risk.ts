import { FIRST_ATTEMPTS_SECONDS, GUESS_SECONDS } from './guess-budget.js';
import { countsLaterPhonesApart, laterEntriesPerLock } from './later-phones.js';
import type { Policy } from './policy.js';

/** 365 days. */
export const YEAR_SECONDS = 365 * 86_400;

type RiskPolicy = Pick<
  Policy,
  'maxAttempts' | 'maxLockouts' | 'lockoutSeconds' | 'lockoutScope' | 'guessesPerHour' | 'papLifetimeSeconds'
>;

/** Devices of a tenant that wait for a PAP of so many digits. */
export interface WaitingDevices {
  tenantId: string;
  devices: number;
  papDigits: number;
  policy: RiskPolicy;
}

/** Wrong guesses in an hour, from one source and in all. */
export interface HourlyBudgets {
  perSourcePerHour: number;
  perHour: number;
}

/** What an attacker can do to the waiting devices, and how likely it is to succeed. */
export interface GuessRisk {
  /** The chance that at least one PAP is guessed within the time. */
  chance: number;
  /**
   * Guesses that the budgets of the source and of the installation allow within the time, the first
   * attempts of each day aside.
   */
  budget: number;
  /** Those that come to be made: no more than it takes to have every waiting device blocked. */
  guesses: number;
  perDevice: DeviceRisk[];
}

/** One group of waiting devices, in the order of the input. */
export interface DeviceRisk {
  /** Wrong guesses at one device before it is blocked, or the time is over. */
  guessesPerDevice: number;
  /** The chance to guess the PAP of one such device. */
  chancePerDevice: number;
  /** Guesses that are made at this group. */
  guesses: number;
}

/** `one`: everything comes from one source address; `any`: from any number of them. */
export type Sources = 'one' | 'any';

/**
 * A source's guesses as the first phone of a device and as a later one are counted apart, so it has
 * its budget twice.
 */
const SOURCE_BUDGETS = 2;

/**
 * The greatest chance that an attacker who knows every MAC, and nothing else, guesses a PAP within
 * `seconds`; the formula of docs/security.md. PAPs are independent of each other, and no guess is
 * repeated, so g guesses at a PAP of d digits hit with g / 10^d exactly. The most comes of spending
 * what the budgets allow on the shortest PAPs, device by device. The attacker is taken to be the
 * first phone of every device, too.
 */
export function guessRisk(
  waiting: readonly WaitingDevices[],
  budgets: HourlyBudgets,
  sources: Sources,
  seconds: number = YEAR_SECONDS,
): GuessRisk {
  const ofSource = sources === 'one' ? SOURCE_BUDGETS * budgets.perSourcePerHour : Number.POSITIVE_INFINITY;
  const perHour = Math.min(ofSource, budgets.perHour);
  const budget = perHour * hoursOf(seconds);
  const groups = waiting.map((group) => limitsOf(group, sources, seconds));
  const leftOfTenant = new Map<string, number>();
  let left = budgets.perHour * hoursOf(seconds);
  let leftOfSource = ofSource * hoursOf(seconds);
  let logOfNone = 0;
  for (const group of groups.toSorted(byWorth)) {
    const { devices, firstAttempts, pastTenant } = group;
    const leftHere = leftOfTenant.get(group.tenantId) ?? group.tenantBudget;
    const past = devices * firstAttempts;
    const pastHere = pastTenant ? past : 0;
    group.guesses = Math.min(
      devices * group.guessesPerDevice,
      left + past,
      leftHere + pastHere,
      leftOfSource,
    );
    left -= Math.max(0, group.guesses - past);
    leftOfSource -= group.guesses;
    leftOfTenant.set(group.tenantId, leftHere - Math.max(0, group.guesses - pastHere));
    logOfNone += logOfNoHit(group);
  }
  const guesses = groups.reduce((sum, group) => sum + group.guesses, 0);
  return {
    chance: Math.abs(Math.expm1(logOfNone)),
    budget,
    guesses,
    perDevice: groups.map((group) => ({
      guessesPerDevice: group.guessesPerDevice,
      chancePerDevice: group.guessesPerDevice / 10 ** group.papDigits,
      guesses: group.guesses,
    })),
  };
}

interface Limits {
  tenantId: string;
  devices: number;
  papDigits: number;
  guessesPerDevice: number;
  tenantBudget: number;
  /**
   * At each device, of the guesses there, those that pass the installation's budget; and whether
   * they pass the tenant's, too.
   */
  firstAttempts: number;
  pastTenant: boolean;
  guesses: number;
}

function limitsOf(
  { tenantId, devices, papDigits, policy }: WaitingDevices,
  sources: Sources,
  seconds: number,
): Limits {
  // A PAP that has lapsed opens nothing: what is not tried by then is not tried at all.
  const time = Math.min(seconds, policy.papLifetimeSeconds ?? seconds);
  const tenantBudget = policy.guessesPerHour * hoursOf(time);
  const possible = 10 ** papDigits;
  const days = Math.ceil(time / FIRST_ATTEMPTS_SECONDS);
  const guessesPerDevice = Math.min(guessesAtDevice(policy, sources, time), possible);
  return {
    tenantId,
    devices,
    papDigits,
    guessesPerDevice,
    tenantBudget,
    firstAttempts: Math.min(policy.maxAttempts * days, guessesOfFirstPhone(policy, time), guessesPerDevice),
    pastTenant: countsLaterPhonesApart(policy),
    guesses: 0,
  };
}

/**
 * Guesses at one device within `seconds`: those of its first phone and, where they are counted
 * apart, those of later phones. A device that is locked refuses both, so an attacker has the locks
 * begin together, and blocks the device last.
 */
function guessesAtDevice(policy: RiskPolicy, sources: Sources, seconds: number): number {
  const ofFirst = guessesOfFirstPhone(policy, seconds);
  if (!countsLaterPhonesApart(policy)) return ofFirst;
  const perLock = laterEntriesPerLock(policy);
  // One source alone is locked out after `maxAttempts` of them, so that a lock of all later phones
  // takes it longer.
  const atOnce = sources === 'one' ? policy.maxAttempts : perLock;
  return ofFirst + Math.min(perLock * policy.maxLockouts, atOnce * roundsOf(policy, seconds));
}

/** So many as lock the device, again after each lock, until it is blocked. */
function guessesOfFirstPhone(policy: RiskPolicy, seconds: number): number {
  return policy.maxAttempts * Math.min(policy.maxLockouts, roundsOf(policy, seconds));
}

function roundsOf({ lockoutSeconds }: RiskPolicy, seconds: number): number {
  return Math.ceil(seconds / lockoutSeconds);
}

/** Hours that have begun: a budget can be spent at once when one begins. */
function hoursOf(seconds: number): number {
  return Math.ceil(seconds / GUESS_SECONDS);
}

/**
 * Shorter PAPs first; then the devices that bear more guesses, for each guess at one makes the next
 * at the same more likely to be right.
 */
function byWorth(a: Limits, b: Limits): number {
  return a.papDigits - b.papDigits || b.guessesPerDevice - a.guessesPerDevice;
}

/**
 * The logarithm of the chance that none of a group's guesses is right: as many devices as possible
 * are tried to the last, one with what is left.
 */
function logOfNoHit({ guesses, guessesPerDevice, papDigits }: Limits): number {
  const possible = 10 ** papDigits;
  const tried = Math.floor(guesses / guessesPerDevice);
  const rest = guesses % guessesPerDevice;
  return (tried === 0 ? 0 : tried * Math.log1p(-guessesPerDevice / possible)) + Math.log1p(-rest / possible);
}
