/**
 * Phones behind NAT, as their Vias show them: whatever they say of themselves, they are answered
 * and called where their packets come from.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/wait-for.js';
import { LOGIN, startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { first } from './app-support/sip-wire.js';

/** What stands in the Via of a phone whose packets come from 127.0.0.1 and some other port. */
const SENT_BY: Readonly<Record<string, string>> = {
  'an address and port of its own network': '192.168.1.20:5060',
  'an address without a port': '192.168.1.20',
  'another port': '10.0.0.7:49152',
  'an empty rport': '192.168.1.20:5060;rport',
  'an rport that is not its own': '192.168.1.20:5060;rport=9',
  'a received that is not its own': '192.168.1.20:5060;received=192.0.2.66',
  'an IPv6 address': '[fd00::20]:5060',
  'an IPv6 address that stands for another IPv4 one': '[::ffff:192.168.1.20]:5060',
  'a host name': 'phone.office.example:5060',
  'a host name without a port': 'phone-12',
};

describe('a phone behind NAT', () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    bench = await startBench();
    gateway = await startGateway();
    bench.internal.emergency = {
      numbers: ['112'],
      targets: [`sip:112@${gateway.address}`],
      callerIdentity: null,
    };
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });

  for (const [what, sentBy] of Object.entries(SENT_BY)) {
    test(`whose Via has ${what} registers, is told, calls and is hung up on`, async () => {
      const phone = await bench.phone({ sentBy, contactHost: '192.168.1.20:5060' });
      assert.equal((await phone.register()).status, 200);
      const { source } = bench.internal.received.registrations.at(-1)!;
      assert.equal(`${source.address}:${source.port}`, phone.address);

      bench.internal.resync({
        id: `resync-${sentBy}`,
        contact: phone.contact,
        source,
        nextHop: null,
        path: null,
        event: 'check-sync',
        headers: {},
        body: null,
        user: LOGIN.user,
      });
      await until(() => phone.requests('NOTIFY').length === 1, { what: 'a NOTIFY' });

      const call = await phone.call('*89');
      await call.answered();
      await call.heard('enter-pin-6');
      call.media.key('135790#');
      await call.ended(15_000);
      const another = await phone.call('*89');
      await another.answered();
      assert.equal((await another.hangUp()).status, 200);
      await bench.settle();
    });

    test(`whose Via has ${what} gets help, and may cancel it`, async () => {
      gateway.reset();
      const phone = await bench.phone({ sentBy, contactHost: '192.168.1.20:5060' });
      const help = await phone.call('112', { login: null });
      await help.answered();
      await until(() => gateway.acks === 1, { what: 'the ACK' });
      gateway.hangUp();
      await help.ended();

      gateway.reset();
      gateway.behaviour = 'ring';
      const cancelled = await phone.call('112', { login: null });
      await until(() => cancelled.received.some(({ status }) => status === 180), { what: 'ringing' });
      cancelled.cancel();
      const response = await cancelled.response();
      assert.equal(response.status, 487);
      await until(() => gateway.cancels === 1, { what: 'the CANCEL' });
      assert.ok(
        cancelled.received.some((one) => one.status === 200 && first(one, 'cseq').endsWith('CANCEL')),
        'the CANCEL is answered',
      );
    });
  }
});
