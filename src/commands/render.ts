import { join } from 'node:path';
import {
  CONFIGURATION_KINDS,
  type ConfigurationKind,
  type DryRun,
  dryRun,
} from '../configuration/dry-run.js';
import { loadTemplates } from '../configuration/load-templates.js';
import { parseMac } from '../domain/mac.js';
import { StartupFault } from '../domain/startup-fault.js';
import { readOptions } from './configuration.js';
import { withDatabase } from './with-database.js';

const USAGE = `dialgate render --mac MAC [--as minimal|full] [--model MODEL]

Writes the configuration that the phone with this MAC would get now, and on standard error why. Everything secret in it is masked, and nothing
is changed.

  --as      the one or the other, whichever it would get
  --model   what the phone says that it is, such as T46U, where the device has no model; else it is written for the largest

Works on the database that DATABASE_URL or DATA_DIR names. The embedded database has one process at a time: stop Dialgate first, or ask
the API (GET /api/v1/devices/MAC/configuration).
`;

/** `dialgate render`: what a phone would be sent, and why. */
export async function render(parameters: string[]): Promise<number> {
  const { values } = readOptions({
    args: parameters,
    options: {
      mac: { type: 'string' },
      as: { type: 'string' },
      model: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const mac = parseMac(values.mac ?? '');
  if (mac === null) throw new StartupFault('--mac takes the MAC address of one device.');
  const as = kindOf(values.as);

  return withDatabase(async (context, { dataDir }) => {
    const templates = await loadTemplates(join(dataDir, 'templates'), context.log);
    const outcome = await dryRun({ ...context, templates }, mac, { as, model: values.model ?? null });
    if (outcome.kind === 'not-found') throw new StartupFault('There is no such device.');
    if (outcome.kind === 'no-family')
      throw new StartupFault(`There is no configuration for phones of ${outcome.vendor} yet.`);
    process.stderr.write(describe(outcome.dryRun));
    process.stdout.write(outcome.dryRun.document);
    return 0;
  });
}

function kindOf(text: string | undefined): ConfigurationKind | null {
  if (text === undefined) return null;
  const kind = CONFIGURATION_KINDS.find((one) => one === text);
  if (kind === undefined) throw new StartupFault('--as takes minimal or full.');
  return kind;
}

function describe({ vendor, model, as, wouldSend, reason, because, token, address }: DryRun): string {
  const lines = [
    `phone    ${vendor}${model === null ? '' : ` ${model}`}, asking from ${address ?? 'nowhere yet'} with ${token === null ? 'no token' : `a ${token} token`}`,
    `gets     ${wouldSend} (${reason})${because === undefined ? '' : `, only observed: it would be minimal (${because})`}`,
    `shown    ${as}`,
  ];
  return `${lines.join('\n')}\n`;
}
