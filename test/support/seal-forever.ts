/**
 * A process for a test to kill: writes events on the PostgreSQL of the URL it is given and seals
 * them, and says so after each pass.
 */
import { openMasterKey } from '../../src/domain/secrets.js';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { openStore } from '../../src/store/open-store.js';
import { writeEvents } from './audit-events.js';
import { makeContext } from './fixture.js';
import { SILENT } from './store.js';

const [url = '', key = ''] = process.argv.slice(2);
const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
const sealer = new AuditSealer({ ...makeContext(store), masterKey: openMasterKey(key) });
for (;;) {
  await writeEvents(store, 500);
  await sealer.look();
  process.stdout.write('sealed\n');
}
