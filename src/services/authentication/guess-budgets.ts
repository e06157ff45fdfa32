import type { Device } from '../../domain/device.js';
import type { NewEvent } from '../../domain/events.js';
import {
  type BudgetUse,
  findSpentBudget,
  forgottenUntil,
  spentByNextGuess,
} from '../../domain/guess-budget.js';
import type { Refusal } from '../../domain/entry.js';
import type { Policy } from '../../domain/policy.js';
import { sourceOf } from '../../domain/prefix.js';
import { insertGuess, readBudgets } from '../../store/guesses.js';
import type { Queryable } from '../../store/store.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/** Whom the address of a caller stands for. */
export function callerSource(address: string): string {
  return sourceOf(address)?.text ?? address;
}

/** Whose budgets a guess would be counted in. */
export interface Guesser {
  source: string;
  device: Pick<Device, 'kind' | 'mac' | 'tenantId'>;
  policy: Pick<Policy, 'guessesPerHour'>;
}

/** What is left of the budgets. It is certain only while `holdGuesses` keeps others from using them; without, it is what to tell a caller. */
export async function lookAtBudgets(
  { installation }: ServiceContext,
  db: Queryable,
  { source, device, policy }: Guesser,
  now: Date,
): Promise<BudgetUse[]> {
  const limits = {
    source: installation.guesses.perSourcePerHour,
    tenant: device.tenantId === null ? null : policy.guessesPerHour,
    installation: installation.guesses.perHour,
  };
  return readBudgets(db, { source, tenantId: device.tenantId }, limits, forgottenUntil(now));
}

export function refuseByBudget(uses: readonly BudgetUse[]): Refusal | null {
  const spent = findSpentBudget(uses);
  return spent === null ? null : { kind: 'refused', because: 'budget', until: spent.until };
}

/** Counts a wrong entry. Answers the lines for the audit log: one for each budget that this one spends, and none for those after it. */
export async function countGuess(
  transaction: Queryable,
  { source, device }: Guesser,
  uses: readonly BudgetUse[],
  caller: Actor,
  now: Date,
): Promise<NewEvent[]> {
  await insertGuess(transaction, { at: now, source, tenantId: device.tenantId }, forgottenUntil(now));
  return spentByNextGuess(uses).map(({ budget, limit }) => ({
    ...deviceEvent(device, 'budget.spent', caller, now, { budget, limit }),
    // Nothing is written of a decoy: it is nobody's, and there may be any number of them.
    ...(device.kind === 'decoy' && { mac: null }),
  }));
}
