/**
 * Many calls that end in every way a call can end, while engines are killed and come back; and what
 * is left of them.
 */
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { startSipApplication, type SipApplication } from '../../../sip/application.js';
import { EngineProcess } from './engine-process.js';
import { REALM, startInternalApp, TOKEN, type InternalApp } from './internal-app.js';
import { within } from '../../../sip/time-limit.js';
import type { PhoneCall } from './phone-call.js';
import { TestPhone } from './test-phone.js';
import { writeTonePrompts } from './tone-prompts.js';
import { sleep } from './wait.js';

const HOST = '127.0.0.1';
export const LOGIN = { user: 'dev-1', password: 'a password' };
/** Each with an account of its own: one has so many calls at a time and no more. */
const ACCOUNTS = 10;
/** A phone remembers all that it has heard; after so many calls it is exchanged. */
const CALLS_PER_PHONE = 50;

export interface SoakOptions {
  atOnce: number;
  /** After so many calls one of the engines is killed, in turn, and started again. 0: never. */
  killEvery: number;
  /** T1 of SIP in milliseconds: all its time limits are multiples. */
  t1: number;
  seed: number;
  onProgress?: (calls: number) => void;
}

export interface Soak {
  /** Makes so many calls, and waits until they and the last killing are over. */
  run(calls: number): Promise<void>;
  /** How many calls ended how. */
  ends: Record<string, number>;
  kills: number;
  /** Everything that must be 0 when the last call is over, by name. */
  left(): Promise<Record<string, number>>;
  /** Bytes in use after a collection: application (and phones), SIP server, media servers. */
  heap(): Promise<number[]>;
  close(): Promise<void>;
}

/** Random, but the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a caller waits for any longer than this was lost to an engine. */
const PATIENCE_MS = 6000;

/** How a caller behaves; settles when the call is over. */
type Behaviour = (call: PhoneCall, random: () => number) => Promise<unknown>;

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  'cancels before the answer': async (call, random) => {
    await sleep(random() * 60);
    call.cancel();
    if ((await call.response()).status === 200) await call.hangUp();
  },
  'hangs up at once': async (call) => {
    await call.answered();
    await call.hangUp();
  },
  'hangs up during the question': async (call, random) => {
    await call.answered();
    await sleep(random() * 800);
    await call.hangUp();
  },
  'hangs up during an entry': async (call, random) => {
    await call.answered();
    call.media.key('1234'.slice(0, 1 + Math.floor(random() * 4)));
    await sleep(random() * 1000);
    await call.hangUp();
  },
  'hangs up during the verdict': async (call, random) => {
    await call.answered();
    call.media.key('123456#');
    await sleep(1000 + random() * 600);
    await call.hangUp();
  },
  'hears it to the end': async (call) => {
    await call.answered();
    call.media.key('123456#');
    await call.ended();
  },
  vanishes: async (call, random) => {
    await call.answered();
    await sleep(random() * 500);
    call.vanish();
  },
};

