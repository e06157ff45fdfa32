/**
 * Kamailio, as deploy/kamailio has it, between phones and the SIP server: what phones do works
 * through it, and what ends a drachtio-server does not get through.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { startEngines, type RunningEngines } from '../../embedded/engines.js';
import { wrongPap } from '../support/admin-api.js';
import { ENGINES } from '../support/engines.js';
import { freePort } from '../support/free-port.js';
import { Gateway } from '../support/gateway.js';
import { INNER_HOST, kamailioUnavailable, startKamailio } from '../support/kamailio.js';
import { callService, keyIn, nextConfiguration, registeredPhone, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';
import { startUdpRelay } from '../support/udp-relay.js';
import { until } from '../support/wait-for.js';

const HOST = '127.0.0.1';

/**
 * The SIP server behind the front, and the settings that name it: the embedded one, unless the test
 * run is on another.
 */
async function startBehind(): Promise<{ port: number; env: Record<string, string>; stop(): Promise<void> }> {
  if (ENGINES['DRACHTIO_HOST'] !== undefined)
    return { port: Number(ENGINES['SIP_PORT']), env: {}, stop: async () => undefined };
  const engines: RunningEngines = await startEngines({
    drachtio: { sipHost: HOST, sipPort: 0, secret: 's' },
    logLevel: 'error',
    onLog: () => undefined,
    onLost: () => undefined,
  });
  const { host, port, secret, sipPort } = engines.drachtio!;
  const env = { DRACHTIO_HOST: host, DRACHTIO_PORT: String(port), DRACHTIO_SECRET: secret };
  return { port: sipPort, env, stop: () => engines.stop() };
}

for (const transport of ['udp', 'tcp'] as const) {
  describe(`phones behind a front, ${transport}`, { skip: kamailioUnavailable() ?? false }, () => {
    const ended: (() => unknown)[] = [];
    const file = { after: (end: () => unknown) => ended.push(end) };
    let service: Service;
    let gateway: Gateway;
    let frontPort: number;
    /** The first packet that begins so, in this direction, is lost. */
    let lost: { to: 'server' | 'phone'; start: RegExp } | undefined;
    const loses = (packet: string, to: 'server' | 'phone'): boolean => {
      if (lost?.to !== to || !lost.start.test(packet)) return false;
      lost = undefined;
      return true;
    };
    before(async () => {
      gateway = await Gateway.start();
      file.after(() => gateway.close());
      const behind = await startBehind();
      file.after(() => behind.stop());
      frontPort = await freePort();
      await startKamailio(file, frontPort, behind.port);
      // Phones on UDP are behind a NAT, too: their packets come from a port that they do not know.
      const phonesPort = transport === 'udp' ? await startUdpRelay(file, frontPort, { loses }) : frontPort;
      service = await Service.launch({
        env: {
          ...behind.env,
          SIP_PORT: String(phonesPort),
          SIP_TRANSPORT: transport,
          SIP_TRUSTED_PROXIES: INNER_HOST,
          EMERGENCY_ROUTE: gateway.route,
        },
      });
      file.after(() => service.kill());
    });
    after(async () => {
      for (const end of ended.toReversed()) await end();
    });

    it('get their configuration: REGISTER, call, keys, BYE, and NOTIFY over the flow', async (t) => {
      const created = await service.api.createPhone();
      const phone = await registeredPhone(t, service, created);
      const notified = once(phone, 'notify', { signal: AbortSignal.timeout(60_000) });
      const provisioned = nextConfiguration(phone, 60_000);
      const call = await callService(phone);
      await keyIn(call, wrongPap(created.pap), created.pap);
      assert.equal(await call.ended, 'service', 'the BYE reaches the phone');
      await notified;
      assert.equal(await provisioned, created.line.label);
    });

    it('hang up, and the service hears it', async (t) => {
      const phone = await registeredPhone(t, service, await service.api.createPhone());
      const call = await callService(phone);
      await call.hangUp();
    });

    it('are connected to emergency services, and disconnected by them', async (t) => {
      const phone = await registeredPhone(t, service, await service.api.createPhone());
      const known = gateway.calls.length;
      const call = await phone.call('112');
      assert.deepEqual(await call.answer, { kind: 'answered' });
      await (await until(() => gateway.calls[known])).session.bye();
      await call.ended;
    });

    // Before a dialog is there: later requests go to the front by its Record-Route, past the relay.
    // A drachtio-server alone answers 491 to an INVITE with credentials when the ACK for its 401
    // was lost (docs/decisions/0007).
    for (const [what, to, start] of [
      ['the INVITE', 'server', /^INVITE /],
      ['the ACK for the challenge', 'server', /^ACK /],
      ['the challenge', 'phone', /^SIP\/2\.0 401 /],
      ['the answer', 'phone', /^SIP\/2\.0 200 [^]*\nCSeq: \d+ INVITE/i],
    ] as const) {
      it(`are served when ${what} is lost`, { skip: transport === 'tcp' }, async (t) => {
        const phone = await registeredPhone(t, service, await service.api.createPhone());
        lost = { to, start };
        const call = await callService(phone);
        await call.hangUp();
        await until(() => lost === undefined);
      });
    }

    it('are known by their own address, not by the front’s', async (t) => {
      const created = await service.api.createPhone();
      // On UDP, all come by the NAT's address.
      const localAddress = transport === 'udp' ? HOST : '127.0.0.7';
      const phone = await registeredPhone(t, service, created, 'yealink', { localAddress });
      await tryPap(phone, wrongPap(created.pap));
      const [wrong] = await service.api.events(created.macHex, 'pap.wrong');
      assert.equal(wrong.address, localAddress);
    });
  });
}
