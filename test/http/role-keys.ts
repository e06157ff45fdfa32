/** Keys with a role, and what there is for them to be kept out of. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '../../src/domain/role.js';
import { insertDeliveries } from '../../src/store/webhook-deliveries.js';
import { type Admin, type Answer, expectStatus } from './admin-server.js';

/** The objects of one tenant, by the names that paths have for them. */
export type Objects = Record<string, string>;

/**
 * A tenant with one of everything, each named by the marker. Whatever is secret has the word in it.
 */
export async function makeObjects(admin: Admin, marker: string): Promise<Objects> {
  const { id: tenantId } = await expectStatus(
    admin.post('/tenants', {
      name: `${marker} tenant`,
      emergencyRoute: 'sip:gate:route-secret@gw.example',
    }),
    201,
  );
  const below = `/tenants/${tenantId}`;
  const site = { name: `${marker} site`, settings: { raw: { yealink: { 'a.b': 'raw-secret' } } } };
  const { id: siteId } = await expectStatus(admin.post(`${below}/sites`, site), 201);
  const line = {
    label: `${marker} line`,
    sipUser: marker,
    password: 'line-secret',
    registrar: 'pbx.example',
  };
  const { id: lineId } = await expectStatus(admin.post(`${below}/lines`, line), 201);
  const network = { cidr: '192.0.2.0/28', label: `${marker} network` };
  const { id: networkId } = await expectStatus(admin.post(`${below}/networks`, network), 201);
  const mac = `80:5e:c0:${(randomBytes(3).toString('hex').match(/../g) ?? []).join(':')}`;
  const device = { mac, vendor: 'yealink', tenantId, siteId, lines: [lineId], label: `${marker} device` };
  await expectStatus(admin.post('/devices', device), 201);
  const key = { name: `${marker} key`, role: 'operator', tenantIds: [tenantId] };
  const { id: keyId, key: secret } = await expectStatus(admin.post('/api-keys', key), 201);
  const order = { action: 'resync', macs: [mac] };
  const { jobId } = await expectStatus(askAs(admin, secret, 'POST', '/devices/actions', order), 202);
  const webhook = { url: `https://${marker}.example/`, types: ['pap.wrong'], tenantId };
  const { id: webhookId } = await expectStatus(admin.post('/webhooks', webhook), 201);
  const deliveryId = randomUUID();
  await queueDelivery(admin, webhookId, deliveryId);
  return { tenantId, siteId, lineId, networkId, mac, keyId, jobId, webhookId, deliveryId };
}

/** As of an event; nothing delivers it. */
export async function queueDelivery(admin: Admin, webhookId: string, id: string): Promise<void> {
  const { store, clock } = admin.context;
  await insertDeliveries(store.db, webhookId, [{ id, position: 1, type: 'pap.wrong' }], clock.now());
}

/** Asks with a key; a file is answered as its text. */
export async function askAs(
  admin: Admin,
  key: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isFile = /^\/\w+\.(?:csv|ndjson)/.test(path) && method === 'GET';
  if (!isFile) return admin.ask(method, path, body, { authorization: `Bearer ${key}`, ...headers });
  const answer = await fetch(`${admin.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

export async function makeKey(admin: Admin, role: Role, tenantIds: string[]): Promise<string> {
  const made = { name: `the ${role}`, role, tenantIds };
  return (await expectStatus(admin.post('/api-keys', made), 201)).key;
}
