import { z } from 'zod';
import { API, type Operation, operation } from './operation.js';

const port = z.int().nullable();

export const INSTALLATION_ANSWER = z
  .strictObject({
    version: z.string(),
    /** What this process takes of provisioning, admin, internal and sip. */
    roles: z.array(z.string()).readonly(),
    ports: z.strictObject({ provisioning: port, admin: port, internal: port, sip: port }),
    adminUrl: z.string().nullable(),
    provisioningUrl: z.string().nullable(),
    sip: z.string().nullable(),
    engines: z.strictObject({
      database: z.string().nullable(),
      sipServer: z.string().nullable(),
      mediaServer: z.string().nullable(),
    }),
    health: z.strictObject({
      ready: z.boolean(),
      checks: z.array(z.strictObject({ name: z.string(), problem: z.string().nullable() })),
    }),
    /** What is not right, and keeps no phone from coming in. */
    warnings: z.array(z.string()),
    settings: z
      .array(
        z.strictObject({
          name: z.string(),
          value: z.string().nullable(),
          source: z.enum(['environment', 'default']),
          isSecret: z.boolean(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Installation' });

export const INSTALLATION_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: `${API}/installation`,
    operationId: 'getInstallation',
    tag: 'Installation',
    summary: 'Show what runs, on which ports, engines and settings, and what is not right with it',
    may: ['admin'],
    answer: INSTALLATION_ANSWER,
    handle: async ({ context: { facts, readiness } }) => {
      const { database, sipServer, mediaServer, ...known } = facts();
      const { ready, checks, warnings } = await readiness();
      const engines = { database, sipServer, mediaServer };
      return { ...known, engines, health: { ready, checks }, warnings };
    },
  }),
];
