/**
 * How fast the audit log is sealed, and whether a storm of fetches outruns it.
 *
 * node dist/bench/audit.js [events of the backlog, 20000] [seconds of the storm, 10] [events a
 * second, 1500]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { openMasterKey } from '../src/domain/secrets.js';
import { AuditSealer } from '../src/services/audit/audit-seal.js';
import { verifyAudit } from '../src/services/audit/audit-verification.js';
import { startSweep } from '../src/services/sweep.js';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/open-store.js';
import { openMemoryStore } from '../src/store/pglite-store.js';
import type { Store } from '../src/store/store.js';
import { writeEvents } from '../test/support/audit-events.js';
import { startPostgres } from '../test/support/postgres.js';

const backlog = Number(process.argv[2] ?? 20_000);
const seconds = Number(process.argv[3] ?? 10);
const perSecond = Number(process.argv[4] ?? 1500);
/** As often as the notes of fetches are written. */
const WRITES_A_SECOND = 20;

async function run(name: string, store: Store): Promise<void> {
  await migrate(store);
  const log = pino({ level: 'error' });
  const clock = { now: () => new Date() };
  print(`\n${name}`);
  await writeEvents(store, backlog);
  const sealer = new AuditSealer({ store, clock, masterKey: KEY, log });
  const sealing = await timed(async () => {
    while (await sealer.look()) continue;
  });
  print(`  sealed     ${rate(backlog, sealing)}`);
  print(`  verified   ${rate(backlog, await timed(() => verifyAudit(store, KEY)))}`);

  const watch = startSweep(log, [{ what: 'the audit log', look: () => sealer.look() }]);
  let [worst, written] = [0, 0];
  const began = performance.now();
  for (let tick = 1; tick <= seconds * WRITES_A_SECOND; tick += 1) {
    await writeEvents(store, perSecond / WRITES_A_SECOND, backlog + written);
    written += perSecond / WRITES_A_SECOND;
    if (tick % 10 === 0) worst = Math.max(worst, await waiting(store));
    await pause(Math.max(0, began + (tick * 1000) / WRITES_A_SECOND - performance.now()));
  }
  const achieved = rate(written, performance.now() - began);
  await pause(2000);
  await watch.stop();
  const { unsealed, fault } = await verifyAudit(store, KEY);
  print(
    `  storm      ${achieved} written for ${seconds} s: ${worst} unsealed at worst, ${unsealed} two seconds later`,
  );
  if (fault !== null) throw new Error(`The log does not verify: ${fault.kind}`);
}

const KEY = openMasterKey('a master key for the bench');

async function waiting(store: Store): Promise<number> {
  const { count } = await store.db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('position', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function rate(events: number, milliseconds: number): string {
  return `${((events / milliseconds) * 1000).toFixed(0)} events/s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const pglite = await openMemoryStore();
try {
  await run('PGlite', pglite);
} finally {
  await pglite.close();
}
const postgres = await startPostgres();
if (postgres.kind === 'unavailable') print(`PostgreSQL is left out: ${postgres.reason}`);
else {
  const databaseUrl = await postgres.createDatabase();
  const store = await openStore({ databaseUrl, dataDir: null, log: pino({ level: 'error' }) });
  try {
    await run('PostgreSQL', store);
  } finally {
    await store.close();
    await postgres.stop();
  }
}
