/**
 * A process for a test to kill: makes wrong attempts on the database in the data folder it is
 * given, and says each verdict once it has it.
 */
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { migrate } from '../../src/store/migrate.js';
import { openStore } from '../../src/store/open-store.js';
import { PHONE_SOURCE, makeContext, makeDevice, makePhone, wrongPapOf } from './fixture.js';
import { SILENT } from './store.js';

const store = await openStore({ databaseUrl: null, dataDir: process.argv[2] ?? null, log: SILENT });
await migrate(store);
const context = makeContext(store);
const device = await makeDevice(context, { policy: { maxAttempts: 1000 } });
const phone = await makePhone(context, device);
const attempt = { user: phone.id, digits: await wrongPapOf(context, device), source: PHONE_SOURCE };
for (;;) {
  const outcome = await attemptEntry(context, 'call', attempt);
  process.stdout.write(`${outcome.kind === 'verdict' ? outcome.verdict.kind : outcome.kind}\n`);
}
