import { LRUCache } from 'lru-cache';
import type { EmergencyPlan } from '../../src/domain/emergency.js';
import { sourceText } from '../../src/domain/prefix.js';
import { ownText } from '../sip-messages.js';

/** More are evicted, the longest unused first; a phone registers every few minutes. */
const MAX_PLANS = 50_000;

interface Remembered {
  plan: EmergencyPlan;
  /** From where it registered; IPv6: the /64. */
  source: string | null;
}

/**
 * How the emergency calls of registered phones are connected, as the internal app said when they
 * registered: for the moments in which it, or its database, cannot be asked, and for names that the
 * database does not know any more.
 */
export class EmergencyMemory {
  readonly #phones = new LRUCache<string, Remembered>({ max: MAX_PLANS });

  /** @param installation the plan of all others: the installation's own settings. */
  constructor(private readonly installation: EmergencyPlan) {}

  /** @param address from which it registered. */
  remember(user: string, plan: EmergencyPlan, address: string): void {
    this.#phones.set(ownText(user), { plan, source: sourceText(address) });
  }

  /**
   * The plan that a phone of this name brought when it registered here; null: there was none. One
   * that leads nowhere leads where the installation's does.
   */
  rememberedPlanOf(user: string | null): EmergencyPlan | null {
    const plan = user === null ? undefined : this.#phones.get(user)?.plan;
    if (plan === undefined) return null;
    return plan.route.length > 0 ? plan : { ...plan, route: this.installation.route };
  }

  /** The same; the installation's for all others. */
  planOf(user: string | null): EmergencyPlan {
    return this.rememberedPlanOf(user) ?? this.installation;
  }

  /**
   * Whether a phone of this name registered here from this address. A name alone proves nothing.
   */
  isKnown(user: string | null, address: string): boolean {
    const source = user === null ? null : (this.#phones.get(user)?.source ?? null);
    return source !== null && source === sourceText(address);
  }
}
