/**
 * Honest phones on a running service while strangers are at work: one address and many that fetch
 * for the same MACs and come back with what they are given, and a scanner of unknown MACs. No
 * honest phone is kept out by them, and they fill no audit log.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it, type TestContext } from 'node:test';
import { PhoneCall } from '../../softphone/call.js';
import { FileFetcher } from '../../softphone/file-fetcher.js';
import type { PhoneAccount } from '../../softphone/phone-setup.js';
import { Registration } from '../../softphone/registration.js';
import { Pacer } from '../../telephony/media/pacer.js';
import { bindRtpSocket } from '../../telephony/media/rtp-port-pool.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import { UserAgent } from '../../telephony/sip/user-agent.js';
import { type CreatedPhone, randomMacHex } from '../support/admin-api.js';
import { plugIn, registeredPhone, shows, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';
import { claimedPhone, createTenant } from '../support/unclaimed-phones.js';
import { until } from '../support/wait-for.js';

const SITE = '127.0.0.2';
const FULL_MS = 120_000;
/** Fetches of all strangers of a test together, so that none goes on for ever. */
const MOST_FETCHES = 4000;
/** So many have been made before anybody honest comes: more than a device has places for. */
const BEFORE = 100;
/** Between two fetches of all of them. */
const PAUSE_MS = 15;

/** Strangers that fetch for a MAC, each from an address of its own, until they are stopped. */
class Strangers {
  #isStopped = false;
  #fetches = 0;
  readonly #done: Promise<unknown>;

  constructor(
    private readonly service: Service,
    private readonly macHexOf: (fetch: number) => string,
    private readonly addresses: readonly string[],
  ) {
    this.#done = Promise.all(addresses.map(async (address) => this.#run(address)));
  }

  get fetches(): number {
    return this.#fetches;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  /** Without a token, and again with what came: a stranger that uses its tokens as a phone does. */
  async #run(address: string): Promise<void> {
    const fetcher = new FileFetcher('Yealink SIP-T46U 108.86.0.90', () => undefined, address);
    const { provisioningUrl } = this.service.facts;
    while (!this.#isStopped && this.#fetches < MOST_FETCHES) {
      this.#fetches += 1;
      const file = `${this.macHexOf(this.#fetches)}.cfg`;
      const given = await fetcher.fetch(new URL(file, `${provisioningUrl}/`).href).catch(() => null);
      const url = /^static\.auto_provision\.server\.url = (.*)$/m.exec(String(given))?.[1];
      if (url !== undefined) await fetcher.fetch(new URL(file, url).href).catch(() => null);
      await pause(PAUSE_MS * this.addresses.length);
    }
  }
}

const MANY = Array.from({ length: 30 }, (_, index) => `127.0.9.${index + 1}`);

async function withStrangers(
  service: Service,
  macHexOf: (fetch: number) => string,
  addresses: readonly string[],
  body: () => Promise<void>,
): Promise<void> {
  const strangers = new Strangers(service, macHexOf, addresses);
  try {
    await until(() => strangers.fetches > BEFORE, { what: 'strangers at work' });
    await body();
  } finally {
    await strangers.stop();
  }
}

