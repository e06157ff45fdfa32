import { Router } from 'express';
import { z } from 'zod';
import { CONFIGURATION_KINDS, type DryRun, dryRun } from '../configuration/dry-run.js';
import type { OwnTemplates } from '../configuration/own-templates.js';
import type { ServiceContext } from '../services/context.js';
import { Problem, notFound } from './problem.js';
import { readMac, readQuery } from './request.js';
import { resource } from './resource.js';

export const CONFIGURATION_QUERY = z.strictObject({ as: z.enum(CONFIGURATION_KINDS).optional() });

/** Shows what a device's phone would be sent. */
export function deviceConfigurationRoutes(context: ServiceContext, templates: OwnTemplates): Router {
  const router = Router();
  resource(router, '/:mac/configuration', {
    get: async (req, res) => {
      const { as = null } = readQuery(req, CONFIGURATION_QUERY);
      res.json(shown(await dryRun({ ...context, templates }, readMac(req), as)));
    },
  });
  return router;
}

function shown(outcome: Awaited<ReturnType<typeof dryRun>>): DryRun {
  switch (outcome.kind) {
    case 'shown':
      return outcome.dryRun;
    case 'not-found':
      throw notFound('device');
    case 'no-family':
      throw new Problem(409, `There is no configuration for phones of ${outcome.vendor} yet.`);
  }
}
