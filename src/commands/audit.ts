import { headText, parseHeadText } from '../domain/audit.js';
import { createLogger } from '../process/logger.js';
import { describeFault } from '../services/audit/audit-fault.js';
import { type AuditReport, verifyAudit } from '../services/audit/audit-verification.js';
import { loadMasterKey } from '../services/master-key.js';
import { StartupFault } from '../domain/startup-fault.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';
import { readOptions, requireConfig } from './configuration.js';

const USAGE = `dialgate audit verify [--head POSITION:SEAL]

Follows the seals of the audit log from its beginning to its end and says whether anything was changed, put in, taken out or moved;
exit status 0 when nothing was, 1 when something was. Needs the master key.

  --head   a head that was noted before, from this command or from the log: the log must still contain it

Works on the database that DATABASE_URL or DATA_DIR names. The embedded database has one process at a time: stop Dialgate first.
`;

/** `dialgate audit`: whether the audit log is what was written. */
export async function audit(parameters: string[]): Promise<number> {
  const { values, positionals } = readOptions({
    args: parameters,
    allowPositionals: true,
    options: { head: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (positionals.join(' ') !== 'verify') {
    process.stderr.write(USAGE);
    return 2;
  }
  const noted = values.head === undefined ? null : parseHeadText(values.head);
  if (values.head !== undefined && noted === null)
    throw new StartupFault('--head takes a position, a colon and a seal of 64 hexadecimal digits.');

  const config = requireConfig();
  const log = createLogger(config.logLevel);
  const store = await openStore({ ...config, log });
  try {
    await migrate(store);
    const report = await verifyAudit(store, await loadMasterKey(store.db, config, log), noted);
    process.stdout.write(describeReport(report));
    if (report.fault === null) return 0;
    process.stderr.write(`${describeFault(report.fault)}\n`);
    return 1;
  } finally {
    await store.close();
  }
}

function describeReport({ sealed, first, last, head, unsealed, late }: AuditReport): string {
  const span = first === null || last === null ? '' : `, ${first.toISOString()} to ${last.toISOString()}`;
  const lines = [
    `sealed    ${sealed} events${span}`,
    `unsealed  ${unsealed}`,
    `begun     ${head?.begunAt.toISOString() ?? 'unknown'}`,
    `head      ${head === null ? 'unknown' : headText(head)}`,
  ];
  if (late !== null) {
    lines.push(
      `late      ${late.count}, the first at position ${late.firstPosition}: written more than an hour after the time they tell`,
    );
  }
  return `${lines.join('\n')}\n`;
}
