import type { Request, RequestHandler } from 'express';
import { type Mac, parseMac } from '../domain/mac.js';
import { type TenantScope, isInScope } from '../domain/role.js';
import { Problem, notFound } from '../http/problem.js';
import type { ServiceContext } from '../services/context.js';
import { findApiKeyIn } from '../services/keys/api-keys.js';
import { findDeviceByMac } from '../store/devices.js';
import { findJob } from '../store/jobs.js';
import type { Queryable } from '../store/store.js';
import { callerOf } from './actor.js';
import { findWebhook } from '../store/webhooks.js';

interface PathParameter<T> {
  /** What it names, as a refusal says it. */
  what: string;
  description: string;
  example: string;
  /** @throws Problem for what is not of its form */
  read: (text: string) => T;
  /** Whether a key for these tenants may know of what it names, or that there is nothing. */
  isVisible: (db: Queryable, scope: TenantScope, value: T) => boolean | Promise<boolean>;
}

/** It is looked up below its tenant, which stands in the same path. */
const belowItsTenant = () => true;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id of something of ours. Text of another form belongs to nothing: 404, and the database is
 * not asked.
 */
function idOf(what: string, isVisible: PathParameter<string>['isVisible']): PathParameter<string> {
  return {
    what,
    description: `The id of a ${what}.`,
    example: '8c4f6a0e-2f0b-4a53-9d0e-6b1f3c2a7d11',
    read: (text) => {
      if (!UUID.test(text)) throw notFound(what);
      return text.toLowerCase();
    },
    isVisible,
  };
}

const mac: PathParameter<Mac> = {
  what: 'device',
  description: 'The MAC address of a device, in any usual spelling.',
  example: '80:5e:c0:11:22:33',
  read: (text) => {
    const read = parseMac(text);
    if (read !== null) return read;
    throw new Problem(400, 'This is not a MAC address of one device, such as 80:5e:c0:11:22:33.');
  },
  isVisible: async (db, scope, value) => {
    const device = await findDeviceByMac(db, value);
    return device === null || isInScope(scope, device.tenantId);
  },
};

/** What may stand in braces in the path of an operation. */
export const PATH_PARAMETERS = {
  tenantId: idOf('tenant', (_db, scope, id) => isInScope(scope, id)),
  siteId: idOf('site', belowItsTenant),
  lineId: idOf('line', belowItsTenant),
  networkId: idOf('network', belowItsTenant),
  keyId: idOf('key', async (db, scope, id) => (await findApiKeyIn(db, id, scope)) !== null),
  webhookId: idOf('webhook', async (db, scope, id) => {
    const webhook = await findWebhook(db, id);
    return webhook === null || isInScope(scope, webhook.tenantId);
  }),
  /** It is looked up below its webhook. */
  deliveryId: idOf('delivery', () => true),
  jobId: idOf('job', async (db, scope, id) => (await findJob(db, id, scope)) !== null),
  mac,
  problem: {
    description: 'The name of a type of problem: what its URI ends in.',
    example: 'not-found',
    read: (text: string) => text,
  },
};

type Name = keyof typeof PATH_PARAMETERS;

/** The names in braces of a path. */
type NamesIn<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | NamesIn<Rest> : never;

/** The parameters of a path, read. */
export type PathOf<P extends string> = {
  [N in NamesIn<P> & Name]: ReturnType<(typeof PATH_PARAMETERS)[N]['read']>;
};

/** The names in braces, in their order. */
export function namesIn(path: string): Name[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as Name);
}

/** @throws Problem for what is not of its form */
export function readPath<P extends string>(path: P, request: Request): PathOf<P> {
  const read = namesIn(path).map((name) => [name, PATH_PARAMETERS[name].read(String(request.params[name]))]);
  return Object.fromEntries(read) as PathOf<P>;
}

/**
 * Refuses a path to what belongs to tenants that a key has not, as if it were not there. Every
 * operation that needs a key comes through here, whatever its handler looks at. @throws Problem 404
 */
export function requireVisible({ store }: Pick<ServiceContext, 'store'>, path: string): RequestHandler {
  return async (request, _response, next) => {
    const { scope } = callerOf(request);
    const named = scope === 'all' ? {} : readPath(path, request);
    for (const [name, value] of Object.entries<string>(named)) {
      const { isVisible, what } = PATH_PARAMETERS[name as Name] as PathParameter<string>;
      if (!(await isVisible(store.db, scope, value))) throw notFound(what);
    }
    next();
  };
}
