import { GUESS_SECONDS } from './guess-budget.js';
import type { Policy } from './policy.js';
import { wrongEntriesPerLock } from './source-lock.js';

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

/** What an attacker can do to the waiting devices, and how likely it is that he succeeds. */
export interface GuessRisk {
  /** The chance that he guesses at least one PAP within the time. */
  chance: number;
  /** Guesses that he can make at all within the time, by the budgets. */
  budget: number;
  /** Those of them that come to be made: no more than it takes to have every waiting device blocked. */
  guesses: number;
  perDevice: DeviceRisk[];
}

/** One group of waiting devices, in the order of the input. */
export interface DeviceRisk {
  /** Wrong guesses at one device before it is blocked, or the time is over. */
  guessesPerDevice: number;
  /** The chance to guess the PAP of one such device. */
  chancePerDevice: number;
  /** Guesses that the budgets leave for this group. */
  guesses: number;
}

/** `one`: everything comes from one source address; `any`: from as many as he likes. */
export type Sources = 'one' | 'any';

/**
 * The greatest chance that somebody who knows every MAC, and nothing else, guesses a PAP within `seconds`; the formula of docs/security.md. PAPs are
 * independent of each other, and he repeats no guess, so g guesses at a PAP of d digits hit with g / 10^d exactly. The most comes of spending what
 * the budgets allow on the shortest PAPs, device by device.
 */
export function guessRisk(
  waiting: readonly WaitingDevices[],
  budgets: HourlyBudgets,
  sources: Sources,
  seconds: number = YEAR_SECONDS,
): GuessRisk {
  const perHour = sources === 'one' ? Math.min(budgets.perSourcePerHour, budgets.perHour) : budgets.perHour;
  const budget = perHour * hoursOf(seconds);
  const groups = waiting.map((group) => limitsOf(group, perHour, sources, seconds));
  const leftOfTenant = new Map<string, number>();
  let left = budget;
  let logOfNone = 0;
  for (const group of groups.toSorted(byWorth)) {
    const leftHere = leftOfTenant.get(group.tenantId) ?? group.tenantBudget;
    group.guesses = Math.min(left, leftHere, group.devices * group.guessesPerDevice);
    left -= group.guesses;
    leftOfTenant.set(group.tenantId, leftHere - group.guesses);
    logOfNone += logOfNoHit(group);
  }
  return {
    chance: Math.abs(Math.expm1(logOfNone)),
    budget,
    guesses: budget - left,
    perDevice: groups.map(({ guessesPerDevice, guesses, papDigits }) => ({
      guessesPerDevice,
      chancePerDevice: guessesPerDevice / 10 ** papDigits,
      guesses,
    })),
  };
}

interface Limits {
  tenantId: string;
  devices: number;
  papDigits: number;
  guessesPerDevice: number;
  tenantBudget: number;
  guesses: number;
}

function limitsOf(
  { tenantId, devices, papDigits, policy }: WaitingDevices,
  perHour: number,
  sources: Sources,
  seconds: number,
): Limits {
  // A PAP that has lapsed is dead: what is not tried by then is not tried at all.
  const time = Math.min(seconds, policy.papLifetimeSeconds ?? seconds);
  const tenantBudget = Math.min(perHour, policy.guessesPerHour) * hoursOf(time);
  const perDevice = Math.min(guessesAtDevice(policy, sources, time), 10 ** papDigits);
  return { tenantId, devices, papDigits, guessesPerDevice: perDevice, tenantBudget, guesses: 0 };
}

/**
 * Guesses at one device within `seconds`: so many as lock it, again after each lock, until it is blocked. One source alone is locked out after
 * `maxAttempts` of them, where the policy locks sources, so that a lock of the device takes him longer.
 */
function guessesAtDevice(policy: RiskPolicy, sources: Sources, seconds: number): number {
  const perLock = wrongEntriesPerLock(policy);
  const atOnce = sources === 'one' ? policy.maxAttempts : perLock;
  const rounds = Math.ceil(seconds / policy.lockoutSeconds);
  return Math.min(perLock * policy.maxLockouts, atOnce * rounds);
}

/** Hours that have begun: a budget can be spent at once when one begins. */
function hoursOf(seconds: number): number {
  return Math.ceil(seconds / GUESS_SECONDS);
}

/** Shorter PAPs first; then the devices that bear more guesses, for each guess at one makes the next at the same more likely to be right. */
function byWorth(a: Limits, b: Limits): number {
  return a.papDigits - b.papDigits || b.guessesPerDevice - a.guessesPerDevice;
}

/** The logarithm of the chance that none of a group's guesses is right: as many devices as possible are tried to the last, one with what is left. */
function logOfNoHit({ guesses, guessesPerDevice, papDigits }: Limits): number {
  const possible = 10 ** papDigits;
  const tried = Math.floor(guesses / guessesPerDevice);
  const rest = guesses % guessesPerDevice;
  return (tried === 0 ? 0 : tried * Math.log1p(-guessesPerDevice / possible)) + Math.log1p(-rest / possible);
}
