import { Router } from 'express';
import { z } from 'zod';
import { completePolicy } from '../domain/policy.js';
import type { ServiceContext } from '../services/context.js';
import { changeTenant, createTenant, removeTenant } from '../services/tenants.js';
import { type Tenant, findTenant, listTenants } from '../store/tenants.js';
import { actorOf } from './actor.js';
import { emergencyNumbers, emergencyRoute, language, policyPatch, text } from './fields.js';
import { pageSchema, presentPage, toPageQuery } from './page.js';
import { notFound } from './problem.js';
import { readBody, readId, readQuery } from './request.js';
import { resource } from './resource.js';

const TENANT = z.strictObject({
  name: text(200),
  policy: policyPatch.nullish(),
  emergencyRoute: emergencyRoute.nullish(),
  emergencyNumbers: emergencyNumbers.nullish(),
  language: language.nullish(),
});
const TENANT_PATCH = TENANT.partial();

export function tenantRoutes(context: ServiceContext): Router {
  const router = Router();
  const { db } = context.store;

  resource(router, '/', {
    post: async (req, res) => {
      const tenant = await createTenant(context, readBody(req, TENANT));
      res.status(201).location(`/api/v1/tenants/${tenant.id}`).json(presentTenant(tenant));
    },
    get: async (req, res) => {
      const page = await listTenants(db, toPageQuery(readQuery(req, pageSchema)));
      res.json(presentPage(page, presentTenant));
    },
  });

  resource(router, '/:tenantId', {
    get: async (req, res) => {
      const tenant = await findTenant(db, readId(req, 'tenantId', 'tenant'));
      if (tenant === null) throw notFound('tenant');
      res.json(presentTenant(tenant));
    },
    patch: async (req, res) => {
      const id = readId(req, 'tenantId', 'tenant');
      const tenant = await changeTenant(context, id, readBody(req, TENANT_PATCH));
      if (tenant === null) throw notFound('tenant');
      res.json(presentTenant(tenant));
    },
    delete: async (req, res) => {
      if (!(await removeTenant(context, readId(req, 'tenantId', 'tenant'), actorOf(req))))
        throw notFound('tenant');
      res.status(204).end();
    },
  });

  return router;
}

/** The whole policy is answered, defaults included. */
function presentTenant(tenant: Tenant) {
  return { ...tenant, policy: completePolicy(tenant.policy) };
}
