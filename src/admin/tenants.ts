import { z } from 'zod';
import { withoutFormer } from '../domain/former-parameters.js';
import { completePolicy } from '../domain/policy.js';
import { notFound } from '../http/problem.js';
import { type TenantOutcome, changeTenant, createTenant, removeTenant } from '../services/tenants.js';
import { type Tenant, findTenant, listTenants } from '../store/tenants.js';
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
import { API, type Operation, operation } from './operation.js';
import { pageOf, pageSchema, presentPage, toPageQuery } from './page.js';
import { policyPatch, wholePolicy } from './policy-fields.js';
import { REMOVAL_QUERY, requireRemoved } from './removal.js';
import { refusedSettings, SHARED_SETTINGS_ANSWER, sharedSettings } from './settings-fields.js';

export const TENANT = z
  .strictObject({
    name: text(200),
    policy: policyPatch.nullish(),
    emergencyRoute: emergencyRoute.nullish(),
    emergencyNumbers: emergencyNumbers.nullish(),
    emergencyCallerNumber: emergencyCallerNumber.nullish(),
    resyncRoute: resyncRoute.nullish(),
    language: language.nullish(),
    settings: sharedSettings.nullish(),
  })
  .meta({
    id: 'NewTenant',
    examples: [{ name: 'Example Ltd', policy: { strict: true, maxAttempts: 5 }, language: 'de' }],
  });
export const TENANT_PATCH = TENANT.partial().meta({
  id: 'TenantPatch',
  examples: [{ policy: { maxAttempts: null, lockoutSeconds: 900 } }],
});

/** The whole policy is answered, defaults included. */
export const TENANT_ANSWER = z
  .strictObject({
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
  })
  .meta({ id: 'Tenant' });

const TENANTS = `${API}/tenants` as const;
const TENANT_PATH = `${TENANTS}/{tenantId}` as const;

export const TENANT_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: TENANTS,
    operationId: 'createTenant',
    tag: 'Tenants',
    summary: 'Create a tenant',
    may: ['admin'],
    body: TENANT,
    status: 201,
    answer: TENANT_ANSWER,
    handle: async ({ context, body, actor, response }) => {
      const tenant = tenantOf(await createTenant(context, body, actor));
      response.location(`${TENANTS}/${tenant.id}`);
      return presentTenant(tenant);
    },
  }),
  operation({
    method: 'get',
    path: TENANTS,
    operationId: 'listTenants',
    tag: 'Tenants',
    summary: 'List the tenants',
    may: ['admin', 'operator', 'support'],
    query: pageSchema.extend({ name: text(200).optional().describe('Tenants of exactly this name.') }),
    answer: pageOf('TenantList', TENANT_ANSWER),
    handle: async ({ context, query: { name, ...page }, actor }) =>
      presentPage(await listTenants(context.store.db, actor.scope, toPageQuery(page), name), presentTenant),
  }),
  operation({
    method: 'get',
    path: TENANT_PATH,
    operationId: 'getTenant',
    tag: 'Tenants',
    summary: 'Get a tenant',
    may: ['admin', 'operator', 'support'],
    answer: TENANT_ANSWER,
    handle: async ({ context, path: { tenantId } }) => {
      const tenant = await findTenant(context.store.db, tenantId);
      if (tenant === null) throw notFound('tenant');
      return presentTenant(tenant);
    },
  }),
  operation({
    method: 'patch',
    path: TENANT_PATH,
    operationId: 'updateTenant',
    tag: 'Tenants',
    summary: 'Change a tenant',
    may: ['admin'],
    body: TENANT_PATCH,
    answer: TENANT_ANSWER,
    handle: async ({ context, path: { tenantId }, body, actor }) =>
      presentTenant(tenantOf(await changeTenant(context, tenantId, body, actor))),
  }),
  operation({
    method: 'delete',
    path: TENANT_PATH,
    operationId: 'deleteTenant',
    tag: 'Tenants',
    summary: 'Delete a tenant',
    description:
      'A tenant that has sites, lines, networks or devices is 409 with `dependents`; `?cascade=true&expect=<total>` deletes all of it.',
    may: ['admin'],
    query: REMOVAL_QUERY,
    refuses: [409],
    answer: null,
    handle: async ({ context, path: { tenantId }, query, actor }) =>
      requireRemoved(await removeTenant(context, tenantId, query.expect ?? null, actor), 'tenant'),
  }),
];

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
