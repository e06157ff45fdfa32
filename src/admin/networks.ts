import { z } from 'zod';
import { type ExpiryFault, NETWORK_KINDS, NETWORK_REASONS, type WidthFault } from '../domain/network.js';
import { type Prefix, parsePrefix } from '../domain/prefix.js';
import { Problem, type ProblemError, invalid, notFound } from '../http/problem.js';
import { type AddNetworkOutcome, addNetwork, removeNetwork } from '../services/networks/networks.js';
import { type CountedNetwork, findNetwork, listNetworks } from '../store/networks.js';
import { findTenant } from '../store/tenants.js';
import { ownId, ownMac, text, time } from './fields.js';
import { API, type Operation, operation } from './operation.js';
import { pageOf, pageSchema, presentPage, toPageQuery } from './page.js';

const cidr = z.string().transform((value, context): Prefix => {
  const prefix = parsePrefix(value);
  if (prefix !== null) return prefix;
  context.addIssue(
    'must be an address or a range: 192.0.2.7, 192.0.2.0/24, 192.0.2.0/255.255.255.0, 2001:db8::/48',
  );
  return z.NEVER;
});

export const NETWORK = z
  .strictObject({
    cidr,
    kind: z.enum(NETWORK_KINDS).default('permanent'),
    expiresAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' }).nullish(),
    label: text(200).nullish(),
    force: z.boolean().default(false),
  })
  .meta({
    id: 'NewNetwork',
    examples: [{ cidr: '198.51.100.0/28', label: 'Office' }],
  });

export const NETWORK_ANSWER = z
  .strictObject({
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
  })
  .meta({ id: 'Network' });

const NETWORKS = `${API}/tenants/{tenantId}/networks` as const;
const NETWORK_PATH = `${NETWORKS}/{networkId}` as const;

export const NETWORK_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'post',
    path: NETWORKS,
    operationId: 'createNetwork',
    tag: 'Networks',
    summary: 'Trust a network of a tenant',
    description:
      'Takes `192.0.2.7`, `192.0.2.0/24`, `192.0.2.0/255.255.255.0` and IPv6; the phones of the tenant in it need no PIN.',
    may: ['admin', 'operator'],
    body: NETWORK,
    status: 201,
    refuses: [409],
    answer: NETWORK_ANSWER,
    handle: async ({ context, path: { tenantId }, body, actor, response }) => {
      const { cidr: prefix, kind, expiresAt, label, force } = body;
      const ends = expiresAt === undefined || expiresAt === null ? null : new Date(expiresAt);
      const input = { prefix, kind, expiresAt: ends, label: label ?? null, force };
      const network = networkOf(await addNetwork(context, tenantId, input, actor));
      response.location(`${API}/tenants/${tenantId}/networks/${network.id}`);
      return presentNetwork(network);
    },
  }),
  operation({
    method: 'get',
    path: NETWORKS,
    operationId: 'listNetworks',
    tag: 'Networks',
    summary: 'List the trusted networks of a tenant',
    may: ['admin', 'operator', 'support'],
    query: pageSchema,
    answer: pageOf('NetworkList', NETWORK_ANSWER),
    handle: async ({ context, path: { tenantId }, query }) => {
      const { db } = context.store;
      const page = toPageQuery(query);
      if ((await findTenant(db, tenantId)) === null) throw notFound('tenant');
      return presentPage(await listNetworks(db, tenantId, page, context.clock.now()), presentNetwork);
    },
  }),
  operation({
    method: 'get',
    path: NETWORK_PATH,
    operationId: 'getNetwork',
    tag: 'Networks',
    summary: 'Get a trusted network of a tenant',
    may: ['admin', 'operator', 'support'],
    answer: NETWORK_ANSWER,
    handle: async ({ context, path: { tenantId, networkId } }) => {
      const network = await findNetwork(context.store.db, tenantId, networkId, context.clock.now());
      if (network === null) throw notFound('network');
      return presentNetwork(network);
    },
  }),
  operation({
    method: 'delete',
    path: NETWORK_PATH,
    operationId: 'deleteNetwork',
    tag: 'Networks',
    summary: 'Delete a trusted network of a tenant',
    may: ['admin', 'operator'],
    answer: null,
    handle: async ({ context, path: { tenantId, networkId }, actor }) => {
      if (!(await removeNetwork(context, tenantId, networkId, actor))) throw notFound('network');
    },
  }),
];

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
