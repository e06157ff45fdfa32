import { z } from 'zod';
import { CONFIGURATION_KINDS, dryRun } from '../configuration/dry-run.js';
import { FULL_REASONS, MINIMAL_REASONS } from '../domain/access.js';
import { TOKEN_STATES } from '../domain/token.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { Problem, notFound } from '../http/problem.js';
import { ownMac, text } from './fields.js';
import { API, type Operation, operation } from './operation.js';

export const CONFIGURATION_QUERY = z.strictObject({
  as: z
    .enum(CONFIGURATION_KINDS)
    .optional()
    .describe('Which of the two is shown; absent: the one that the phone would get now.'),
  model: text(100)
    .optional()
    .describe('The model that the phone would say; ignored where the device has one.'),
});

export const CONFIGURATION_ANSWER = z
  .strictObject({
    mac: ownMac,
    vendor: z.enum(VENDOR_IDS),
    model: z.string().nullable(),
    as: z.enum(CONFIGURATION_KINDS),
    wouldSend: z.enum(CONFIGURATION_KINDS),
    reason: z.enum([...FULL_REASONS, ...MINIMAL_REASONS]),
    because: z.enum(MINIMAL_REASONS).optional(),
    token: z.enum(TOKEN_STATES).nullable(),
    address: z.string().nullable(),
    contentType: z.string(),
    document: z.string(),
  })
  .meta({ id: 'Configuration' });

export const DEVICE_CONFIGURATION_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: `${API}/devices/{mac}/configuration`,
    operationId: 'getDeviceConfiguration',
    tag: 'Devices',
    summary: 'Show what a phone would be sent and why, with everything secret masked',
    may: ['admin', 'operator', 'support'],
    query: CONFIGURATION_QUERY,
    refuses: [409],
    answer: CONFIGURATION_ANSWER,
    handle: async ({ context, path: { mac }, query: { as = null, model = null } }) =>
      shown(await dryRun(context, mac, { as, model })),
  }),
];

function shown(outcome: Awaited<ReturnType<typeof dryRun>>): z.infer<typeof CONFIGURATION_ANSWER> {
  switch (outcome.kind) {
    case 'shown':
      return outcome.dryRun;
    case 'not-found':
      throw notFound('device');
    case 'no-family':
      throw new Problem(409, `There is no configuration for phones of ${outcome.vendor} yet.`);
  }
}
