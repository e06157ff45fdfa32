import { z } from 'zod';
import { withoutFormer } from '../domain/former-parameters.js';
import { Problem, notFound } from '../http/problem.js';
import { type SiteOutcome, changeSite, createSite, removeSite } from '../services/sites.js';
import { type Site, findSite, listSites } from '../store/sites.js';
import { findTenant } from '../store/tenants.js';
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
import { API, type Operation, operation } from './operation.js';
import { pageOf, pageSchema, presentPage, toPageQuery } from './page.js';
import { REMOVAL_QUERY, requireRemoved } from './removal.js';
import { refusedSettings, SHARED_SETTINGS_ANSWER, sharedSettings } from './settings-fields.js';

export const SITE = z
  .strictObject({
    name: text(200),
    timezone: timezone.nullish(),
    language: language.nullish(),
    settings: sharedSettings.nullish(),
    emergencyRoute: emergencyRoute.nullish(),
    emergencyNumbers: emergencyNumbers.nullish(),
    emergencyCallerNumber: emergencyCallerNumber.nullish(),
  })
  .meta({
    id: 'NewSite',
    examples: [{ name: 'Berlin', timezone: 'Europe/Berlin', emergencyRoute: 'sip:gateway.example' }],
  });
export const SITE_PATCH = SITE.partial().meta({
  id: 'SitePatch',
  examples: [{ emergencyNumbers: ['110', '112'] }],
});

export const SITE_ANSWER = z
  .strictObject({
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
  })
  .meta({ id: 'Site' });

const SITES = `${API}/tenants/{tenantId}/sites` as const;
const SITE_PATH = `${SITES}/{siteId}` as const;

export const SITE_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: SITES,
    operationId: 'createSite',
    tag: 'Sites',
    summary: 'Create a site of a tenant',
    may: ['admin', 'operator'],
    body: SITE,
    status: 201,
    refuses: [409],
    answer: SITE_ANSWER,
    handle: async ({ context, path: { tenantId }, body, actor, response }) => {
      const site = siteOf(await createSite(context, tenantId, body, actor), 'tenant');
      response.location(`${API}/tenants/${tenantId}/sites/${site.id}`);
      return presentSite(site);
    },
  }),
  operation({
    method: 'get',
    path: SITES,
    operationId: 'listSites',
    tag: 'Sites',
    summary: 'List the sites of a tenant',
    may: ['admin', 'operator', 'support'],
    query: pageSchema.extend({ name: text(200).optional().describe('The site of exactly this name.') }),
    answer: pageOf('SiteList', SITE_ANSWER),
    handle: async ({ context, path: { tenantId }, query: { name, ...asked } }) => {
      const { db } = context.store;
      const page = toPageQuery(asked);
      if ((await findTenant(db, tenantId)) === null) throw notFound('tenant');
      return presentPage(await listSites(db, tenantId, page, name), presentSite);
    },
  }),
  operation({
    method: 'get',
    path: SITE_PATH,
    operationId: 'getSite',
    tag: 'Sites',
    summary: 'Get a site of a tenant',
    may: ['admin', 'operator', 'support'],
    answer: SITE_ANSWER,
    handle: async ({ context, path: { tenantId, siteId } }) => {
      const site = await findSite(context.store.db, tenantId, siteId);
      if (site === null) throw notFound('site');
      return presentSite(site);
    },
  }),
  operation({
    method: 'patch',
    path: SITE_PATH,
    operationId: 'updateSite',
    tag: 'Sites',
    summary: 'Change a site of a tenant',
    may: ['admin', 'operator'],
    body: SITE_PATCH,
    refuses: [409],
    answer: SITE_ANSWER,
    handle: async ({ context, path: { tenantId, siteId }, body, actor }) => {
      const site = siteOf(await changeSite(context, tenantId, siteId, body, actor), 'site');
      return presentSite(site);
    },
  }),
  operation({
    method: 'delete',
    path: SITE_PATH,
    operationId: 'deleteSite',
    tag: 'Sites',
    summary: 'Delete a site of a tenant',
    description:
      'A site that has devices is 409 with `dependents`; `?cascade=true&expect=<total>` leaves them without a site.',
    may: ['admin', 'operator'],
    query: REMOVAL_QUERY,
    refuses: [409],
    answer: null,
    handle: async ({ context, path: { tenantId, siteId: id }, query, actor }) =>
      requireRemoved(await removeSite(context, { tenantId, id }, query.expect ?? null, actor), 'site'),
  }),
];

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
