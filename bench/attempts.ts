/**
 * How many entries a second one process judges: wrong PAPs from many addresses at many devices,
 * none of which is refused.
 *
 *     node dist/bench/attempts.js [seconds, 5]
 */
import {
  type TestContext,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
  wrongPapOf,
} from '../test/support/fixture.js';
import type { Attempt } from '../src/contract/messages.js';
import { attemptEntry } from '../src/services/authentication/attempt-entry.js';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/open-store.js';
import { startPostgres } from '../test/support/postgres.js';
import { SILENT } from '../test/support/store.js';
import { temporaryFolder } from '../test/support/temporary-folder.js';

const DEVICES = 50;
const CALLERS = 8;
const seconds = Number(process.argv[2] ?? 5);

/** Nothing here may stand in the way: what is measured is entries that are looked at. */
const POLICY = { maxAttempts: 1_000_000_000, guessesPerHour: 1_000_000_000 };

async function makeAttempts(context: TestContext): Promise<Attempt[]> {
  const tenantId = await makeTenant(context, { policy: POLICY });
  const attempts: Attempt[] = [];
  for (let index = 0; index < DEVICES; index += 1) {
    const device = await makeDevice(context, { tenantId });
    const { id } = await makePhone(context, device);
    const source = { protocol: 'udp', address: `198.51.100.${index}`, port: 5060 };
    attempts.push({ user: id, digits: await wrongPapOf(context, device), source });
  }
  return attempts;
}

async function measure(name: string, databaseUrl: string | null): Promise<void> {
  const dataDir = databaseUrl === null ? temporaryFolder('attempts') : null;
  const store = await openStore({ databaseUrl, dataDir, log: SILENT });
  try {
    await migrate(store);
    const context = makeContext(store);
    context.installation.guesses = { perSourcePerHour: 1_000_000, perHour: 1_000_000 };
    const attempts = await makeAttempts(context);
    const started = performance.now();
    const end = started + seconds * 1000;
    let judged = 0;
    const call = async (caller: number): Promise<void> => {
      for (let index = caller; performance.now() < end; index += CALLERS) {
        // An hour has room for a thousand guesses: what is older is not to weigh on the figure.
        context.clock.advance(4);
        const attempt = attempts[index % DEVICES];
        if (attempt === undefined) throw new Error('no attempt');
        const outcome = await attemptEntry(context, 'call', attempt);
        if (outcome.kind !== 'verdict' || outcome.verdict.kind !== 'wrong')
          throw new Error(JSON.stringify(outcome));
        judged += 1;
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
    const rate = judged / ((performance.now() - started) / 1000);
    process.stdout.write(`${name}: ${rate.toFixed(0)} entries a second, ${CALLERS} callers at a time\n`);
  } finally {
    await store.close();
  }
}

const postgres = await startPostgres();
if (postgres.kind === 'running') {
  await measure('PostgreSQL', await postgres.createDatabase());
  await postgres.stop();
} else process.stdout.write(`PostgreSQL: ${postgres.reason}\n`);
await measure('PGlite', null);
