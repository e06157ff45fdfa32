import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { Service } from '../support/service.js';
import { Sipp, sippUnavailable } from '../support/sipp.js';
import type { SippOptions } from '../support/sipp-command.js';
import { type UnpackedPhone, unpackPhone } from '../support/unpacked-phone.js';
import { until } from '../support/wait-for.js';

const SKIP = sippUnavailable() ?? false;

describe('SIPp calls the authentication service', { skip: SKIP, concurrency: 3 }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(() => endsWithNothingLeft(service));

  it('and is let in with the right PAP, is hung up on, and told to fetch its configuration', async (t) => {
    const unpacked = await unpackPhone(t, service);
    await proveItself(t, unpacked, { scenario: 'is-hung-up-on', keyed: `,${unpacked.pap}#` });
  });

  it('the same over TCP', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await proveItself(t, unpacked, {
      scenario: 'is-hung-up-on',
      keyed: `,${unpacked.pap}#`,
      transport: 'tcp',
    });
    assert.match(sipp.messages, /^TCP message received .*\n\nNOTIFY /m);
  });

  it('and keys while the prompt is spoken, without #', async (t) => {
    const unpacked = await unpackPhone(t, service);
    await proveItself(t, unpacked, { scenario: 'is-hung-up-on', keyed: unpacked.pap });
  });

  it('and keys by SIP INFO', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const keys = unpacked.pap.split('').map((digit, index) => [`key${index + 1}`, digit] as const);
    const values = Object.fromEntries(keys);
    await proveItself(t, unpacked, { scenario: 'keys-by-info-and-is-hung-up-on', values });
  });

  it('without SDP, and is offered some in the answer', async (t) => {
    const unpacked = await unpackPhone(t, service);
    await proveItself(t, unpacked, {
      scenario: 'is-offered-audio-in-the-answer',
      keyed: `,${unpacked.pap}#`,
    });
  });

  it('and is locked after three wrong PAPs in one call', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const wrong = [1, 2, 3].map((step) => wrongPap(unpacked.pap, step));
    const sipp = await Sipp.start(t, {
      ...call(unpacked),
      scenario: 'is-hung-up-on',
      // Half a second after each entry, so that the next one is begun while the news is told.
      keyed: `,${wrong.join('#,')}#`,
    });
    await sipp.reached('over');
    const device = await service.api.device(unpacked.macHex);
    assert.equal(device.state, 'failed');
    assert.equal(device.pap, unpacked.pap);
    assert.equal((await service.api.events(unpacked.macHex, 'pap.wrong')).length, 3);
    await until(() => eventOf(unpacked, 'resync.answered'), {
      within: 60_000,
      what: 'the failed phone to be told',
    });
    await unpacked.phone.provision();
    assert.equal(unpacked.phone.setup?.display, 'Authentication failed');
    await sipp.pass('over');
    await sipp.succeeds();
  });

  it('twice at once from one phone: three wrong PAPs are three, whichever call they came by', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const wrong = [1, 2, 3].map((step) => wrongPap(unpacked.pap, step));
    const sipp = await Sipp.start(t, {
      ...call(unpacked),
      scenario: 'is-hung-up-on',
      keyed: `,${wrong.join('#,')}#`,
      calls: 2,
    });
    await Promise.all([sipp.reached('over', { call: 0 }), sipp.reached('over', { call: 1 })]);
    assert.equal((await service.api.device(unpacked.macHex)).state, 'failed');
    assert.equal((await service.api.events(unpacked.macHex, 'pap.wrong')).length, 3);
    assert.equal((await service.api.events(unpacked.macHex, 'device.failed')).length, 1);
    await sipp.pass('over', { call: 0 });
    await sipp.pass('over', { call: 1 });
    await sipp.succeeds();
  });

  it('twice at once from one phone with the right PAP: one call is let in, the other hears that it is done', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await Sipp.start(t, {
      ...call(unpacked),
      scenario: 'is-hung-up-on',
      keyed: `,,${unpacked.pap}#`,
      calls: 2,
    });
    await Promise.all([sipp.reached('over', { call: 0 }), sipp.reached('over', { call: 1 })]);
    assert.equal((await service.api.device(unpacked.macHex)).state, 'successful');
    assert.equal((await service.api.events(unpacked.macHex, 'pap.accepted')).length, 1);
    await sipp.pass('over', { call: 0 });
    await sipp.pass('over', { call: 1 });
    await sipp.succeeds();
  });

  function call({ account }: UnpackedPhone): Omit<SippOptions, 'scenario'> {
    return { remote: service.sip, account, dialled: '*89', outOfCall: 'answers-check-sync' };
  }

  /** A call with the right PAP, up to the full configuration. */
  async function proveItself(t: TestContext, unpacked: UnpackedPhone, options: SippOptions): Promise<Sipp> {
    const sipp = await Sipp.start(t, { ...call(unpacked), ...options });
    await sipp.reached('over');
    const device = await service.api.device(unpacked.macHex);
    assert.equal(device.state, 'successful');
    await until(() => eventOf(unpacked, 'resync.answered'), {
      within: 60_000,
      what: 'the NOTIFY to be answered',
    });
    await unpacked.phone.provision();
    assert.equal(unpacked.phone.setup?.accounts[0]?.user, unpacked.line.sipUser);
    await sipp.pass('over');
    await sipp.succeeds();
    const notify = sipp.received.find((message) => message.startsWith('NOTIFY '));
    assert.match(notify ?? '', /^Event: check-sync/m);
    return sipp;
  }

  async function eventOf({ macHex }: UnpackedPhone, type: string): Promise<unknown> {
    return (await service.api.events(macHex, type))[0];
  }
});
