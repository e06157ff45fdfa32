import { Router } from 'express';
import { z } from 'zod';
import { withoutFormer } from '../domain/former-parameters.js';
import type { ServiceContext } from '../services/context.js';
import { type SiteOutcome, changeSite, createSite, removeSite } from '../services/sites.js';
import { type Site, findSite, listSites } from '../store/sites.js';
import { findTenant } from '../store/tenants.js';
import { actorOf } from './actor.js';
import {
  emergencyCallerNumber,
  emergencyNumbers,
  emergencyRoute,
  ownId,
  language,
  text,
  time,
  timezone,
} from './fields.js';
import { pageSchema, presentPage, toPageQuery } from './page.js';
import { Problem, notFound } from './problem.js';
import { answerRemoval, expectedDependents } from './removal.js';
import { readBody, readId, readQuery } from './request.js';
import { resource } from './resource.js';
import { refusedSettings, SHARED_SETTINGS_ANSWER, sharedSettings } from './settings-fields.js';

export const SITE = z.strictObject({
  name: text(200),
  timezone: timezone.nullish(),
  language: language.nullish(),
  settings: sharedSettings.nullish(),
  emergencyRoute: emergencyRoute.nullish(),
  emergencyNumbers: emergencyNumbers.nullish(),
  emergencyCallerNumber: emergencyCallerNumber.nullish(),
});
export const SITE_PATCH = SITE.partial();

export const SITE_ANSWER = z.strictObject({
  id: ownId,
  tenantId: ownId,
  name: z.string(),
  timezone: z.string().nullable(),
  language: z.string().nullable(),
  settings: SHARED_SETTINGS_ANSWER,
  emergencyRoute: emergencyRoute.nullable(),
  emergencyNumbers: emergencyNumbers.nullable(),
  emergencyCallerNumber: z.string().nullable(),
  createdAt: time,
});

export function siteRoutes(context: ServiceContext): Router {
  const router = Router({ mergeParams: true });
  const { db } = context.store;

  resource(router, '/', {
    post: async (request, response) => {
      const tenantId = readId(request, 'tenantId', 'tenant');
      const site = siteOf(
        await createSite(context, tenantId, readBody(request, SITE), actorOf(request)),
        'tenant',
      );
      response.status(201).location(`/api/v1/tenants/${tenantId}/sites/${site.id}`).json(presentSite(site));
    },
    get: async (request, response) => {
      const tenantId = readId(request, 'tenantId', 'tenant');
      const page = toPageQuery(readQuery(request, pageSchema));
      if ((await findTenant(db, tenantId)) === null) throw notFound('tenant');
      response.json(presentPage(await listSites(db, tenantId, page), presentSite));
    },
  });

  resource(router, '/:id', {
    get: async (request, response) => {
      const site = await findSite(db, readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'site'));
      if (site === null) throw notFound('site');
      response.json(presentSite(site));
    },
    patch: async (request, response) => {
      const [tenantId, id] = [readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'site')];
      const patch = readBody(request, SITE_PATCH);
      const site = siteOf(await changeSite(context, tenantId, id, patch, actorOf(request)), 'site');
      response.json(presentSite(site));
    },
    delete: async (request, response) => {
      const [tenantId, id] = [readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'site')];
      answerRemoval(
        response,
        await removeSite(context, { tenantId, id }, expectedDependents(request), actorOf(request)),
        'site',
      );
    },
  });

  return router;
}

function siteOf(outcome: SiteOutcome, missing: string): Site {
  switch (outcome.kind) {
    case 'site':
      return outcome.site;
    case 'not-found':
      throw notFound(missing);
    case 'name-taken':
      throw new Problem(409, 'The tenant has another site of this name.', [
        { pointer: '/name', detail: 'is taken' },
      ]);
    case 'settings-refused':
      throw refusedSettings(outcome);
  }
}

function presentSite(site: Site): z.infer<typeof SITE_ANSWER> {
  return { ...site, settings: withoutFormer(site.settings) };
}
