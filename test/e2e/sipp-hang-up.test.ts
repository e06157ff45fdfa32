import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { Service } from '../support/service.js';
import { Sipp, sippUnavailable } from '../support/sipp.js';
import { type UnpackedPhone, unpackPhone } from '../support/unpacked-phone.js';
import { until } from '../support/wait-for.js';

describe('SIPp hangs up', { skip: sippUnavailable() ?? false, concurrency: 3 }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(() => endsWithNothingLeft(service));

  it('before the answer: 487, and there was no call', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'cancels-before-the-answer');
    await sipp.pass('over');
    await sipp.succeeds();
    await nothingWasTried(unpacked);
  });

  it('with the answer', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'hangs-up-when-told');
    await sipp.pass('keyed');
    await isOver(sipp, unpacked, 'abandoned');
    await nothingWasTried(unpacked);
  });

  it('during the first prompt', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'hangs-up-when-told', ',,');
    await sipp.pass('keyed');
    await isOver(sipp, unpacked, 'abandoned');
    await nothingWasTried(unpacked);
  });

  it('after two digits', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'hangs-up-when-told', `,${unpacked.pap.slice(0, 2)}`);
    await sipp.pass('keyed');
    await isOver(sipp, unpacked, 'abandoned');
    await nothingWasTried(unpacked);
  });

  it('with the last digit, which might not have been the last', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'hangs-up-at-once', `,${unpacked.pap}`);
    await isOver(sipp, unpacked, 'abandoned');
    await nothingWasTried(unpacked);
  });

  it('while it is told that the PAP was wrong: that counts', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'hangs-up-when-told', `,${wrongPap(unpacked.pap)}#`);
    await until(async () => (await service.api.events(unpacked.macHex, 'pap.wrong')).length === 1);
    await sipp.pass('keyed');
    await isOver(sipp, unpacked, 'abandoned');
    assert.equal((await service.api.events(unpacked.macHex, 'pap.wrong')).length, 1);
    assert.equal((await service.api.device(unpacked.macHex)).state, 'needed');
  });

  it('while it is told that it is locked: the lock stands', async (t) => {
    const unpacked = await unpackPhone(t, service, { policy: { maxAttempts: 1 } });
    const sipp = await dial(t, unpacked, 'hangs-up-when-told', `,${wrongPap(unpacked.pap)}#`);
    await inState(unpacked, 'failed');
    await sipp.pass('keyed');
    await isOver(sipp, unpacked, 'locked');
    assert.equal((await service.api.device(unpacked.macHex)).state, 'failed');
  });

  it('while it is told that it is let in: the verdict stands, and the NOTIFY comes all the same', async (t) => {
    const unpacked = await unpackPhone(t, service);
    const sipp = await dial(t, unpacked, 'hangs-up-when-told', `,${unpacked.pap}#`);
    await inState(unpacked, 'successful');
    await sipp.pass('keyed');
    await sipp.reached('over');
    await until(async () => (await service.api.events(unpacked.macHex, 'resync.answered'))[0], {
      within: 60_000,
      what: 'the NOTIFY to be answered',
    });
    await unpacked.phone.provision();
    assert.equal(unpacked.phone.setup?.accounts[0]?.user, unpacked.line.sipUser);
    await isOver(sipp, unpacked, 'accepted');
  });

  function dial(t: TestContext, { account }: UnpackedPhone, scenario: string, keyed = ''): Promise<Sipp> {
    const outOfCall = 'answers-check-sync';
    return Sipp.start(t, { scenario, remote: service.sip, account, dialled: '*89', keyed, outOfCall });
  }

  /** Waits for the end of the call at both sides. */
  async function isOver(sipp: Sipp, { macHex }: UnpackedPhone, outcome: string): Promise<void> {
    await sipp.pass('over');
    await sipp.succeeds();
    const ended = await until(async () => (await service.api.events(macHex, 'call.authentication'))[0], {
      what: 'the end of the call',
    });
    assert.equal(ended.data.outcome, outcome);
  }

  async function inState({ macHex }: UnpackedPhone, state: string): Promise<void> {
    const isInState = async (): Promise<boolean> => (await service.api.device(macHex)).state === state;
    await until(isInState, { within: 60_000, every: 50, what: state });
  }

  async function nothingWasTried({ macHex, pap }: UnpackedPhone): Promise<void> {
    const device = await service.api.device(macHex);
    assert.deepEqual([device.state, device.pap], ['needed', pap]);
    const types = (await service.api.events(macHex)).map((event) => event.type);
    const verdicts = ['pap.accepted', 'pap.wrong', 'pap.refused'];
    assert.deepEqual(
      types.filter((type) => verdicts.includes(type)),
      [],
    );
  }
});
