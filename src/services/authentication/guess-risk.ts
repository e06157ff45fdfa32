import { asksForPap } from '../../domain/authentication.js';
import {
  type GuessRisk,
  type HourlyBudgets,
  type WaitingDevices,
  guessRisk,
} from '../../domain/guess-risk.js';
import { type Policy, completePolicy } from '../../domain/policy.js';
import { type TenantScope, isInScope } from '../../domain/role.js';
import { findTenant } from '../../store/tenants.js';
import { countWaitingDevices } from '../../store/waiting-devices.js';
import type { ServiceContext } from '../context.js';

export interface PresentRisk {
  budgets: HourlyBudgets;
  waiting: (WaitingDevices & { policy: Policy })[];
  oneSource: GuessRisk;
  anySource: GuessRisk;
}

/** Whose devices are asked about; `draft`: under a policy that is not saved. */
interface AskedRisk {
  tenantId: string | null;
  scope: TenantScope;
  draft?: Partial<Policy> | null;
}

/**
 * How likely it is that a PAP is guessed within a year, as things are now: the settings, and
 * the devices that wait, of one tenant or of all in scope. null when there is no such tenant.
 */
export async function assessGuessRisk(
  { store, clock, installation }: ServiceContext,
  { tenantId, scope, draft = null }: AskedRisk,
): Promise<PresentRisk | null> {
  const isKnown = tenantId === null || (await findTenant(store.db, tenantId)) !== null;
  if (!isKnown || (tenantId !== null && !isInScope(scope, tenantId))) return null;
  const counted = await countWaitingDevices(store.db, tenantId === null ? scope : [tenantId], clock.now());
  const waiting = counted
    .map((count) => ({ ...count, policy: completePolicy(draft ?? count.policy) }))
    .filter(({ policy }) => asksForPap(policy));
  const budgets = installation.guesses;
  return {
    budgets,
    waiting,
    oneSource: guessRisk(waiting, budgets, 'one'),
    anySource: guessRisk(waiting, budgets, 'any'),
  };
}