export async function startSoak(options: SoakOptions): Promise<Soak> {
  const prompts = await writeTonePrompts();
  const internal = await startInternalApp();
  const logins = Array.from({ length: ACCOUNTS }, (_, n) => ({ ...LOGIN, user: `dev-${n}` }));
  for (const { user, password } of logins) internal.users.set(user, password);
  internal.verdictDelay = 100;
  const engines = [sipEngine(options.t1), mediaEngine(40_000), mediaEngine(45_000)];
  await Promise.all(engines.map((engine) => engine.start()));
  const application = await startAt(engines, internal, prompts.dir);
  const random = randomOf(options.seed);
  const result: Soak = {
    run: (calls) => soak(calls),
    ends: {},
    kills: 0,
    left: () => leftOf(application, engines),
    heap: async () => {
      // What finalizers hold goes with a later collection than the one that finds it.
      for (let round = 0; round < 5; round++) {
        globalThis.gc?.();
        await sleep(20);
      }
      const held = await Promise.all(engines.map((engine) => engine.held()));
      return [process.memoryUsage().heapUsed, ...held.map(({ heapBytes }) => heapBytes)];
    },
    close: async () => {
      await application.stop();
      await Promise.all(engines.map((engine) => engine.kill()));
      await internal.close();
      await rm(prompts.dir, { recursive: true });
    },
  };
  let begun = 0;
  let killing: Promise<void> = Promise.resolve();

  const caller = async (until: number): Promise<void> => {
    while (begun < until) {
      const phone = await TestPhone.open({
        server: { host: HOST, port: engines[0]?.ports.sip ?? 0 },
        login: pick(logins, random),
        realm: REALM,
        nameOf: prompts.nameOf,
      });
      for (let n = 0; n < CALLS_PER_PHONE && begun < until; n++) {
        begun += 1;
        options.onProgress?.(begun);
        if (options.killEvery > 0 && begun % options.killEvery === 0)
          killing = killing.then(() => restart(begun / options.killEvery));
        await callOnce(phone);
        forgetCalls(internal);
      }
      phone.close();
    }
  };
  const callOnce = async (phone: TestPhone): Promise<void> => {
    const [name, behave] = pick(Object.entries(BEHAVIOURS), random);
    let end = name;
    // no answer to the first INVITE
    const call = await within(PATIENCE_MS, 'answer', phone.call('*89')).catch(() => null);
    try {
      if (call === null) end = 'without an answer';
      else await within(PATIENCE_MS, 'end of a call', behave(call, random));
    } catch {
      end = 'lost to an engine';
    }
    result.ends[end] = (result.ends[end] ?? 0) + 1;
    call?.media.close();
    if (call !== null) phone.calls.delete(call.callId);
    phone.received.length = 0;
  };
  const restart = async (turn: number): Promise<void> => {
    const engine = engines[Math.round(turn) % engines.length];
    result.kills += 1;
    await engine?.kill();
    await sleep(random() * 500);
    await engine?.start();
  };
  const soak = async (calls: number): Promise<void> => {
    const until = begun + calls;
    await Promise.all(Array.from({ length: options.atOnce }, () => caller(until)));
    await killing;
  };
  return result;
}

/** A SIP server of its own process; T1 of SIP in milliseconds. */
export function sipEngine(t1: number): EngineProcess {
  const timers = { t1, t2: t1 * 8, t4: t1 * 10, timerD: t1 * 64 };
  return new EngineProcess({ drachtio: { sipHost: HOST, sipPort: 0, secret: 'sip secret', timers } });
}

/** A media server of its own process, with RTP ports from this one on. */
export function mediaEngine(from: number): EngineProcess {
  const rtpPorts = { from, to: from + 4999 };
  return new EngineProcess({
    freeswitch: {
      host: HOST,
      eslPort: 0,
      sipPort: 0,
      secret: 'media secret',
      rtpPorts,
      mediaTimeoutMs: 4000,
    },
  });
}

/** The SIP application at a SIP server and any number of media servers. */
export async function startAt(
  engines: readonly EngineProcess[],
  internal: InternalApp,
  promptsDir: string,
): Promise<SipApplication> {
  const [drachtio, ...freeswitch] = engines.map(({ ports }, index) => ({
    host: HOST,
    port: ports.control,
    secret: index === 0 ? 'sip secret' : 'media secret',
  }));
  if (drachtio === undefined) throw new Error('no SIP server');
  const application = await startSipApplication({
    drachtio: [drachtio],
    freeswitch,
    mediaListenAddress: HOST,
    promptsDir,
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
    id: 'soak',
  });
  while (!application.ready().mediaServer) await sleep(20);
  return application;
}

export async function leftOf(
  application: SipApplication,
  engines: readonly EngineProcess[],
): Promise<Record<string, number>> {
  const left: Record<string, number> = {};
  for (const [name, count] of Object.entries(application.held())) left[`application: ${name}`] = count;
  for (const [index, { sip, media }] of (await Promise.all(engines.map((one) => one.held()))).entries()) {
    for (const [name, count] of Object.entries({ ...sip, ...media }))
      if (name !== 'dropped') left[`engine ${index}: ${name}`] = count;
  }
  return left;
}

/** What the internal app remembers for tests is not to weigh on the figures. */
function forgetCalls({ received }: InternalApp): void {
  for (const list of Object.values(received) as unknown[][]) if (list.length > 1000) list.length = 0;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('an empty list');
  return found;
}
