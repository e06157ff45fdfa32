import { Router } from 'express';
import { z } from 'zod';
import { withoutFormer } from '../domain/former-parameters.js';
import { completePolicy } from '../domain/policy.js';
import type { ServiceContext } from '../services/context.js';
import { type TenantOutcome, changeTenant, createTenant, removeTenant } from '../services/tenants.js';
import { type Tenant, findTenant, listTenants } from '../store/tenants.js';
import { actorOf } from './actor.js';
import {
  emergencyCallerNumber,
  emergencyNumbers,
  emergencyRoute,
  ownId,
  language,
  resyncRoute,
  text,
  time,
} from './fields.js';
import { pageSchema, presentPage, toPageQuery } from './page.js';
import { policyPatch, wholePolicy } from './policy-fields.js';
import { notFound } from './problem.js';
import { answerRemoval, expectedDependents } from './removal.js';
import { readBody, readId, readQuery } from './request.js';
import { resource } from './resource.js';
import { refusedSettings, SHARED_SETTINGS_ANSWER, sharedSettings } from './settings-fields.js';

export const TENANT = z.strictObject({
  name: text(200),
  policy: policyPatch.nullish(),
  emergencyRoute: emergencyRoute.nullish(),
  emergencyNumbers: emergencyNumbers.nullish(),
  emergencyCallerNumber: emergencyCallerNumber.nullish(),
  resyncRoute: resyncRoute.nullish(),
  language: language.nullish(),
  settings: sharedSettings.nullish(),
});
export const TENANT_PATCH = TENANT.partial();

/** The whole policy is answered, defaults included. */
export const TENANT_ANSWER = z.strictObject({
  id: ownId,
  name: z.string(),
  policy: wholePolicy,
  emergencyRoute: emergencyRoute.nullable(),
  emergencyNumbers: emergencyNumbers.nullable(),
  emergencyCallerNumber: z.string().nullable(),
  resyncRoute: z.string().nullable(),
  language: z.string().nullable(),
  settings: SHARED_SETTINGS_ANSWER,
  createdAt: time,
});

export function tenantRoutes(context: ServiceContext): Router {
  const router = Router();
  const { db } = context.store;

  resource(router, '/', {
    post: async (request, response) => {
      const tenant = tenantOf(await createTenant(context, readBody(request, TENANT), actorOf(request)));
      response.status(201).location(`/api/v1/tenants/${tenant.id}`).json(presentTenant(tenant));
    },
    get: async (request, response) => {
      const page = await listTenants(db, toPageQuery(readQuery(request, pageSchema)));
      response.json(presentPage(page, presentTenant));
    },
  });

  resource(router, '/:tenantId', {
    get: async (request, response) => {
      const tenant = await findTenant(db, readId(request, 'tenantId', 'tenant'));
      if (tenant === null) throw notFound('tenant');
      response.json(presentTenant(tenant));
    },
    patch: async (request, response) => {
      const id = readId(request, 'tenantId', 'tenant');
      const patch = readBody(request, TENANT_PATCH);
      response.json(presentTenant(tenantOf(await changeTenant(context, id, patch, actorOf(request)))));
    },
    delete: async (request, response) => {
      const id = readId(request, 'tenantId', 'tenant');
      answerRemoval(
        response,
        await removeTenant(context, id, expectedDependents(request), actorOf(request)),
        'tenant',
      );
    },
  });

  return router;
}

function tenantOf(outcome: TenantOutcome): Tenant {
  switch (outcome.kind) {
    case 'tenant':
      return outcome.tenant;
    case 'not-found':
      throw notFound('tenant');
    case 'settings-refused':
      throw refusedSettings(outcome);
  }
}

function presentTenant(tenant: Tenant): z.infer<typeof TENANT_ANSWER> {
  return {
    ...tenant,
    policy: completePolicy(tenant.policy),
    settings: withoutFormer(tenant.settings),
  };
}
