import { z } from 'zod';
import type { GuessRisk } from '../domain/guess-risk.js';
import { notFound } from '../http/problem.js';
import { type PresentRisk, assessGuessRisk } from '../services/authentication/guess-risk.js';
import { id, ownId } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { policyPatch, wholePolicy } from './policy-fields.js';

export const RISK_QUERY = z.strictObject({
  tenantId: id.optional().describe('The devices of this tenant only.'),
});

const EITHER_SOURCE = z.strictObject({ oneSource: z.number(), anySource: z.number() });

export const RISK_ANSWER = z
  .strictObject({
    perYear: EITHER_SOURCE,
    waitingDevices: z.int(),
    guessesPerYear: EITHER_SOURCE,
    budgetPerYear: EITHER_SOURCE,
    budgets: z.strictObject({ perSourcePerHour: z.number(), perHour: z.number() }),
    formula: z.string(),
    groups: z.array(
      z.strictObject({
        tenantId: ownId,
        papDigits: z.int(),
        waitingDevices: z.int(),
        ...wholePolicy.pick({
          maxAttempts: true,
          maxLockouts: true,
          lockoutSeconds: true,
          lockoutScope: true,
          guessesPerHour: true,
          papLifetimeSeconds: true,
        }).shape,
        guessesPerDevice: EITHER_SOURCE,
        chancePerDevice: EITHER_SOURCE,
        guessesPerYear: EITHER_SOURCE,
      }),
    ),
    assumptions: z.array(z.string()),
  })
  .meta({ id: 'GuessRisk' });

export const RISK_DRAFT = z
  .strictObject({ tenantId: id.nullish(), policy: policyPatch })
  .meta({ id: 'GuessRiskDraft', examples: [{ policy: { maxAttempts: 5, papDigits: 8 } }] });

export const SECURITY_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: `${API}/security/guess-risk`,
    operationId: 'draftGuessRisk',
    tag: 'Security',
    summary: 'Tell how likely it is that a PIN is guessed within a year, under a policy that is not saved',
    may: ['admin', 'operator'],
    body: RISK_DRAFT,
    refuses: [404],
    answer: RISK_ANSWER,
    handle: async ({ context, body: { tenantId, policy }, actor }) => {
      const draft = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== null));
      const risk = await assessGuessRisk(context, { tenantId: tenantId ?? null, scope: actor.scope, draft });
      if (risk === null) throw notFound('tenant');
      return presentRisk(risk);
    },
  }),
  operation({
    method: 'get',
    path: `${API}/security/guess-risk`,
    operationId: 'getGuessRisk',
    tag: 'Security',
    summary: 'Tell how likely it is that a PIN is guessed within a year',
    may: ['admin', 'operator'],
    query: RISK_QUERY,
    refuses: [404],
    answer: RISK_ANSWER,
    handle: async ({ context, query: { tenantId }, actor }) => {
      const risk = await assessGuessRisk(context, { tenantId: tenantId ?? null, scope: actor.scope });
      if (risk === null) throw notFound('tenant');
      return presentRisk(risk);
    },
  }),
];

/** What the formula leaves out. */
const ASSUMPTIONS = [
  'The attacker knows the MAC of every waiting device and nothing of its PAP; PAPs are independent of each other.',
  'The attacker registers at every device before its own phone does, so that the tries of the first phone are had as well.',
  'No guess at a PAP is repeated, whatever the budgets allow is spent, and the shortest PAPs come first.',
  'The devices that wait now wait all year, none of them guessed at so far; a blocked device stays blocked. Each reset of one adds its chancePerDevice.',
  'oneSource is one IPv4 address or one IPv6 /64; anySource is any number of them.',
  'budgetPerYear does not hold the first attempts of each day, maxAttempts at each device, which pass the budget of the installation.',
] as const;

/** The chance, and everything that goes into it, so that it can be computed by hand. */
function presentRisk({ budgets, waiting, oneSource, anySource }: PresentRisk): z.infer<typeof RISK_ANSWER> {
  const both = (figure: (risk: GuessRisk) => number) => ({
    oneSource: figure(oneSource),
    anySource: figure(anySource),
  });
  return {
    perYear: both(({ chance }) => chance),
    waitingDevices: waiting.reduce((sum, { devices }) => sum + devices, 0),
    guessesPerYear: both(({ guesses }) => guesses),
    budgetPerYear: both(({ budget }) => budget),
    budgets,
    formula: '1 - product over the devices guessed at of (1 - guesses / 10^papDigits)',
    groups: waiting.map(({ tenantId, papDigits, devices, policy }, index) => ({
      tenantId,
      papDigits,
      waitingDevices: devices,
      maxAttempts: policy.maxAttempts,
      maxLockouts: policy.maxLockouts,
      lockoutSeconds: policy.lockoutSeconds,
      lockoutScope: policy.lockoutScope,
      guessesPerHour: policy.guessesPerHour,
      papLifetimeSeconds: policy.papLifetimeSeconds,
      guessesPerDevice: both(({ perDevice }) => perDevice[index]?.guessesPerDevice ?? 0),
      chancePerDevice: both(({ perDevice }) => perDevice[index]?.chancePerDevice ?? 0),
      guessesPerYear: both(({ perDevice }) => perDevice[index]?.guesses ?? 0),
    })),
    assumptions: [...ASSUMPTIONS],
  };
}
