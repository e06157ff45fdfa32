import { setTimeout as pause } from 'node:timers/promises';
import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import {
  type BudgetUse,
  type GuessLimits,
  findSpentBudget,
  poolOf,
  spentByNextGuess,
} from '../../domain/guess-budget.js';
import type { Refusal } from '../../domain/entry.js';
import { countsLaterPhonesApart } from '../../domain/later-phones.js';
import type { Policy } from '../../domain/policy.js';
import { sourceOf, widerSource } from '../../domain/prefix.js';
import { type Guess, type GuessPlace, readBudgets, takeGuess } from '../../store/guesses.js';
import type { Queryable } from '../../store/store.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/** Who an address stands for: itself, or its /64. */
export function callerSource(address: string): string {
  return sourceOf(address)?.text ?? address;
}

/** A phone whose entry would be counted in the budgets. */
export interface Guesser {
  address: string;
  device: Pick<Device, 'id' | 'kind' | 'mac' | 'tenantId'>;
  policy: Pick<Policy, 'guessesPerHour' | 'maxAttempts' | 'lockoutScope'>;
  /** Whether it is the first phone of its device. */
  isFirst: boolean;
}

function guessOf({ address, device, isFirst }: Guesser, at: Date): Guess {
  const pool = poolOf(device.kind);
  return {
    at,
    source: callerSource(address),
    source56: widerSource(address, 56),
    source48: widerSource(address, 48),
    tenantId: device.tenantId,
    deviceId: device.id,
    pool,
    // Any MAC becomes an unclaimed phone, so being the first of one means nothing.
    isFirst: isFirst && pool !== 'code',
  };
}

function limitsOf({ installation }: ServiceContext, { device, policy }: Guesser): GuessLimits {
  return {
    source: installation.guesses.perSourcePerHour,
    tenant: device.tenantId === null ? null : policy.guessesPerHour,
    installation: installation.guesses.perHour,
    firstAttempts: policy.maxAttempts,
    firstAttemptsPastTenant: countsLaterPhonesApart(policy),
  };
}

/** Which budget would refuse an entry now, for what a caller is told; null: none. */
export async function refusalByBudget(
  context: ServiceContext,
  db: Queryable,
  guesser: Guesser,
  now: Date,
): Promise<Refusal | null> {
  return refuseByBudget(await readBudgets(db, guessOf(guesser, now), limitsOf(context, guesser)));
}

export function refuseByBudget(uses: readonly BudgetUse[]): Refusal | null {
  const spent = findSpentBudget(uses);
  return spent === null ? null : { kind: 'refused', because: 'budget', until: spent.until };
}

/**
 * How long, and how often, an entry waits for others that fill a budget and are being looked at.
 */
const UNDECIDED_PAUSE_MS = { step: 20, max: 500 };
const UNDECIDED_LOOKS = 40;

/**
 * Takes a place for an entry in all budgets, before anything is compared. A right entry gives it
 * back: so of many entries at once no more are judged than there are places, and the others wait
 * for a moment rather than be refused because of right ones.
 */
export async function takePlace(context: ServiceContext, guesser: Guesser): Promise<GuessPlace> {
  const limits = limitsOf(context, guesser);
  for (let looks = 1; ; looks += 1) {
    const place = await takeGuess(context.store.db, guessOf(guesser, context.clock.now()), limits);
    if (place.kind === 'taken' || looks === UNDECIDED_LOOKS) return place;
    if (findSpentBudget(place.uses)?.isUndecided !== true) return place;
    await pause(Math.min(UNDECIDED_PAUSE_MS.step * looks, UNDECIDED_PAUSE_MS.max));
  }
}

/**
 * The audit log's lines for the budgets that a wrong entry spent: one for each, and none for
 * entries after it.
 */
export function spentEvents(
  { device }: Pick<Guesser, 'device'>,
  uses: readonly BudgetUse[],
  caller: Actor,
  now: Date,
): NewEvent[] {
  return spentByNextGuess(uses)
    .filter(({ budget }) => device.kind !== 'decoy' || budget === 'source')
    .map(({ budget, limit }) => ({
      ...deviceEvent(device, 'budget.spent', caller, now, { budget, limit }),
      // Nothing is written of a decoy: it is no tenant's, and there may be any number of them.
      ...(device.kind === 'decoy' && { mac: null }),
    }));
}
