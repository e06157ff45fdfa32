/**
 * How many calls at once one core holds: engines and SIP application in one process on the first core, callers who speak, listen and key PINs on the
 * second. Beside them a process that sends as many bare RTP streams.
 *
 *     node dist/bench/calls.js [seconds, 20] [calls, 100 200 300 400]
 *
 * A packet is on time when it comes within 5 ms of 20 ms after the one before it. An entry is lost when what was keyed is not what was judged.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CallAudio } from '../softphone/call-audio.js';
import { Pacer } from '../telephony/media/pacer.js';
import { bindRtpSocket } from '../telephony/media/rtp-port-pool.js';
import { REALM, TOKEN, startInternalApp } from '../test/sip/app-support/internal-app.js';
import { Child, pin } from './child.js';
import { figuresOf, inMs, say } from './figures.js';
import { Evenness, FORMAT, hearStream } from './heard-stream.js';
import type { RtpOrder, RtpReady } from './rtp-server.js';
import { Caller, accountAt } from './sip-caller.js';
import type { SipOrder, SipReady } from './sip-server.js';

const [seconds = 20, ...wished] = process.argv.slice(2).map(Number);
const amounts = wished.length > 0 ? wished : [100, 200, 300, 400];

const ON_TIME_MS = 5;
const CALLS_A_SECOND = 25;
/** Somebody keys his PIN so often: six digits and `#` take 1.5 s, and what is said of it 4 s. */
const ENTRY_EVERY_MS = 8000;
/** Clocks of the callers' audio: people do not speak in step. */
const CLOCKS = 20;

/** Keyed, and not judged so; and the other way round. */
function lostOf(keyed: readonly string[], judged: readonly string[]): number {
  const left = new Map<string, number>();
  for (const entry of judged) left.set(entry, (left.get(entry) ?? 0) + 1);
  return keyed.filter((entry) => {
    const count = left.get(entry) ?? 0;
    left.set(entry, count - 1);
    return count <= 0;
  }).length;
}

async function measureCalls(amount: number): Promise<void> {
  const internal = await startInternalApp();
  internal.verdicts = [{ kind: 'wrong', attemptsLeft: 2 }];
  const child = await Child.start<SipOrder, SipReady>(new URL('./sip-server.js', import.meta.url), {
    kind: 'application',
    internal: { url: internal.url, token: TOKEN },
    realm: REALM,
  });
  const clocks = Array.from({ length: CLOCKS }, () => new Pacer());
  const evenness = new Evenness();
  const keyed: string[] = [];
  const callers: Caller[] = [];
  const over = new AbortController();
  let refused = 0;

  const converse = async (index: number): Promise<void> => {
    const account = accountAt(child.ready.sipPort, `caller-${index}`);
    internal.users.set(account.user, account.password);
    const caller = await Caller.open(account, clocks[index % CLOCKS]);
    callers.push(caller);
    const { call, socket } = await caller.call('*89');
    if (socket === null) {
      refused += 1;
      return;
    }
    hearStream(socket, evenness);
    while (!over.signal.aborted) {
      const entry = String(100_000 + Math.floor(Math.random() * 900_000));
      keyed.push(entry);
      await call.press(`${entry}#`);
      await pause(ENTRY_EVERY_MS - 1500);
    }
    await call.hangUp();
  };

  const conversations: Promise<void>[] = [];
  for (let index = 0; index < amount; index++) {
    conversations.push(converse(index));
    await pause(1000 / CALLS_A_SECOND);
  }
  const before = await child.cpu();
  evenness.counts = true;
  await pause(seconds * 1000);
  evenness.counts = false;
  const cpu = (await child.cpu()) - before;
  over.abort();
  await Promise.all(conversations);
  const judged = internal.received.attempts.map(({ digits }) => digits);
  report(`${amount} calls`, evenness, cpu);
  say(
    `${''.padEnd(20)}${keyed.length} entries keyed, ${lostOf(keyed, judged)} lost; ${refused} calls refused`,
  );
  for (const caller of callers) await caller.close();
  await child.stop();
  await internal.close();
}

async function measureBare(amount: number): Promise<void> {
  const clocks = Array.from({ length: CLOCKS }, () => new Pacer());
  const evenness = new Evenness();
  const sockets = await Promise.all(Array.from({ length: amount }, () => bindRtpSocket('127.0.0.1')));
  const child = await Child.start<RtpOrder, RtpReady>(new URL('./rtp-server.js', import.meta.url), {
    ports: sockets.map((socket) => socket.address().port),
  });
  const audios: CallAudio[] = [];
  for (const [index, socket] of sockets.entries()) {
    hearStream(socket, evenness);
    const peer = { address: '127.0.0.1', port: child.ready.ports[index] ?? 0 };
    audios.push(new CallAudio(socket, FORMAT, peer, clocks[index % CLOCKS] ?? new Pacer(), () => undefined));
    if (index < CLOCKS) await pause(3);
  }
  await pause(1000);
  const before = await child.cpu();
  evenness.counts = true;
  await pause(seconds * 1000);
  evenness.counts = false;
  report(`${amount} bare streams`, evenness, (await child.cpu()) - before);
  for (const audio of audios) audio.close();
  await child.stop();
}

function report(name: string, { offBy, packets, lost }: Evenness, cpuMs: number): void {
  const figures = figuresOf(offBy);
  const late = offBy.filter((value) => value > ON_TIME_MS).length / offBy.length;
  say(
    `${name.padEnd(20)}off by ${inMs(figures)}  ${(late * 100).toFixed(2).padStart(6)} % by more than ${ON_TIME_MS} ms` +
      `  ${packets} packets, ${lost} lost  ${((cpuMs / seconds / 1000) * 100).toFixed(0)} % of the core`,
  );
}

pin(process.pid, 1);
for (const amount of amounts) {
  await measureBare(amount);
  await measureCalls(amount);
}
process.exit();
