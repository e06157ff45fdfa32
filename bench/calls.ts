/**
 * How many calls at once the embedded engines hold on one core: callers who speak, listen and key
 * PINs, on the second core, and beside them a process that sends as many bare RTP streams. Once
 * with the engines alone on their core; once with the SIP application beside them, as one process
 * has them on a machine with one core.
 *
 *     node dist/bench/calls.js [seconds, 20] [calls, 100 200 300]
 *
 * A packet is on time when it comes within 5 ms of 20 ms after the one before it; that is measured
 * at some of the callers, whose process goes before all others where it is allowed to (root). An
 * entry is lost when what was keyed is not what was judged.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { REALM, TOKEN, startInternalApp } from '../test/sip/app-support/internal-app.js';
import type { LoadAnswer, LoadOrder, LoadQuestion, LoadReady } from './call-load.js';
import { Child, pin } from './child.js';
import { figuresOf, inMs, say } from './figures.js';
import type { RtpOrder, RtpReady } from './rtp-server.js';
import { accountAt } from './sip-caller.js';
import type { SipOrder, SipReady } from './sip-server.js';

const [seconds = 20, ...wished] = process.argv.slice(2).map(Number);
const amounts = wished.length > 0 ? wished : [100, 200, 300];

const SIP_SERVER = new URL('./sip-server.js', import.meta.url);
const RTP_SERVER = new URL('./rtp-server.js', import.meta.url);
const LOAD = new URL('./call-load.js', import.meta.url);
const ON_TIME_MS = 5;
const CALLS_A_SECOND = 25;
const MEASURED = 20;

type Load = Child<LoadReady, LoadQuestion, LoadAnswer>;

/** Callers who make a load, and some who are measured. */
function startLoads(amount: number): Promise<Load[]> {
  const orders: LoadOrder[] = [
    { amount: MEASURED, first: 0, areMeasured: true },
    { amount: amount - MEASURED, first: MEASURED, areMeasured: false },
  ];
  return Promise.all(
    orders.map((order) => Child.start<LoadOrder, LoadReady, LoadQuestion, LoadAnswer>(LOAD, order, 1)),
  );
}

async function measureCalls(amount: number, areAlone: boolean): Promise<void> {
  const internal = await startInternalApp();
  internal.verdicts = [{ kind: 'wrong', attemptsLeft: 2 }];
  const engines = areAlone ? await Child.start<SipOrder, SipReady>(SIP_SERVER, { kind: 'engines' }) : null;
  const order: SipOrder = {
    kind: 'application',
    engines: engines?.ready.engines ?? null,
    internal: { url: internal.url, token: TOKEN },
    realm: REALM,
  };
  const application = await Child.start<SipOrder, SipReady>(SIP_SERVER, order, areAlone ? 1 : 0);
  const server = engines ?? application;
  for (let index = 0; index < amount; index++) {
    const { user, password } = accountAt(0, `caller-${index}`);
    internal.users.set(user, password);
  }
  const loads = await startLoads(amount);
  for (const load of loads.toReversed()) {
    await load.ask({ kind: 'call', sipPort: server.ready.sipPort, perSecond: CALLS_A_SECOND });
  }
  const answers = await listen(`${amount} calls, ${areAlone ? 'engines' : 'all'}`, loads, server);
  const keyed = answers.flatMap((answer) => answer.keyed);
  const judged = internal.received.attempts.map(({ digits }) => digits);
  const refused = answers.reduce((sum, answer) => sum + answer.refused, 0);
  say(
    `${''.padEnd(22)}${keyed.length} entries keyed, ${lostOf(keyed, judged)} lost; ${refused} calls refused`,
  );
  for (const child of [...loads, application, engines]) await child?.stop();
  await internal.close();
}

async function measureBare(amount: number): Promise<void> {
  const loads = await startLoads(amount);
  const server = await Child.start<RtpOrder, RtpReady>(RTP_SERVER, {
    ports: loads.flatMap(({ ready }) => ready.ports),
  });
  let from = 0;
  for (const load of loads) {
    const ports = server.ready.ports.slice(from, (from += load.ready.ports.length));
    await load.ask({ kind: 'talk', ports });
  }
  await listen(`${amount} bare streams`, loads, server);
  for (const child of [...loads, server]) await child.stop();
}

/** Listens for a while, says what was heard, and ends the calls. */
async function listen(name: string, loads: readonly Load[], server: { cpu(): Promise<number> }) {
  const before = await server.cpu();
  for (const load of loads) await load.ask({ kind: 'listen' });
  await pause(seconds * 1000);
  const cpu = (await server.cpu()) - before;
  const answers = await Promise.all(loads.map((load) => load.ask({ kind: 'end' })));
  const offBy = answers.flatMap((answer) => answer.offBy);
  const late = offBy.filter((value) => value > ON_TIME_MS).length / offBy.length;
  const lost = answers.reduce((sum, answer) => sum + answer.lost, 0);
  say(
    `${name.padEnd(22)}off by ${inMs(figuresOf(offBy))}` +
      `  ${(late * 100).toFixed(2).padStart(6)} % by more than ${ON_TIME_MS} ms` +
      `  of ${offBy.length} packets, ${lost} lost  ${((cpu / seconds / 1000) * 100).toFixed(0)} % of the core`,
  );
  return answers;
}

/** How many were keyed, and not judged so. */
function lostOf(keyed: readonly string[], judged: readonly string[]): number {
  const left = new Map<string, number>();
  for (const entry of judged) left.set(entry, (left.get(entry) ?? 0) + 1);
  return keyed.filter((entry) => {
    const count = left.get(entry) ?? 0;
    left.set(entry, count - 1);
    return count <= 0;
  }).length;
}

pin(process.pid, 1);
for (const amount of amounts) {
  await measureBare(amount);
  await measureCalls(amount, true);
  await measureCalls(amount, false);
}
