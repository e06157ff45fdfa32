import type { z } from 'zod';
import { API_KEY } from './api-keys.js';
import { CONFIGURATION_QUERY } from './device-configuration.js';
import { DEVICE, DEVICE_PATCH, DEVICE_QUERY } from './devices.js';
import { EXPORT_QUERY, IMPORT_QUERY } from './devices-csv.js';
import { EVENT_QUERY } from './events.js';
import { LINE, LINE_PATCH } from './lines.js';
import { NETWORK } from './networks.js';
import { pageSchema } from './page.js';
import { RISK_QUERY } from './security.js';
import { SITE, SITE_PATCH } from './sites.js';
import { TENANT, TENANT_PATCH } from './tenants.js';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** A call of the API, as its description needs it. The schemas are those that requests are checked by. */
export interface Operation {
  method: Method;
  /** Parameters in braces. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType | 'text/csv';
  /** When it went well; 200 unless it says otherwise. */
  status?: 200 | 201 | 204;
  /** JSON unless it says otherwise; null: nothing. */
  answer?: 'text/csv' | 'text/html' | null;
  /** Needs no key. */
  isOpen?: true;
}

type Given = Omit<Operation, 'method' | 'path' | 'summary'>;

const get = (path: string, summary: string, given: Given = {}): Operation => ({
  method: 'get',
  path,
  summary,
  ...given,
});
const post = (path: string, summary: string, given: Given = {}): Operation => ({
  method: 'post',
  path,
  summary,
  ...given,
});

/** What can be made, listed, read, changed and deleted. */
function collection(
  path: string,
  one: string,
  create: z.ZodType,
  query: z.ZodObject,
  patch: z.ZodType | null,
  key = 'id',
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
          },
        ];
  return [
    post(path, `Makes ${one}`, { body: create, status: 201 }),
    get(path, `Lists them, page by page`, { query }),
    get(item, `Answers ${one}`),
    ...change,
    { method: 'delete', path: item, summary: `Deletes ${one}`, status: 204, answer: null },
  ];
}

const API = '/api/v1';
const TENANT_ITEM = `${API}/tenants/{tenantId}`;
const DEVICE_ITEM = `${API}/devices/{mac}`;

export const OPERATIONS: readonly Operation[] = [
  ...collection(`${API}/tenants`, 'a tenant', TENANT, pageSchema, TENANT_PATCH, 'tenantId'),
  ...collection(`${TENANT_ITEM}/sites`, 'a site of a tenant', SITE, pageSchema, SITE_PATCH),
  ...collection(`${TENANT_ITEM}/lines`, 'a line of a tenant', LINE, pageSchema, LINE_PATCH),
  ...collection(`${TENANT_ITEM}/networks`, 'a trusted network of a tenant', NETWORK, pageSchema, null),
  ...collection(`${API}/devices`, 'a device', DEVICE, DEVICE_QUERY, DEVICE_PATCH, 'mac'),
  get(
    `${DEVICE_ITEM}/configuration`,
    'Shows what its phone would get and why, with everything secret masked',
    { query: CONFIGURATION_QUERY },
  ),
  post(`${DEVICE_ITEM}/reset-authentication`, 'Ends what was proved, and makes a new PIN'),
  post(`${DEVICE_ITEM}/suspend-authentication`, 'Lets its phone in without a PIN for a while'),
  post(`${DEVICE_ITEM}/authorize-provisioning`, 'Approves its phone under a window policy'),
  post(`${DEVICE_ITEM}/reset-to-autoprov`, 'Has its phone wait for the code of a line again'),
  post(`${DEVICE_ITEM}/resync`, 'Asks its phone to fetch its configuration'),
  get(`${API}/devices.csv`, 'Exports devices', { query: EXPORT_QUERY, answer: 'text/csv' }),
  post(`${API}/devices.csv`, 'Makes the devices that the lines of a file ask for', {
    query: IMPORT_QUERY,
    body: 'text/csv',
  }),
  get(`${API}/unknown-devices`, 'Lists the phones that asked for a MAC which nobody has created', {
    query: pageSchema,
  }),
  get(`${API}/events`, 'Reads the audit log, oldest first', { query: EVENT_QUERY }),
  post(`${API}/api-keys`, 'Makes an administrator key; it is answered this once', {
    body: API_KEY,
    status: 201,
  }),
  get(`${API}/api-keys`, 'Lists the administrator keys'),
  {
    method: 'delete',
    path: `${API}/api-keys/{id}`,
    summary: 'Removes an administrator key',
    status: 204,
    answer: null,
  },
  get(`${API}/security/guess-risk`, 'Tells how likely it is that a PIN is guessed within a year', {
    query: RISK_QUERY,
  }),
  get('/', 'The first page', { answer: 'text/html', isOpen: true }),
  get('/docs', 'This description, for people', { answer: 'text/html', isOpen: true }),
  get('/openapi.json', 'This description, for programs', { isOpen: true }),
  get('/healthz', 'Whether the process lives', { isOpen: true }),
  get('/readyz', 'Whether phones can fetch, register and be heard; 503 with what is missing', {
    isOpen: true,
  }),
];