/** What the contract allows of one type, reason and address. */
async function assertFewEvents(service: Service, macHex: string): Promise<void> {
  const counts = new Map<string, number>();
  for (const { type, data, address } of await service.api.events(macHex)) {
    if (address === null) continue;
    const key = JSON.stringify([type, data.reason ?? null, address]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) assert.ok(count <= 4, `${count} of ${key}`);
}

/** An account at an address and port of its own, which are not those that fetched. */
async function userAgentAt(t: TestContext, host: string, account: PhoneAccount): Promise<UserAgent> {
  const transport = await SipTransport.bind({ host, port: 0 });
  const userAgent = new UserAgent({ transport, contactUser: account.user });
  t.after(async () => {
    userAgent.close();
    await transport.close();
  });
  return userAgent;
}

describe('honest phones among strangers', () => {
  let service: Service;
  before(async () => {
    service = await Service.launch({
      env: { UNKNOWN_DEVICES: 'autoprov', EMERGENCY_ROUTE: 'sip:127.0.0.1:9' },
    });
  });
  after(() => service.kill());

  const at = (localAddress: string): { localAddress: string } => ({ localAddress });

  for (const [whence, addresses] of [
    ['one address', ['127.0.0.66']],
    ["the phone's own address", [SITE]],
    ['thirty addresses', MANY],
  ] as const)
    it(`a phone that waits is kept out by no stranger: ${whence}`, async (t) => {
      const created = await service.api.createPhone({ policy: { strict: true } });
      const phone = await registeredPhone(t, service, created, 'yealink', at(SITE));
      await withStrangers(
        service,
        () => created.macHex,
        addresses,
        async () => {
          assert.equal(await phone.register(), 200);
          assert.equal(await tryPap(phone, created.pap), 'authenticated');
          assert.ok(await shows(phone, created.line.label, FULL_MS));
        },
      );
      assert.equal((await service.api.device(created.macHex)).state, 'successful');
      await assertFewEvents(service, created.macHex);
    });

  it('a phone that is reset to factory defaults three times in a row gets in', async (t) => {
    const created = await service.api.createPhone({ policy: { strict: true } });
    const phone = await plugIn(t, service, created, 'yealink', at(SITE));
    await withStrangers(
      service,
      () => created.macHex,
      MANY,
      async () => {
        for (let reset = 0; reset < 3; reset += 1) {
          await phone.provision();
          assert.equal(await phone.register(), 200);
          await phone.factoryReset();
        }
        await phone.provision();
        assert.equal(await phone.register(), 200);
        assert.equal(await tryPap(phone, created.pap), 'authenticated');
        assert.ok(await shows(phone, created.line.label, FULL_MS));
      },
    );
  });

  it('one PIN brings up a site of forty phones behind one address', async (t) => {
    const { id: tenantId } = await service.api.need('POST', '/tenants', { name: 'Forty Ltd' });
    const devices = await Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const label = `Line ${number}`;
        const line = { label, sipUser: `forty${number}`, password: 'a password', registrar: 'pbx.example' };
        const { id } = await service.api.need('POST', `/tenants/${tenantId}/lines`, line);
        const macHex = randomMacHex('yealink');
        const device = { mac: macHex, vendor: 'yealink', tenantId, lines: [id] };
        const { pap } = await service.api.need('POST', '/devices', device);
        return { macHex, label, pap };
      }),
    );
    const phones = await Promise.all(
      // They poll as real phones do, six times as fast: what a busy machine loses of a NOTIFY they
      // come for anyway.
      devices.map(async (device) =>
        registeredPhone(t, service, device, 'yealink', { ...at(SITE), refreshPace: 6 }),
      ),
    );
    const other = await service.api.createPhone();
    await withStrangers(
      service,
      () => other.macHex,
      [SITE, ...MANY],
      async () => {
        assert.equal(await tryPap(phones[0]!, devices[0]!.pap), 'authenticated');
        for (const [index, phone] of phones.entries())
          assert.ok(await shows(phone, devices[index]!.label, FULL_MS), `phone ${index}`);
        // As each does at its next poll: with that it has proved itself.
        await Promise.all(phones.map(async (phone) => phone.provision()));
      },
    );
    for (const { macHex } of devices)
      assert.deepEqual(await service.api.device(macHex).then(({ state, attention }) => [state, attention]), [
        'successful',
        null,
      ]);
  });

  it('a phone fetches, registers and calls from addresses and ports of their own', async (t) => {
    const created: CreatedPhone = await service.api.createPhone({ policy: { strict: true } });
    const phone = await plugIn(t, service, created, 'yealink', at('127.0.0.21'));
    await withStrangers(
      service,
      () => created.macHex,
      MANY,
      async () => {
        await phone.provision();
        const account = phone.setup?.accounts[0];
        assert.ok(account !== undefined);
        const registered = await userAgentAt(t, '127.0.0.22', account);
        const registration = new Registration(registered, account, () => undefined);
        assert.equal(await registration.start(), 200);

        const call = new PhoneCall({
          userAgent: await userAgentAt(t, '127.0.0.23', account),
          uri: `sip:*89*${created.pap}@${account.host}:${account.port}`,
          from: `<sip:${account.user}@${account.host}>`,
          credentials: { username: account.authUser, password: account.password },
          socket: await bindRtpSocket('127.0.0.23'),
          pacer: new Pacer(),
          ear: null,
          trace: () => undefined,
        });
        assert.deepEqual(await call.answer, { kind: 'answered' });
        await call.ended;
        await registration.stop();
        await phone.provision();
        assert.equal(phone.setup?.display, created.line.label);
      },
    );
  });

  it('an unknown phone claims its line while one address asks for any number of MACs', async (t) => {
    const tenantId = await createTenant(service.api);
    const scanned = (fetch: number): string => `805ec0${fetch.toString(16).padStart(6, '0')}`;
    await withStrangers(service, scanned, ['127.0.0.66', ...MANY.slice(0, 5)], async () => {
      await claimedPhone(t, service, tenantId);
    });
  });
});
