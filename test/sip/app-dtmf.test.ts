/**
 * Keys in every way that telephones send them. docs/dtmf.md says what comes of each, on either
 * engine, and is held to it here: on the embedded engines, and on others when the environment names
 * them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ENGINES } from '../support/engines.js';
import { startBench, type Bench } from './app-support/bench.js';
import { DTMF_CASES, PIN, type DtmfCase } from './app-support/dtmf-cases.js';
import type { PhoneCall } from './app-support/phone-call.js';
import type { TestPhone } from './app-support/test-phone.js';
import { until } from './app-support/wait.js';

/**
 * How long an entry may take from its last key on: the longest is given up by the pause after a
 * digit.
 */
const ENTRY_LIMIT_MS = 9000;

/**
 * As many as one host may have; fewer where two engines, an application and all the phones share a
 * machine.
 */
const CALLS_AT_ONCE = { embedded: 24, freeswitch: 8 };

/** The rows of the table: the way, the case, what comes of it embedded and on FreeSWITCH. */
function readTable(): Map<string, { embedded: string; freeswitch: string }> {
  const rows = readFileSync('docs/dtmf.md', 'utf8').matchAll(
    /^\| (?!way)(.+?) \| (.+?) \| (\w+) \| (\w+)(?: \S+)? \|$/gm,
  );
  return new Map(
    Array.from(rows, ([, way = '', title = '', embedded = '', freeswitch = '']) => [
      `${way}: ${title}`,
      { embedded, freeswitch },
    ]),
  );
}

describe('keys', () => {
  let bench: Bench;
  const engine = ENGINES['FREESWITCH_HOST'] === undefined ? 'embedded' : 'freeswitch';
  /** `heard`, `lost`, `misheard`, or what went wrong. */
  const outcomes = new Map<string, string>();
  const table = readTable();

  const connect = async ({
    telephoneEvent = 101,
  }: DtmfCase): Promise<{ phone: TestPhone; call: PhoneCall }> => {
    const phone = await bench.phone();
    const call = await phone.call('*89', { telephoneEvent });
    await call.answered();
    return { phone, call };
  };
  /** Calls are made one after the other: it is not the setting up that is tested here. */
  let connected: Promise<unknown> = Promise.resolve();
  const play = async (one: DtmfCase): Promise<string> => {
    const connecting = connected.then(() => connect(one));
    connected = connecting.catch(() => undefined); // whose call it is gets to know
    const { phone, call } = await connecting;
    await call.heard('enter-pin-6', one.silentAtFirst === true ? 2 : 1, 20_000);
    await one.send(call);
    const { attempts } = bench.internal.received;
    const port = Number(phone.address.split(':')[1]);
    const mine = (): string | undefined => attempts.find(({ source }) => source.port === port)?.digits;
    const digits = await until('attempt', mine, ENTRY_LIMIT_MS).catch(() => null);
    await call.hangUp().catch(() => undefined); // it may be over by itself
    if (digits === null) return 'lost';
    return digits === PIN ? 'heard' : 'misheard';
  };

  /**
   * A machine that stands still for half a second breaks a key in two; what is wrong by itself is
   * wrong twice.
   */
  const playTwice = async (one: DtmfCase, expected: string | undefined): Promise<string> => {
    const outcome = await play(one).catch(String);
    return outcome === expected ? outcome : play(one).catch(String);
  };

  before(async () => {
    bench = await startBench();
    bench.internal.opened = {
      languages: ['en'],
      asks: 'pap',
      papDigits: 6,
      state: 'needed',
      attemptsLeft: 3,
    };
    bench.internal.verdicts = [{ kind: 'accepted' }];
    const waiting = DTMF_CASES.flatMap(([way, cases]) =>
      cases.map((one) => ({ name: `${way}: ${one.title}`, one })),
    );
    const order = waiting.toSorted(
      (a, b) => Number(b.one.silentAtFirst ?? false) - Number(a.one.silentAtFirst ?? false),
    );
    const work = async (): Promise<void> => {
      for (let next = order.shift(); next !== undefined; next = order.shift())
        outcomes.set(next.name, await playTwice(next.one, table.get(next.name)?.[engine]));
    };
    // What takes its time is the keying: many calls at once, the slowest first.
    await Promise.all(Array.from({ length: CALLS_AT_ONCE[engine] }, work));
  });
  after(() => bench.close());

  for (const [way, cases] of DTMF_CASES) {
    for (const { title } of cases) {
      const name = `${way}: ${title}`;
      test(name, () => assert.equal(outcomes.get(name), table.get(name)?.[engine]));
    }
  }

  test('the table has no other rows', () =>
    assert.deepEqual([...table.keys()].toSorted(), [...outcomes.keys()].toSorted()));
});
