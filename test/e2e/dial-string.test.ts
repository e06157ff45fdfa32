/**
 * `*89*<PAP>` as one dial string: the verdict of a keyed PAP and its announcements, and no digit of
 * it in anything that is written.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { hearFirst, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';
import { Sipp, sippUnavailable } from '../support/sipp.js';
import { unpackPhone } from '../support/unpacked-phone.js';
import { until } from '../support/wait-for.js';

describe('a PAP in the dial string', { concurrency: true }, () => {
  let service: Service;
  const dialled: string[] = [];
  before(async () => {
    // DEBUG has libraries trace whole messages, if they see it.
    service = await Service.launch({ env: { LOG_LEVEL: 'trace', DEBUG: '*' } });
  });
  after(async () => {
    const { items } = await service.api.need('GET', '/events?limit=500');
    const metrics = await (await fetch(`${service.facts.adminUrl}/metrics`)).text();
    await service.stop();
    assert.ok(
      dialled.length > 10 && service.log.includes('"msg":"call ended"'),
      'there was something to find',
    );
    for (const [where, text] of Object.entries({
      log: service.log,
      events: JSON.stringify(items),
      metrics,
    })) {
      for (const digits of dialled) assert.ok(!text.includes(digits), `${digits} is in the ${where}`);
    }
  });

  const note = (digits: string): string => {
    dialled.push(digits);
    return digits;
  };
  const verdicts = async (macHex: string): Promise<string[]> =>
    (await service.api.events(macHex)).flatMap(({ type }) =>
      type.startsWith('pap.') && type !== 'pap.revealed' ? [type] : [],
    );

  const FORMS = {
    'as it is': (pap: string) => `*89*${pap}`,
    'with a # at its end': (pap: string) => `*89*${pap}%23`,
    'with a # as it is keyed': (pap: string) => `*89*${pap}#`,
    'with every star escaped': (pap: string) => `%2A89%2A${pap}`,
    'with the phone’s own parameters': (pap: string) => `*89*${pap};phone-context=+49`,
  };
  for (const [form, write] of Object.entries(FORMS)) {
    it(
      `lets SIPp in, ${form}: it is hung up on, and told to fetch`,
      { skip: sippUnavailable() ?? false },
      async (t) => {
        const { account, macHex, pap } = await unpackPhone(t, service);
        const call = { scenario: 'says-nothing-and-is-hung-up-on', outOfCall: 'answers-check-sync' };
        const sipp = await Sipp.start(t, {
          ...call,
          remote: service.sip,
          account,
          dialled: write(note(pap)),
        });
        await sipp.reached('over');
        assert.equal((await service.api.device(macHex)).state, 'successful');
        await until(async () => (await service.api.events(macHex, 'resync.answered'))[0], {
          what: 'the NOTIFY',
        });
        await sipp.pass('over');
        await sipp.succeeds();
        assert.deepEqual(await verdicts(macHex), ['pap.accepted']);
      },
    );
  }

  it('that is wrong counts, and how many tries are left is said', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    assert.equal(await hearFirst(phone, `*89*${note(wrongPap(created.pap))}`), 'pin-incorrect');
    assert.deepEqual(await verdicts(created.macHex), ['pap.wrong']);
  });

  for (const [length, change] of Object.entries({
    short: (pap: string) => pap.slice(1),
    long: (pap: string) => `${pap}7`,
  })) {
    it(`that is too ${length} is no attempt: it is asked for again`, async (t) => {
      const created = await service.api.createPhone();
      const phone = await registeredPhone(t, service, created);
      assert.equal(await hearFirst(phone, `*89*${note(change(created.pap))}`), 'incomplete');
      assert.deepEqual(await verdicts(created.macHex), []);
    });
  }

  const STATES = {
    failed: { policy: { maxAttempts: 1 }, heard: 'not-possible' },
    blocked: { policy: { maxAttempts: 1, maxLockouts: 1 }, heard: 'blocked' },
    successful: { policy: {}, heard: 'already-authenticated' },
  };
  for (const [state, { policy, heard }] of Object.entries(STATES)) {
    it(`in the state ${state} checks nothing, and says why`, async (t) => {
      const created = await service.api.createPhone({ policy });
      const phone = await registeredPhone(t, service, created);
      // It keeps the account that it has.
      phone.provision = () => Promise.resolve(true);
      const isRight = state === 'successful';
      await hearFirst(phone, `*89*${note(isRight ? created.pap : wrongPap(created.pap, 1))}`);
      assert.equal((await service.api.device(created.macHex)).state, state);
      for (const digits of [created.pap, wrongPap(created.pap, 2)])
        assert.equal(await hearFirst(phone, `*89*${note(digits)}`), heard);
      assert.equal((await service.api.device(created.macHex)).state, state);
      assert.deepEqual(await verdicts(created.macHex), [
        isRight ? 'pap.accepted' : 'pap.wrong',
        'pap.refused',
        'pap.refused',
      ]);
    });
  }
});
