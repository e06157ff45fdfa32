/**
 * Engines that go away, come back, refuse us or are silent; and the end of the application itself.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { startEngines, type RunningEngines } from '../../embedded/engines.js';
import { startSipApplication, type SipApplication } from '../../sip/application.js';
import type { EngineAddress } from '../../sip/media/media-server.js';
import { LOGIN } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { REALM, startInternalApp, TOKEN, type InternalApp } from './app-support/internal-app.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { TestPhone } from './app-support/test-phone.js';
import { writeTonePrompts, type TonePrompts } from './app-support/tone-prompts.js';
import { until } from './app-support/wait.js';

const HOST = '127.0.0.1';

function startSip(sipPort = 0, adminPort = 0): Promise<RunningEngines> {
  const drachtio = { sipHost: HOST, sipPort, adminPort, secret: 'sip secret' };
  return startEngines({ drachtio, logLevel: 'error', onLog: () => undefined, onLost: () => undefined });
}

function startMedia(eslPort = 0): Promise<RunningEngines> {
  const rtpPorts = { from: 40_000, to: 49_999 };
  const freeswitch = { host: HOST, eslPort, sipPort: 0, secret: 'media secret', rtpPorts };
  return startEngines({ freeswitch, logLevel: 'error', onLog: () => undefined, onLost: () => undefined });
}

describe('engines that come and go', () => {
  let prompts: TonePrompts;
  let internal: InternalApp;
  let sip: RunningEngines;
  let media: RunningEngines;
  let application: SipApplication | null = null;
  let phone: TestPhone | null = null;
  const more: { stop(): Promise<void> }[] = [];

  beforeEach(async () => {
    prompts = await writeTonePrompts();
    internal = await startInternalApp();
    internal.users.set(LOGIN.user, LOGIN.password);
    [sip, media] = await Promise.all([startSip(), startMedia()]);
  });
  afterEach(async () => {
    phone?.close();
    phone = null;
    await application?.stop();
    application = null;
    await Promise.all([sip, media, ...more.splice(0)].map((one) => one.stop()));
    await internal.close();
    await rm(prompts.dir, { recursive: true });
  });

  const start = async (
    freeswitch: readonly EngineAddress[],
    drachtio = [sip.drachtio!],
  ): Promise<SipApplication> => {
    application = await startSipApplication({
      drachtio,
      freeswitch,
      mediaListenAddress: HOST,
      promptsDir: prompts.dir,
      internal: { url: internal.url, token: TOKEN },
      realm: REALM,
      emergency: {
        route: [],
        numbers: ['112'],
        callerNumber: null,
        unknownCallers: { perSource: 100, inAll: 500 },
      },
      log: pino({ level: 'silent' }),
      clock: { now: () => new Date() },
      id: 'test',
    });
    return application;
  };
  const openPhone = async (): Promise<TestPhone> => {
    const server = { host: HOST, port: sip.drachtio!.sipPort };
    phone = await TestPhone.open({ server, login: LOGIN, realm: REALM, nameOf: prompts.nameOf });
    return phone;
  };

  test('a media server that dies ends its calls; it is used again when it is back', async () => {
    const app = await start([media.freeswitch!]);
    await until('ready', () => app.ready().mediaServer);
    const caller = await openPhone();
    const call = await caller.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    const { port } = media.freeswitch!;
    await media.stop();
    await call.ended();
    assert.equal((await until('end', () => internal.received.ends[0])).outcome, 'abandoned');
    await until('not ready', () => !app.ready().mediaServer);
    assert.equal((await (await caller.call('*89')).response()).status, 503);
    await until('heartbeat', () => internal.received.heartbeats.at(-1)?.mediaServer === false);

    media = await startMedia(port);
    await until('ready again', () => app.ready().mediaServer);
    const next = await caller.call('*89');
    await next.answered();
    await next.heard('enter-pin-6');
    await next.hangUp();
  });

  test('with two media servers a caller goes to the one that is there', async () => {
    const other = await startMedia();
    more.push(other);
    const app = await start([media.freeswitch!, other.freeswitch!]);
    await until('ready', () => app.ready().mediaServer);
    await media.stop();
    const caller = await openPhone();
    const call = await caller.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    await call.hangUp();
  });

  test('a SIP server that dies loses its calls; when it is back their callers are let go, and phones can register again', async () => {
    const app = await start([media.freeswitch!]);
    await until('ready', () => app.ready().mediaServer);
    let caller = await openPhone();
    const call = await caller.call('*89');
    await call.answered();
    const { port, sipPort } = sip.drachtio!;
    await sip.stop();
    await until('end of the call', () => internal.received.ends.length === 1);
    assert.deepEqual(app.ready(), { sipServer: false, mediaServer: false });

    sip = await startSip(sipPort, port);
    await until('ready again', () => app.ready().mediaServer);
    await call.ended();
    caller.close();
    caller = await openPhone();
    assert.equal((await caller.register()).status, 200);
  });

  const callEmergency = async (behaviour: Gateway['behaviour']): Promise<PhoneCall> => {
    const gateway = await startGateway();
    more.push({ stop: () => Promise.resolve(gateway.close()) });
    gateway.behaviour = behaviour;
    const targets = [`sip:112@${gateway.address}`, `sip:113@${gateway.address}`];
    internal.emergency = { numbers: ['112'], targets, callerIdentity: null };
    const call = await (await openPhone()).call('112', { login: null });
    await until('INVITE at the gateway', () => gateway.invites.length > 0);
    return call;
  };

  test('an emergency call that rings when the SIP server dies is reported, once and as lost', async () => {
    const app = await start([media.freeswitch!]);
    await until('ready', () => app.ready().sipServer);
    await callEmergency('ring');
    await sip.stop();
    const { outcome, target } = await until('report', () => internal.received.emergencies[0]);
    assert.equal(outcome, 'failed');
    assert.match(target ?? '', /^sip:112@/, 'no other target is tried: there is nobody to connect');
  });

  test('stop() waits for an emergency call to be taken', async () => {
    const app = await start([media.freeswitch!]);
    await until('ready', () => app.ready().sipServer);
    const call = await callEmergency('early-media');
    await app.stop();
    await call.answered();
    assert.equal(internal.received.emergencies[0]?.outcome, 'connected');
  });

  test('wrong secrets, closed ports and silent servers are lived with, and stop() ends it all', async () => {
    const connections: Socket[] = [];
    const silent = createServer((connection) => connections.push(connection));
    silent.listen(0, HOST);
    await until('silent server', () => silent.listening);
    more.push({ stop: () => closeServer(silent, connections) });
    const silentPort = (silent.address() as AddressInfo).port;
    const wrong = [
      { ...media.freeswitch!, secret: 'wrong' },
      { host: HOST, port: 1, secret: '' },
      { host: HOST, port: silentPort, secret: '' },
    ];
    const app = await start(wrong, [
      sip.drachtio!,
      { ...sip.drachtio!, secret: 'wrong' },
      { ...sip.drachtio!, port: 1 },
      { ...sip.drachtio!, port: silentPort },
    ]);
    await until('SIP server', () => app.ready().sipServer);
    const caller = await openPhone();
    assert.equal((await (await caller.call('*89')).response()).status, 503);
    assert.equal(app.ready().mediaServer, false);
  });

  test('an address that is not of this machine is refused at the start', async () => {
    const options = { mediaListenAddress: '192.0.2.1' };
    await assert.rejects(
      startSipApplication({
        drachtio: [sip.drachtio!],
        freeswitch: [media.freeswitch!],
        promptsDir: prompts.dir,
        internal: { url: internal.url, token: TOKEN },
        realm: REALM,
        emergency: {
          route: [],
          numbers: [],
          callerNumber: null,
          unknownCallers: { perSource: 100, inAll: 500 },
        },
        log: pino({ level: 'silent' }),
        clock: { now: () => new Date() },
        id: 'test',
        ...options,
      }),
      /EADDRNOTAVAIL/,
    );
  });

  test('stop() lets the call in hand end by itself, and takes no other', async () => {
    const app = await start([media.freeswitch!]);
    await until('ready', () => app.ready().mediaServer);
    const caller = await openPhone();
    const call = await caller.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    const stopping = app.stop();
    assert.equal((await (await caller.call('*89')).response()).status, 503);
    call.media.key('123456#');
    await call.ended();
    await stopping;
    assert.deepEqual(call.media.hearing.names, ['enter-pin-6', 'authenticated', 'goodbye']);
    assert.equal(internal.received.ends[0]?.outcome, 'accepted');
    assert.deepEqual(app.ready(), { sipServer: false, mediaServer: false });
  });

  test('a call that does not end by itself is hung up after the time of grace', async () => {
    const app = await start([media.freeswitch!]);
    await until('ready', () => app.ready().mediaServer);
    const caller = await openPhone();
    const call = await caller.call('*89');
    await call.answered();
    const stopping = app.stop();
    await call.ended();
    await stopping;
    assert.equal(internal.received.ends.length, 1);
  });
});

function closeServer(server: Server, connections: Socket[]): Promise<void> {
  for (const connection of connections) connection.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
