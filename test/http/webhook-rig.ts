/** Webhooks of an admin app, and what delivers them. */
import type { TestContext } from 'node:test';
import { startSweep } from '../../src/services/sweep.js';
import { WebhookDispatcher } from '../../src/webhooks/dispatcher.js';
import { WebhookTargets } from '../../src/webhooks/targets.js';
import { until } from '../support/wait-for.js';
import { type Admin, type Json, expectStatus } from './admin-server.js';

const TARGETS = new WebhookTargets('allow');

/** What a process with the role `admin` does; ends with the test. */
export function deliver(admin: Admin, t: TestContext): WebhookDispatcher {
  const { context, auditLog } = admin;
  const dispatcher = new WebhookDispatcher(context, { targets: TARGETS, observe: () => undefined });
  const watch = startSweep(
    admin.context.log,
    [
      { what: 'the audit log', look: () => auditLog.sealer.look() },
      { what: 'webhooks', look: () => dispatcher.look() },
    ],
    20,
  );
  t.after(async () => {
    await Promise.all([watch.stop(), dispatcher.stop()]);
  });
  return dispatcher;
}

export async function makeWebhook(admin: Admin, url: string, fields: object = {}): Promise<Json> {
  return expectStatus(admin.post('/webhooks', { url, types: ['device.created'], ...fields }), 201);
}

export async function deliveriesOf(admin: Admin, { id }: Json, query = ''): Promise<Json[]> {
  return (await expectStatus(admin.get(`/webhooks/${id}/deliveries?${query}`), 200)).items;
}

/** Waits until the last delivery has come to something. */
export async function untilState(admin: Admin, webhook: Json, state: string): Promise<Json> {
  return until(async () => (await deliveriesOf(admin, webhook, `state=${state}`))[0], { what: state });
}
