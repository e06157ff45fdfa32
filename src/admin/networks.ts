import { Router } from 'express';
import { z } from 'zod';
import { type ExpiryFault, NETWORK_KINDS, NETWORK_REASONS, type WidthFault } from '../domain/network.js';
import { type Prefix, parsePrefix } from '../domain/prefix.js';
import type { ServiceContext } from '../services/context.js';
import { type AddNetworkOutcome, addNetwork, removeNetwork } from '../services/networks/networks.js';
import { type CountedNetwork, findNetwork, listNetworks } from '../store/networks.js';
import { findTenant } from '../store/tenants.js';
import { actorOf } from './actor.js';
import { ownId, ownMac, text, time } from './fields.js';
import { pageSchema, presentPage, toPageQuery } from './page.js';
import { Problem, type ProblemError, invalid, notFound } from './problem.js';
import { readBody, readId, readQuery } from './request.js';
import { resource } from './resource.js';

const cidr = z.string().transform((value, context): Prefix => {
  const prefix = parsePrefix(value);
  if (prefix !== null) return prefix;
  context.addIssue(
    'must be an address or a range: 192.0.2.7, 192.0.2.0/24, 192.0.2.0/255.255.255.0, 2001:db8::/48',
  );
  return z.NEVER;
});

export const NETWORK = z.strictObject({
  cidr,
  kind: z.enum(NETWORK_KINDS).default('permanent'),
  expiresAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' }).nullish(),
  label: text(200).nullish(),
  force: z.boolean().default(false),
});

export const NETWORK_ANSWER = z.strictObject({
  id: ownId,
  tenantId: ownId,
  cidr: z.string(),
  kind: z.enum(NETWORK_KINDS),
  label: z.string().nullable(),
  reason: z.enum(NETWORK_REASONS),
  openedBy: z.string(),
  /** The device whose success opened it. */
  mac: ownMac.nullable(),
  openedAt: time,
  expiresAt: time.nullable(),
  createdAt: time,
  /** How many it has let in. */
  devices: z.int(),
});

export function networkRoutes(context: ServiceContext): Router {
  const router = Router({ mergeParams: true });
  const { db } = context.store;

  resource(router, '/', {
    post: async (request, response) => {
      const tenantId = readId(request, 'tenantId', 'tenant');
      const { cidr: prefix, kind, expiresAt, label, force } = readBody(request, NETWORK);
      const ends = expiresAt === undefined || expiresAt === null ? null : new Date(expiresAt);
      const input = { prefix, kind, expiresAt: ends, label: label ?? null, force };
      const network = networkOf(await addNetwork(context, tenantId, input, actorOf(request)));
      response
        .status(201)
        .location(`/api/v1/tenants/${tenantId}/networks/${network.id}`)
        .json(presentNetwork(network));
    },
    get: async (request, response) => {
      const tenantId = readId(request, 'tenantId', 'tenant');
      const page = toPageQuery(readQuery(request, pageSchema));
      if ((await findTenant(db, tenantId)) === null) throw notFound('tenant');
      response.json(presentPage(await listNetworks(db, tenantId, page, context.clock.now()), presentNetwork));
    },
  });

  resource(router, '/:id', {
    get: async (request, response) => {
      const [tenantId, id] = [readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'network')];
      const network = await findNetwork(db, tenantId, id, context.clock.now());
      if (network === null) throw notFound('network');
      response.json(presentNetwork(network));
    },
    delete: async (request, response) => {
      const [tenantId, id] = [readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'network')];
      if (!(await removeNetwork(context, tenantId, id, actorOf(request)))) throw notFound('network');
      response.status(204).end();
    },
  });

  return router;
}

function networkOf(outcome: AddNetworkOutcome): CountedNetwork {
  switch (outcome.kind) {
    case 'network':
      return outcome.network;
    case 'tenant-unknown':
      throw notFound('tenant');
    case 'taken':
      throw new Problem(409, 'The tenant has this network already.', [
        { pointer: '/cidr', detail: 'is there already' },
      ]);
    case 'refused':
      throw invalid([refusal(outcome.because)]);
  }
}

function refusal(because: WidthFault | ExpiryFault): ProblemError {
  switch (because.kind) {
    case 'too-wide':
      return { pointer: '/cidr', detail: `must not be shorter than /${because.least}` };
    case 'wide':
      return {
        pointer: '/cidr',
        detail: `is shorter than /${because.ordinary}: send "force": true if so many addresses are to be trusted`,
      };
    case 'permanent-expires':
      return { pointer: '/expiresAt', detail: 'is of temporary networks only' };
    case 'expired':
      return { pointer: '/expiresAt', detail: 'must be in the future' };
    case 'expires-too-late':
      return {
        pointer: '/expiresAt',
        detail: `must not be later than ${because.last.toISOString()}: the policy's temporaryNetworkMaxSeconds`,
      };
  }
}

function presentNetwork({ prefix, openedFor, ...network }: CountedNetwork): z.infer<typeof NETWORK_ANSWER> {
  return { ...network, cidr: prefix, mac: openedFor };
}
