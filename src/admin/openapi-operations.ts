import type { z } from 'zod';
import type { AnswerName } from './answers.js';
import { API_KEY } from './api-keys.js';
import { CONFIGURATION_QUERY } from './device-configuration.js';
import { DEVICE, DEVICE_ITEM_QUERY, DEVICE_PATCH, DEVICE_QUERY, SUSPENSION } from './devices.js';
import { EXPORT_QUERY, IMPORT_QUERY } from './devices-csv.js';
import { EVENT_QUERY } from './events.js';
import { LINE, LINE_PATCH } from './lines.js';
import { NETWORK } from './networks.js';
import { pageSchema } from './page.js';
import { REMOVAL_QUERY } from './removal.js';
import { RISK_QUERY } from './security.js';
import { SITE, SITE_PATCH } from './sites.js';
import { TENANT, TENANT_PATCH } from './tenants.js';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/**
 * A call of the API, as its description needs it. The schemas are those that requests are checked
 * by.
 */
export interface Operation {
  method: Method;
  /** Parameters in braces. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType | 'text/csv';
  isBodyOptional?: boolean;
  /** When it went well; 200 unless it says otherwise. */
  status?: 200 | 201 | 204;
  /** What it answers then: one of ours, any other JSON, a text of some type; null: nothing. */
  answer: AnswerName | 'Json' | 'text/csv' | 'text/html' | 'text/plain' | null;
  /** Who accepts `text/event-stream` is answered what comes, for as long as it stays. */
  isStreamed?: boolean;
  /** Needs no key. */
  isOpen?: true;
}

type Answered = Operation['answer'];
type Given = Omit<Operation, 'method' | 'path' | 'summary' | 'answer'>;

const get = (path: string, summary: string, answer: Answered, given: Given = {}): Operation => ({
  method: 'get',
  path,
  summary,
  answer,
  ...given,
});
const post = (path: string, summary: string, answer: Answered, given: Given = {}): Operation => ({
  method: 'post',
  path,
  summary,
  answer,
  ...given,
});

/** What can be made, listed, read, changed and deleted; with the parameters of each. */
interface Collection {
  create: z.ZodType;
  list: z.ZodObject;
  read?: z.ZodObject;
  patch: z.ZodType | null;
  remove?: z.ZodObject;
  /** What the path calls the one. */
  key?: string;
}

function collection(
  path: string,
  one: string,
  name: 'Tenant' | 'Site' | 'Line' | 'Network' | 'Device',
  { create, list, read, patch, remove, key = 'id' }: Collection,
): Operation[] {
  const item = `${path}/{${key}}`;
  const change: Operation[] =
    patch === null
      ? []
      : [
          {
            method: 'patch',
            path: item,
            summary: `Changes ${one}; what is not named stays, null takes away (RFC 7396)`,
            body: patch,
            answer: name,
          },
        ];
  return [
    post(path, `Makes ${one}`, name, { body: create, status: 201 }),
    get(path, `Lists them, page by page`, `${name}List`, { query: list }),
    get(item, `Answers ${one}`, name, read === undefined ? {} : { query: read }),
    ...change,
    {
      method: 'delete',
      path: item,
      summary: remove === undefined ? `Deletes ${one}` : `Deletes ${one}; 409 while others depend on it`,
      ...(remove !== undefined && { query: remove }),
      status: 204,
      answer: null,
    },
  ];
}

const API = '/api/v1';
const TENANT_ITEM = `${API}/tenants/{tenantId}`;
const DEVICE_ITEM = `${API}/devices/{mac}`;

export const OPERATIONS: readonly Operation[] = [
  ...collection(`${API}/tenants`, 'a tenant', 'Tenant', {
    create: TENANT,
    list: pageSchema,
    patch: TENANT_PATCH,
    remove: REMOVAL_QUERY,
    key: 'tenantId',
  }),
  ...collection(`${TENANT_ITEM}/sites`, 'a site of a tenant', 'Site', {
    create: SITE,
    list: pageSchema,
    patch: SITE_PATCH,
    remove: REMOVAL_QUERY,
  }),
  ...collection(`${TENANT_ITEM}/lines`, 'a line of a tenant', 'Line', {
    create: LINE,
    list: pageSchema,
    patch: LINE_PATCH,
    remove: REMOVAL_QUERY,
  }),
  ...collection(`${TENANT_ITEM}/networks`, 'a trusted network of a tenant', 'Network', {
    create: NETWORK,
    list: pageSchema,
    patch: null,
  }),
  ...collection(`${API}/devices`, 'a device', 'Device', {
    create: DEVICE,
    list: DEVICE_QUERY,
    read: DEVICE_ITEM_QUERY,
    patch: DEVICE_PATCH,
    key: 'mac',
  }),
  get(
    `${DEVICE_ITEM}/configuration`,
    'Shows what its phone would get and why, with everything secret masked',
    'Configuration',
    { query: CONFIGURATION_QUERY },
  ),
  post(`${DEVICE_ITEM}/reset-authentication`, 'Ends what was proved, and makes a new PIN', 'Device'),
  post(`${DEVICE_ITEM}/suspend-authentication`, 'Lets its phone in without a PIN for a while', 'Device', {
    body: SUSPENSION,
    isBodyOptional: true,
  }),
  post(`${DEVICE_ITEM}/end-suspension`, 'Asks its phone for the PIN again', 'Device'),
  post(`${DEVICE_ITEM}/authorize-provisioning`, 'Approves its phone under a window policy', 'Device'),
  post(`${DEVICE_ITEM}/reset-to-autoprov`, 'Has its phone wait for the code of a line again', 'Device'),
  post(`${DEVICE_ITEM}/resync`, 'Asks its phone to fetch its configuration', 'Device'),
  get(`${API}/devices.csv`, 'Exports devices', 'text/csv', { query: EXPORT_QUERY }),
  post(`${API}/devices.csv`, 'Makes the devices that the lines of a file ask for', 'ImportReport', {
    query: IMPORT_QUERY,
    body: 'text/csv',
  }),
  get(
    `${API}/unknown-devices`,
    'Lists the phones that asked for a MAC which nobody has created',
    'UnknownDeviceList',
    {
      query: pageSchema,
    },
  ),
  get(`${API}/events`, 'Reads the audit log, or follows it as server-sent events', 'EventList', {
    query: EVENT_QUERY,
    isStreamed: true,
  }),
  post(`${API}/api-keys`, 'Makes an administrator key; it is answered this once', 'NewApiKey', {
    body: API_KEY,
    status: 201,
  }),
  get(`${API}/api-keys`, 'Lists the administrator keys', 'ApiKeyList'),
  {
    method: 'delete',
    path: `${API}/api-keys/{id}`,
    summary: 'Removes an administrator key',
    status: 204,
    answer: null,
  },
  get(
    `${API}/security/guess-risk`,
    'Tells how likely it is that a PIN is guessed within a year',
    'GuessRisk',
    {
      query: RISK_QUERY,
    },
  ),
  get('/', 'The first page', 'text/html', { isOpen: true }),
  get('/docs', 'This description, for people', 'text/html', { isOpen: true }),
  get('/openapi.json', 'This description, for programs', 'Json', { isOpen: true }),
  get('/metrics', 'Counts and gauges in the text format of Prometheus', 'text/plain', { isOpen: true }),
  get('/healthz', 'Whether the process lives', 'Alive', { isOpen: true }),
  get('/readyz', 'Whether phones can fetch, register and be heard; 503 with what is missing', 'Ready', {
    isOpen: true,
  }),
];
