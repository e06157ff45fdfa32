import type { EmergencyPlan } from '../../src/domain/emergency.js';

/** The oldest are forgotten first; a phone registers every few minutes. */
const MAX_PLANS = 50_000;

/**
 * How the emergency calls of registered phones are connected, as the internal app said when they registered: for the moments in which it, or its
 * database, cannot be asked.
 */
export class EmergencyMemory {
  readonly #plans = new Map<string, EmergencyPlan>();

  /** @param installation the plan of everybody else: the installation's own settings. */
  constructor(private readonly installation: EmergencyPlan) {}

  remember(user: string, plan: EmergencyPlan): void {
    this.#plans.delete(user);
    this.#plans.set(user, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > MAX_PLANS && oldest !== undefined) this.#plans.delete(oldest);
  }

  /** The plan of whoever calls himself so; one that leads nowhere leads where the installation's does. */
  planOf(user: string | null): EmergencyPlan {
    const plan = (user === null ? undefined : this.#plans.get(user)) ?? this.installation;
    return plan.route.length > 0 ? plan : { ...plan, route: this.installation.route };
  }
}
