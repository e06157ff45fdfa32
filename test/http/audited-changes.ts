/** Every call that changes something, and what it writes into the audit log. */
import { ADMIN_KEY, MAC } from './admin-server.js';

export const FILE = 'mac,vendor\n80:5e:c0:44:55:66,yealink\n';
export const LINE = { label: '101', sipUser: '101', password: 'the line password', registrar: 'pbx.example' };
const RECEIVER = 'https://receiver.example/hook';
export const CODE = '918273';
export const OTHER_CODE = '645546';

interface Change {
  what: string;
  make: (made: Made) => [method: string, path: string, body?: unknown];
  /** The events that it writes, apart from PAPs that the answer reveals. */
  writes: string[];
  /** What the first of them says; further members do not matter. */
  says?: object;
}

/** Ids of what was made before. */
export type Made = Record<
  'tenant' | 'other' | 'site' | 'line' | 'network' | 'key' | 'webhook' | 'delivery',
  string
>;

/** Every call that changes something, once at the least. */
export const CHANGES: Change[] = [
  {
    what: 'tenant',
    make: () => ['POST', '/tenants', { name: 'Example Ltd', policy: { maxAttempts: 5 } }],
    writes: ['tenant.created'],
    says: { name: 'Example Ltd', policy: { maxAttempts: 5 } },
  },
  { what: 'other', make: () => ['POST', '/tenants', { name: 'Other' }], writes: ['tenant.created'] },
  {
    what: 'tenant changed',
    make: ({ tenant }) => [
      'PATCH',
      `/tenants/${tenant}`,
      { name: 'Example Inc', policy: { maxAttempts: null, strict: true } },
    ],
    writes: ['tenant.updated'],
    says: {
      name: 'Example Inc',
      changed: ['name', 'policy'],
      policy: { strict: { from: false, to: true }, maxAttempts: { from: 5, to: 3 } },
    },
  },
  {
    what: 'tenant as it was',
    make: ({ tenant }) => ['PATCH', `/tenants/${tenant}`, { name: 'Example Inc' }],
    writes: [],
  },
  {
    what: 'site',
    make: ({ tenant }) => ['POST', `/tenants/${tenant}/sites`, { name: 'Berlin' }],
    writes: ['site.created'],
    says: { name: 'Berlin' },
  },
  {
    what: 'site changed',
    make: ({ tenant, site }) => [
      'PATCH',
      `/tenants/${tenant}/sites/${site}`,
      { emergencyRoute: 'sip:user:route-password@gateway.example' },
    ],
    writes: ['site.updated'],
    says: { name: 'Berlin', changed: ['emergencyRoute'] },
  },
  {
    what: 'line',
    make: ({ tenant }) => ['POST', `/tenants/${tenant}/lines`, { ...LINE, provisioningCode: CODE }],
    writes: ['line.created'],
    says: { name: '101' },
  },
  {
    what: 'line changed',
    make: ({ tenant, line }) => [
      'PATCH',
      `/tenants/${tenant}/lines/${line}`,
      { password: 'another line password', provisioningCode: OTHER_CODE },
    ],
    writes: ['line.updated'],
    says: { name: '101', changed: ['provisioningCode', 'password'] },
  },
  {
    what: 'network',
    make: ({ tenant }) => ['POST', `/tenants/${tenant}/networks`, { cidr: '192.0.2.0/24' }],
    writes: ['network.opened'],
    says: { prefix: '192.0.2.0/24' },
  },
  {
    what: 'device',
    make: ({ tenant, line }) => [
      'POST',
      '/devices',
      { mac: MAC, vendor: 'yealink', tenantId: tenant, lines: [line] },
    ],
    writes: ['device.created'],
  },
  {
    what: 'device changed',
    make: () => [
      'PATCH',
      `/devices/${MAC}`,
      { label: 'Anna', settings: { raw: { yealink: { 'phone.password': 'a phone password' } } } },
    ],
    writes: ['device.updated'],
    says: { changed: ['label', 'settings'] },
  },
  {
    what: 'reset',
    make: () => ['POST', `/devices/${MAC}/reset-authentication`],
    writes: ['authentication.reset'],
  },
  {
    what: 'suspended',
    make: () => ['POST', `/devices/${MAC}/suspend-authentication`],
    writes: ['authentication.suspended'],
  },
  {
    what: 'suspension ended',
    make: () => ['POST', `/devices/${MAC}/end-suspension`],
    writes: ['authentication.resumed'],
  },
  {
    what: 'authorized',
    make: () => ['POST', `/devices/${MAC}/authorize-provisioning`],
    writes: ['provisioning.authorized'],
  },
  // Changes nothing; that the phone is told is written when it is.
  { what: 'resync', make: () => ['POST', `/devices/${MAC}/resync`], writes: [] },
  {
    what: 'to autoprov',
    make: () => ['POST', `/devices/${MAC}/reset-to-autoprov`],
    writes: ['device.reset_to_autoprov'],
  },
  {
    what: 'file',
    make: ({ tenant }) => ['POST', `/devices.csv?tenantId=${tenant}`, FILE],
    writes: ['device.created'],
  },
  {
    what: 'key',
    make: () => ['POST', '/api-keys', { name: 'crm' }],
    writes: ['api_key.created'],
    says: { name: 'crm' },
  },
  {
    what: 'key rotated',
    make: ({ key }) => ['POST', `/api-keys/${key}/rotate`],
    writes: ['api_key.rotated'],
  },
  {
    what: 'webhook',
    make: () => ['POST', '/webhooks', { url: `${RECEIVER}?token=url-secret`, types: ['pap.wrong'] }],
    writes: ['webhook.created'],
    says: { name: 'receiver.example' },
  },
  {
    what: 'webhook changed',
    make: ({ webhook }) => ['PATCH', `/webhooks/${webhook}`, { url: RECEIVER, types: ['pap.accepted'] }],
    writes: ['webhook.updated'],
    says: { changed: ['url', 'types'] },
  },
  {
    what: 'webhook as it was',
    make: ({ webhook }) => ['PATCH', `/webhooks/${webhook}`, { url: RECEIVER }],
    writes: [],
  },
  {
    what: 'webhook rotated',
    make: ({ webhook }) => ['POST', `/webhooks/${webhook}/rotate-secret`],
    writes: ['webhook.updated'],
    says: { changed: ['secret'] },
  },
  // Deliveries have a list of their own.
  {
    what: 'delivery replayed',
    make: ({ webhook, delivery }) => ['POST', `/webhooks/${webhook}/deliveries/${delivery}/replay`],
    writes: [],
  },
  {
    what: 'deliveries replayed',
    make: ({ webhook }) => ['POST', `/webhooks/${webhook}/replay`],
    writes: [],
  },
  {
    what: 'webhook deleted',
    make: ({ webhook }) => ['DELETE', `/webhooks/${webhook}`],
    writes: ['webhook.deleted'],
  },
  { what: 'log verified', make: () => ['POST', '/audit/verify'], writes: [] },
  { what: 'session', make: () => ['POST', '/session', { key: ADMIN_KEY }], writes: ['session.started'] },
  {
    what: 'key deleted',
    make: ({ key }) => ['DELETE', `/api-keys/${key}`],
    writes: ['api_key.deleted'],
    says: { name: 'crm' },
  },
  { what: 'device deleted', make: () => ['DELETE', `/devices/${MAC}`], writes: ['device.deleted'] },
  {
    what: 'network deleted',
    make: ({ tenant, network }) => ['DELETE', `/tenants/${tenant}/networks/${network}`],
    writes: ['network.closed'],
  },
  {
    what: 'line deleted',
    make: ({ tenant, line }) => ['DELETE', `/tenants/${tenant}/lines/${line}`],
    writes: ['line.deleted'],
  },
  {
    what: 'site deleted',
    make: ({ tenant, site }) => ['DELETE', `/tenants/${tenant}/sites/${site}`],
    writes: ['site.deleted'],
  },
  {
    what: 'tenant deleted',
    make: ({ tenant }) => ['DELETE', `/tenants/${tenant}?cascade=true&expect=1`],
    writes: ['device.deleted', 'tenant.deleted'],
  },
];
