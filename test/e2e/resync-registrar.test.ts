/**
 * Phones that have their full configuration are registered at the operator's own PBX: they are told
 * to fetch through it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import type { CreatedPhone } from '../support/admin-api.js';
import { nextConfiguration, plugIn } from '../support/phones.js';
import { Registrar } from '../support/registrar.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

describe('a phone that is registered at a PBX', { concurrency: true }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(() => service.kill());

  /** A phone that has its full configuration, and is registered where that says. */
  async function phoneAt(
    t: TestContext,
    passesOn: boolean,
  ): Promise<{ created: CreatedPhone; phone: SimulatedPhone; registrar: Registrar }> {
    const created = await service.api.createPhone({ policy: { secondFactor: 'none' } });
    const { sipUser: user, password } = created.line;
    const registrar = await Registrar.start(passesOn ? { user, password } : undefined);
    t.after(() => registrar.close());
    const line = `/tenants/${created.tenantId}/lines/${created.device.lines[0].id}`;
    await service.api.patch(line, { registrar: registrar.address });
    const phone = await plugIn(t, service, created);
    assert.equal(await phone.provision(), true);
    assert.equal(phone.setup?.accounts[0]?.user, user, 'it has its line');
    assert.equal(await phone.register(), 200);
    return { created, phone, registrar };
  }

  const resyncOf = async (created: CreatedPhone): Promise<Record<string, unknown>> =>
    (await service.api.device(created.macHex)).resync;

  it('is told through it, with the credentials of its line, and what became of it is shown', async (t) => {
    const { created, phone, registrar } = await phoneAt(t, true);
    const fetched = nextConfiguration(phone, 30_000);
    const asked = await service.api.need('POST', `/devices/${created.macHex}/resync`);
    assert.ok(
      ['due', 'sent', 'answered', 'fetched'].includes(asked.resync.outcome),
      'or it is quicker than the answer',
    );
    assert.equal(await fetched, created.line.label);
    assert.deepEqual(registrar.notified, ['challenged', 'passed on']);

    const to = `sip:${created.line.sipUser}@${registrar.address}`;
    await until(async () => (await resyncOf(created))['outcome'] === 'fetched', {
      what: 'the fetch is shown',
    });
    const { way, target } = await resyncOf(created);
    assert.deepEqual({ way, target }, { way: 'registrar', target: to });
    const answered = await until(
      async () => (await service.api.events(created.macHex, 'resync.answered'))[0],
    );
    assert.deepEqual(answered.data, { status: 200, to });
    assert.ok(!service.log.includes(created.line.password));
  });

  it('is told through it to let go of its line when its authentication is reset', async (t) => {
    const { created, phone } = await phoneAt(t, true);
    await service.api.patch(`/tenants/${created.tenantId}`, { policy: { secondFactor: 'pap' } });
    const fetched = nextConfiguration(phone, 30_000);
    await service.api.need('POST', `/devices/${created.macHex}/reset-authentication`);
    assert.equal(await fetched, 'Authentication needed');
  });

  it('and that PBX passes nothing on: that is reported', async (t) => {
    const { created, registrar } = await phoneAt(t, false);
    await service.api.need('POST', `/devices/${created.macHex}/resync`);
    const failed = await until(async () => (await service.api.events(created.macHex, 'resync.failed'))[0]);
    const to = `sip:${created.line.sipUser}@${registrar.address}`;
    assert.deepEqual(failed.data, { status: 405, failure: 'Method Not Allowed', to });
    const { outcome, status, failure } = await resyncOf(created);
    assert.deepEqual(
      { outcome, status, failure },
      { outcome: 'failed', status: 405, failure: 'Method Not Allowed' },
    );
  });
});
