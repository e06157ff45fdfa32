import type { Logger } from 'pino';
import {
  emergencyNumber,
  emergencyTarget,
  emergencyTargets,
  type EmergencyPlan,
} from '../../src/domain/emergency.js';
import type { RouteAnswer } from '../../src/contract/messages.js';
import type { SipCaller } from '../caller.js';
import { InternalAppUnavailable, type InternalClient } from '../internal-client.js';
import type { EmergencyMemory } from './emergency-memory.js';

export type EmergencyRoute = Extract<RouteAnswer, { kind: 'emergency' }>;

/**
 * Where INVITEs go: asked of the internal app, and known from what phones brought at their
 * registration when it cannot say.
 */
export class EmergencyRouting {
  constructor(
    private readonly internal: Pick<InternalClient, 'route'>,
    private readonly memory: EmergencyMemory,
    private readonly log: Logger,
  ) {}

  /** Whether what was dialled is for help, as far as is known here. */
  isForHelp({ user, dialled }: SipCaller): boolean {
    return emergencyNumber(dialled, this.memory.planOf(user).numbers) !== null;
  }

  /** Whether a call comes from where the phone of that name registered here. */
  isKnown({ user, source }: SipCaller): boolean {
    return this.memory.isKnown(user, source.address);
  }

  /**
   * null: the internal app does not say, and as far as is known here it is no emergency.
   * @param isHurried nothing has been proved yet: it may be a call for help, and is connected
   *   without an answer.
   */
  async find(caller: SipCaller, isHurried = true): Promise<RouteAnswer | null> {
    try {
      const answer = await this.internal.route(caller, isHurried);
      return this.#ofUnknownName(caller, answer) ?? this.#withTargets(caller, answer);
    } catch (error) {
      if (!(error instanceof InternalAppUnavailable)) throw error;
      this.log.error({ reason: error.message }, 'an INVITE must be routed without the internal app');
      return this.#byPlan(caller, this.memory.planOf(caller.user));
    }
  }

  /**
   * For a name that the database does not know, but a phone registered under here, the plan counts
   * that it brought: route and identity.
   */
  #ofUnknownName(caller: SipCaller, answer: RouteAnswer): EmergencyRoute | null {
    const isUnknown = answer.kind === 'emergency' ? answer.mac === null : answer.account === null;
    const plan = isUnknown ? this.memory.rememberedPlanOf(caller.user) : null;
    if (plan === null) return null;
    // A number of the installation's that is none of the plan's goes where the plan's do, too.
    const numbers = answer.kind === 'emergency' ? [...plan.numbers, caller.dialled] : plan.numbers;
    return this.#byPlan(caller, { ...plan, numbers });
  }

  #byPlan(caller: SipCaller, plan: EmergencyPlan): EmergencyRoute | null {
    const targets = emergencyTargets(plan, caller.dialled);
    if (targets === null) return null;
    const isKnown = this.isKnown(caller);
    const callerIdentity = isKnown ? plan.callerIdentity : null;
    return { kind: 'emergency', targets, callerIdentity, mac: null, isKnown };
  }

  /** Where nothing is configured there, what is configured here. */
  #withTargets(caller: SipCaller, answer: RouteAnswer): RouteAnswer {
    if (answer.kind !== 'emergency' || answer.targets.length > 0) return answer;
    const plan = this.memory.planOf(caller.user);
    const number = emergencyNumber(caller.dialled, plan.numbers) ?? caller.dialled;
    return { ...answer, targets: plan.route.map((route) => emergencyTarget(route, number)) };
  }
}
