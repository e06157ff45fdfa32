import { Router } from 'express';
import { z } from 'zod';
import { CONFIGURATION_KINDS, dryRun } from '../configuration/dry-run.js';
import type { OwnTemplates } from '../configuration/own-templates.js';
import { FULL_REASONS, MINIMAL_REASONS } from '../domain/access.js';
import { TOKEN_STATES } from '../domain/token.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import type { ServiceContext } from '../services/context.js';
import { ownMac, text } from './fields.js';
import { Problem, notFound } from './problem.js';
import { readMac, readQuery } from './request.js';
import { resource } from './resource.js';

export const CONFIGURATION_QUERY = z.strictObject({
  as: z.enum(CONFIGURATION_KINDS).optional(),
  model: text(100).optional(),
});

export const CONFIGURATION_ANSWER = z.strictObject({
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
});

/** Shows what a device's phone would be sent. */
export function deviceConfigurationRoutes(context: ServiceContext, templates: OwnTemplates): Router {
  const router = Router();
  resource(router, '/:mac/configuration', {
    get: async (request, response) => {
      const { as = null, model = null } = readQuery(request, CONFIGURATION_QUERY);
      response.json(shown(await dryRun({ ...context, templates }, readMac(request), { as, model })));
    },
  });
  return router;
}

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
