/**
 * From the `#` of a right PIN to the NOTIFY on the wire, beyond what has to pass: the announcement,
 * and the second after BYE. Callers key at their ease, some at a time, and are compared with those
 * of a bare application that judges nothing and writes nothing down.
 *
 *     node dist/bench/notify.js [callers at once, 5] [rounds, 10]
 *
 * Counted from the moment in which `#` is let go, for only its end packet makes it a key.
 */
import { once } from 'node:events';
import { readEvent, scheduleDigit } from '../telephony/media/telephone-event.js';
import { startPostgres } from '../test/support/postgres.js';
import { NOTIFY_DELAY_MS, announcementMs } from './announced.js';
import { pin } from './child.js';
import { figuresOf, inMs, say } from './figures.js';
import { Caller, accountAt } from './sip-caller.js';
import { type Site, startBare, startSite } from './sip-sites.js';

const [callers = 5, rounds = 10] = process.argv.slice(2).map(Number);
const LIMIT_MS = 60_000;
const ANNOUNCEMENT_MS = announcementMs();
const FRAME_MS = 20;
const HELD_MS = scheduleDigit('#').findIndex(({ payload }) => readEvent(payload)?.end) * FRAME_MS;

/**
 * What one caller waits for beyond what has to pass, in milliseconds: until BYE, and from there
 * until NOTIFY.
 */
interface Wait {
  untilBye: number;
  untilNotify: number;
}

async function measureOne(caller: Caller, pap: string): Promise<Wait> {
  await caller.register();
  const { call, socket } = await caller.call('*89');
  if (socket === null) throw new Error('refused');
  await call.press(pap);
  const notified = once(caller, 'notify', { signal: AbortSignal.timeout(LIMIT_MS) });
  const letGo = performance.now() + HELD_MS;
  await call.press('#');
  await call.ended;
  const over = performance.now();
  const [at] = (await notified) as [number];
  await caller.close();
  return { untilBye: over - letGo - ANNOUNCEMENT_MS, untilNotify: at - over - NOTIFY_DELAY_MS };
}

type Ask = () => Promise<{ caller: Caller; pap: string }>;

async function measure(name: string, next: Ask): Promise<void> {
  const waits: Wait[] = [];
  for (let round = 0; round < rounds; round++) {
    const asked = await Promise.all(Array.from({ length: callers }, next));
    waits.push(...(await Promise.all(asked.map(({ caller, pap }) => measureOne(caller, pap)))));
  }
  const part = (title: string, wait: (one: Wait) => number): void =>
    say(`  ${title.padEnd(28)}${inMs(figuresOf(waits.map(wait)))}`);
  say(`${name}, ${waits.length} calls`);
  part('in all', ({ untilBye, untilNotify }) => untilBye + untilNotify);
  part('# to BYE', ({ untilBye }) => untilBye);
  part('BYE to NOTIFY', ({ untilNotify }) => untilNotify);
}

async function measureSite(name: string, site: Site): Promise<void> {
  const waiting = await site.phones(callers * rounds);
  await measure(name, async () => {
    const phone = waiting.pop();
    if (phone === undefined) throw new Error('no phone is left');
    return { caller: await Caller.open(phone.account), pap: phone.created.pap };
  });
  await site.stop();
}

pin(process.pid, 1);
say(`beyond ${ANNOUNCEMENT_MS.toFixed(0)} ms of announcement before BYE, and ${NOTIFY_DELAY_MS} ms after it`);
const bare = await startBare();
await measure('bare', async () => ({
  caller: await Caller.open(accountAt(bare.ready.sipPort)),
  pap: '123456',
}));
await bare.stop();
await measureSite('Dialgate on PGlite', await startSite(null));
const postgres = await startPostgres();
if (postgres.kind === 'running') {
  await measureSite('Dialgate on PostgreSQL', await startSite(await postgres.createDatabase()));
  await postgres.stop();
} else say(`PostgreSQL is left out: ${postgres.reason}`);
