/**
 * The main job at an IPv6 socket, and at a dual-stack one with IPv6 phones and with IPv4 ones,
 * whose addresses arrive there as IPv4-mapped.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.js';
import { authenticate, nextConfiguration, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';

const UNLESS_POSSIBLE =
  process.env['DRACHTIO_HOST'] !== undefined
    ? 'the addresses are the drachtio-server’s affair'
    : (networkInterfaces()['lo'] ?? []).every(({ address }) => address !== '::1') && 'there is no ::1 here';

/** What the service listens on and tells phones, and where a phone is. */
const WAYS = [
  { listens: '::1', tells: '::1', phoneAt: '::1' },
  { listens: '::', tells: '::1', phoneAt: '::1' },
  { listens: '::', tells: '127.0.0.1', phoneAt: '127.0.0.1' },
];

for (const { listens, tells, phoneAt } of WAYS)
  describe(
    `a service that listens on ${listens} and tells phones ${tells}`,
    { skip: UNLESS_POSSIBLE, concurrency: 2 },
    () => {
      let service: Service;
      before(async () => {
        const host = tells.includes(':') ? `[${tells}]` : tells;
        const port = String(await freePort());
        const env = { PROVISIONING_PORT: port, PUBLIC_URL: `http://${host}:${port}` };
        service = await Service.launch({ env: { HOST: listens, SIP_HOST: tells, ...env } });
      });
      after(() => service.kill());

      for (const family of ['yealink', 'snom', 'grandstream', 'cisco'] as const)
        it(`takes a ${family} phone at ${phoneAt} to its lines`, async (t) => {
          const created = await service.api.createPhone({ vendor: family });
          const phone = await registeredPhone(t, service, created, family, { localAddress: phoneAt });
          assert.equal(phone.setup?.accounts[0]?.host.replace(/^\[|\]$/g, ''), tells);
          const notified = once(phone, 'notify', { signal: AbortSignal.timeout(60_000) });
          const provisioned = nextConfiguration(phone, 60_000);
          await authenticate(phone, created.pap);
          await notified;
          assert.equal(await provisioned, created.line.label);
          const { lastSeenAddress } = (await service.api.device(created.macHex)) as {
            lastSeenAddress: string;
          };
          assert.equal(lastSeenAddress, phoneAt, 'a mapped address is the IPv4 address');
        });
    },
  );
