import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import type { PhoneCall } from '../../softphone/call.js';
import { ENGINES } from '../support/engines.js';
import { callService, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

/** Real engines have one SIP port for all services. */
const AT_ONCE = ENGINES['DRACHTIO_HOST'] === undefined ? 2 : 1;

describe('signals to the whole process group of npm start', { concurrency: AT_ONCE }, () => {
  for (const signals of [['SIGINT'], ['SIGTERM'], ['SIGINT', 'SIGTERM']] as const) {
    it(`${signals.join(' and ')} within two seconds is one wish: the call ends with BYE, the exit status is 0`, async (t) => {
      const { service, call } = await serviceInCall(t);
      for (const signal of signals) service.signalGroup(signal);
      assert.deepEqual(await once(service.process, 'close'), [0, null], service.log);
      assert.match(service.log, /"msg":"stopped"/);
      assert.equal(await call.ended, 'service');
    });
  }

  it('a later one ends it at once, with exit status 1', async (t) => {
    const { service } = await serviceInCall(t);
    service.signalGroup('SIGTERM');
    await until(() => service.log.includes('"msg":"stopping"'));
    await sleep(2_500);
    service.signalGroup('SIGTERM');
    const [status] = (await once(service.process, 'close')) as [number | null];
    assert.notEqual(status, 0);
    assert.doesNotMatch(service.log, /"msg":"stopped"/);
  });
});

/** A service with a call that waits for the PIN. */
async function serviceInCall(t: TestContext): Promise<{ service: Service; call: PhoneCall }> {
  const service = await Service.start(t, { byNpm: true });
  const phone = await registeredPhone(t, service, await service.api.createPhone());
  return { service, call: await callService(phone) };
}
