import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  CONFIGURATION_KINDS,
  type ConfigurationKind,
  type DryRun,
  dryRun,
} from '../configuration/dry-run.js';
import { loadTemplates } from '../configuration/load-templates.js';
import { parseMac } from '../domain/mac.js';
import { describeInstallation } from '../process/installation.js';
import { createLogger } from '../process/logger.js';
import { loadMasterKey } from '../services/master-key.js';
import { StartupFault } from '../domain/startup-fault.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';
import { readOptions, requireConfig } from './configuration.js';

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

  const config = requireConfig();
  // Else one would be made, with a database and a key in it.
  if (config.databaseUrl === null && !existsSync(config.dataDir))
    throw new StartupFault(
      `There is no data folder ${resolve(config.dataDir)}: set DATA_DIR, or DATABASE_URL.`,
    );
  const log = createLogger(config.logLevel);
  const templates = await loadTemplates(join(config.dataDir, 'templates'), log);
  const store = await openStore({ ...config, log });
  try {
    await migrate(store);
    const masterKey = await loadMasterKey(store.db, config, log);
    const ports = {
      provisioning: config.provisioningPort,
      sip: config.sipPort,
      sipTls: config.sipTls.port,
    };
    const installation = describeInstallation(config, ports);
    const clock = { now: () => new Date() };
    const context = { store, clock, masterKey, installation, log, templates };
    const outcome = await dryRun(context, mac, { as, model: values.model ?? null });
    if (outcome.kind === 'not-found') throw new StartupFault('There is no such device.');
    if (outcome.kind === 'no-family')
      throw new StartupFault(`There is no configuration for phones of ${outcome.vendor} yet.`);
    process.stderr.write(describe(outcome.dryRun));
    process.stdout.write(outcome.dryRun.document);
    return 0;
  } finally {
    await store.close();
  }
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
