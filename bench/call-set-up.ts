/**
 * How long it takes until a call is answered: INVITE, challenge, INVITE with credentials, 200.
 * Dialgate with each database beside a bare drachtio application that answers at once, with and
 * without a media server.
 *
 *     node dist/bench/call-set-up.js [calls, 200]
 */
import { startPostgres } from '../test/support/postgres.js';
import { pin } from './child.js';
import { NO_MEDIA } from './bare-application.js';
import { figuresOf, inMs, say } from './figures.js';
import { Caller, accountAt } from './sip-caller.js';
import { type Site, startBare, startSite } from './sip-sites.js';

const calls = Number(process.argv[2] ?? 200);
const WARM_UP = 20;

/** Calls one after the other, each ended as soon as it is answered. */
async function measure(name: string, caller: Caller, dialled: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < WARM_UP + calls; index++) {
    const began = performance.now();
    const { call, socket } = await caller.call(dialled);
    const took = performance.now() - began;
    if (socket === null) throw new Error(`${name}: refused`);
    if (index >= WARM_UP) times.push(took);
    await call.hangUp();
  }
  await caller.close();
  const figures = figuresOf(times);
  say(`${name.padEnd(36)}${inMs(figures)}`);
  return figures.p50;
}

async function measureSite(name: string, site: Site, bare: number): Promise<void> {
  const [account] = await site.phones(1);
  if (account === undefined) throw new Error('no phone');
  const caller = await Caller.open(account.account);
  await caller.register();
  const median = await measure(name, caller, '*89');
  say(`${''.padEnd(36)}+ ${(median - bare).toFixed(1)} ms over the bare application`);
  await site.stop();
}

pin(process.pid, 1);
const bareSite = await startBare();
const bare = await measure('bare', await Caller.open(accountAt(bareSite.ready.sipPort)), NO_MEDIA);
await measure('bare, with a media server', await Caller.open(accountAt(bareSite.ready.sipPort)), '*89');
await bareSite.stop();
await measureSite('Dialgate on PGlite', await startSite(null), bare);
const postgres = await startPostgres();
if (postgres.kind === 'running') {
  await measureSite('Dialgate on PostgreSQL', await startSite(await postgres.createDatabase()), bare);
  await postgres.stop();
} else say(`PostgreSQL is left out: ${postgres.reason}`);
