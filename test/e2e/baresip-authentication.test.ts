import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { Baresip, baresipUnavailable } from '../support/baresip.js';
import { freePort } from '../support/free-port.js';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { Service } from '../support/service.js';
import { type UnpackedPhone, unpackPhone } from '../support/unpacked-phone.js';
import { until } from '../support/wait-for.js';

describe('baresip', { skip: baresipUnavailable() ?? false, concurrency: 2 }, () => {
  let service: Service;
  let gatewayPort: number;
  before(async () => {
    gatewayPort = await freePort();
    service = await Service.launch({ env: { EMERGENCY_ROUTE: `sip:127.0.0.1:${gatewayPort}` } });
  });
  after(() => endsWithNothingLeft(service));

  it('registers, calls, hears the prompts, keys the right PAP, and is let in', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const baresip = await registered(t, unpacked);
    await baresip.call(uriOf('*89'));
    await baresip.saw('CALL_RTPESTAB');
    await baresip.key(`${unpacked.pap}#`);
    await baresip.saw('CALL_CLOSED');

    assert.equal((await service.api.device(unpacked.macHex)).state, 'successful');
    assert.ok(baresip.heard().sound > 2, `it heard ${JSON.stringify(baresip.heard())}`);
    // Its answer is 481: it knows no check-sync. It was told, at the place where it registered.
    const failed = await until(async () => (await service.api.events(unpacked.macHex, 'resync.failed'))[0], {
      within: 60_000,
      what: 'the NOTIFY to be answered',
    });
    assert.equal(failed.data.status, 481);
    await unpacked.phone.provision();
    assert.equal(unpacked.phone.setup?.accounts[0]?.user, unpacked.line.sipUser);
  });

  it('is locked after three wrong PAPs, hears so when it calls again, and reaches 112 all the same', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const baresip = await registered(t, unpacked);
    await baresip.call(uriOf('*89'));
    for (const step of [1, 2, 3]) {
      await baresip.key(`${wrongPap(unpacked.pap, step)}#`);
      await until(async () => (await wrongOnes(unpacked)) === step, { within: 60_000, what: 'the verdict' });
    }
    await baresip.saw('CALL_CLOSED');
    assert.equal((await service.api.device(unpacked.macHex)).state, 'failed');

    const { sound } = baresip.heard();
    await baresip.call(uriOf('*89'));
    await baresip.key(`${unpacked.pap}#`);
    await baresip.saw('CALL_CLOSED', { times: 2 });
    assert.ok(baresip.heard().sound > sound + 2, 'it is told');
    assert.equal(await wrongOnes(unpacked), 3);
    assert.equal((await service.api.device(unpacked.macHex)).state, 'failed');

    const gateway = await Baresip.start(t, gatewayPort);
    await gateway.takeName('112', { answers: true });
    await baresip.call(uriOf('112'));
    await baresip.key('5');
    assert.equal(await gateway.saw('CALL_DTMF_START'), '5', 'the gateway hears the caller');
    await gateway.key('7');
    assert.equal(await baresip.saw('CALL_DTMF_START'), '7', 'the caller hears the gateway');
    await baresip.hangUp();
    await gateway.saw('CALL_CLOSED');
  });

  it('hangs up while the prompt is spoken: nothing was tried', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const baresip = await registered(t, unpacked);
    await baresip.call(uriOf('*89'));
    await baresip.saw('CALL_RTPESTAB');
    await baresip.hangUp();
    const ended = await until(
      async () => (await service.api.events(unpacked.macHex, 'call.authentication'))[0],
      { what: 'the end of the call' },
    );
    assert.equal(ended.data.outcome, 'abandoned');
    assert.equal((await service.api.device(unpacked.macHex)).state, 'needed');
  });

  function uriOf(dialled: string): string {
    return `sip:${dialled}@${service.sip.host}:${service.sip.port}`;
  }

  async function wrongOnes({ macHex }: UnpackedPhone): Promise<number> {
    return (await service.api.events(macHex, 'pap.wrong')).length;
  }
});

async function registered(t: TestContext, { account }: UnpackedPhone): Promise<Baresip> {
  const baresip = await Baresip.start(t);
  await baresip.register(account);
  return baresip;
}
