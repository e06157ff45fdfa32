import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { PhoneAccount } from '../../softphone/phone-setup.js';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { randomMacHex } from '../support/admin-api.js';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { plugIn } from '../support/phones.js';
import { Service } from '../support/service.js';
import { Sipp, sippUnavailable } from '../support/sipp.js';
import { createLine } from '../support/unclaimed-phones.js';
import { until } from '../support/wait-for.js';

const SKIP = sippUnavailable() ?? false;

describe('SIPp calls for a phone that nobody knows', { skip: SKIP, concurrency: 2 }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch({ env: { UNKNOWN_DEVICES: 'autoprov' } });
  });
  after(() => endsWithNothingLeft(service));

  it('dials the code of a line without a word, is hung up on, and told to fetch its configuration', async (t) => {
    const line = await createLine(service.api);
    const { macHex, phone, account } = await arrive(t);
    const sipp = await Sipp.start(t, call(account, line.provisioningCode));
    await sipp.reached('over');
    const device = await service.api.device(macHex);
    assert.deepEqual([device.tenantId, device.state], [line.tenantId, 'successful']);
    await until(async () => (await service.api.events(macHex, 'resync.answered'))[0], {
      within: 60_000,
      what: 'the NOTIFY to be answered',
    });
    await phone.provision();
    assert.equal(phone.setup?.accounts[0]?.user, line.sipUser);
    await sipp.pass('over');
    await sipp.succeeds();
  });

  it('dials a wrong code twice at once: two guesses are two', async (t) => {
    const { macHex, account } = await arrive(t);
    const sipp = await Sipp.start(t, { ...call(account, '00000000'), calls: 2 });
    await Promise.all([sipp.reached('over', { call: 0 }), sipp.reached('over', { call: 1 })]);
    const wrong = await service.api.events(macHex, 'code.wrong');
    assert.deepEqual(
      wrong.map(({ data }) => data.attemptsLeft).toSorted((a, b) => a - b),
      [1, 2],
    );
    assert.equal((await service.api.device(macHex)).tenantId, null);
    await sipp.pass('over', { call: 0 });
    await sipp.pass('over', { call: 1 });
    await sipp.succeeds();
  });

  function call(account: PhoneAccount, dialled: string) {
    const scenario = 'says-nothing-and-is-hung-up-on';
    return { scenario, remote: service.sip, account, dialled, outOfCall: 'answers-check-sync' };
  }

  /** Its phone holds the configuration; SIPp registers and calls in its place. */
  async function arrive(
    t: TestContext,
  ): Promise<{ macHex: string; phone: SimulatedPhone; account: PhoneAccount }> {
    const macHex = randomMacHex();
    const phone = await plugIn(t, service, { macHex });
    await phone.provision();
    const account = phone.setup?.accounts[0];
    if (account === undefined) throw new Error('The minimal configuration has no account.');
    return { macHex, phone, account };
  }
});
