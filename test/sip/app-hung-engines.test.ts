/**
 * Engines that hang: their connections stay open, and nothing comes any more. They are noticed
 * within ten seconds, and leave nothing behind.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { SipApplication } from '../../sip/application.js';
import { until } from '../support/wait-for.js';
import type { EngineProcess } from './app-support/engine-process.js';
import { REALM, startInternalApp, type InternalApp } from './app-support/internal-app.js';
import { first } from './app-support/sip-wire.js';
import { leftOf, LOGIN, mediaEngine, sipEngine, startAt } from './app-support/soak.js';
import { TestPhone } from './app-support/test-phone.js';
import { writeTonePrompts, type TonePrompts } from './app-support/tone-prompts.js';

const PATIENCE = { within: 60_000 };

describe('engines that hang', { concurrency: true }, () => {
  let prompts: TonePrompts;
  let internal: InternalApp;
  before(async () => {
    prompts = await writeTonePrompts();
    internal = await startInternalApp();
    internal.users.set(LOGIN.user, LOGIN.password);
  });
  after(async () => {
    await internal.close();
    await rm(prompts.dir, { recursive: true });
  });

  const start = async (t: TestContext, engines: EngineProcess[]): Promise<[SipApplication, TestPhone]> => {
    await Promise.all(engines.map((engine) => engine.start()));
    const application = await startAt(engines, internal, prompts.dir);
    const server = { host: '127.0.0.1', port: engines[0]?.ports.sip ?? 0 };
    const phone = await TestPhone.open({ server, login: LOGIN, realm: REALM, nameOf: prompts.nameOf });
    t.after(async () => {
      phone.close();
      for (const engine of engines) engine.goOn();
      await application.stop();
      await Promise.all(engines.map((engine) => engine.kill()));
    });
    return [application, phone];
  };
  const nothingLeft = async (application: SipApplication, engines: EngineProcess[]): Promise<void> => {
    let left: unknown;
    await until(async () => {
      const held = Object.entries(await leftOf(application, engines));
      left = held.filter(([name, count]) => count !== 0 && !name.endsWith('ransactions'));
      return (left as unknown[]).length === 0;
    }, PATIENCE).catch(() => assert.deepEqual(left, []));
  };

  test('of two media servers one hangs: the other takes its calls, and whoever it has is let go', async (t) => {
    const engines = [sipEngine(500), mediaEngine(42_000), mediaEngine(47_000)];
    const [application, phone] = await start(t, engines);
    const calls = [await phone.call('*89'), await phone.call('*89')];
    for (const call of calls) await call.answered();
    for (const call of calls) await call.heard('enter-pin-6');
    engines[1]?.hang();
    const next = await phone.call('*89');
    await next.answered();
    await next.heard('enter-pin-6');
    await next.hangUp();
    await until(() => calls.some((call) => call.endedAt !== null), PATIENCE);
    assert.equal(application.ready().mediaServer, true);
    for (const call of calls) if (call.endedAt === null) await call.hangUp();
    engines[1]?.goOn();
    await nothingLeft(application, engines);
  });

  test('all media servers hang: 503 with Retry-After, and calls again when they go on', async (t) => {
    const engines = [sipEngine(500), mediaEngine(43_000)];
    const [application, phone] = await start(t, engines);
    engines[1]?.hang();
    const response = await (await phone.call('*89')).response();
    assert.equal(response.status, 503);
    assert.notEqual(first(response, 'retry-after'), '');
    await until(() => !application.ready().mediaServer, PATIENCE);
    engines[1]?.goOn();
    await until(() => application.ready().mediaServer, PATIENCE);
    const call = await phone.call('*89');
    await call.answered();
    await call.hangUp();
    await nothingLeft(application, engines);
  });

  test('the SIP server hangs: it is not ready, and when it goes on its callers are let go', async (t) => {
    const engines = [sipEngine(500), mediaEngine(44_000)];
    const [application, phone] = await start(t, engines);
    const call = await phone.call('*89');
    await call.answered();
    // Its media are arranged by a re-INVITE after the ACK.
    await call.heard('enter-pin-6');
    engines[0]?.hang();
    await until(() => !application.ready().sipServer, PATIENCE);
    engines[0]?.goOn();
    await until(() => application.ready().mediaServer, PATIENCE);
    await call.ended();
    const next = await phone.call('*89');
    await next.answered();
    await next.hangUp();
    assert.equal((await phone.register()).status, 200);
    await nothingLeft(application, engines);
  });
});
