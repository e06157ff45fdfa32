import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, DEFAULT_DATA_DIR } from '../process/config.js';
import { makeApiKey } from '../domain/secrets.js';
import { createLogger, muteConsole } from '../process/logger.js';
import { type RunningDialgate, startDialgate } from '../process/start.js';
import { promptsFolders } from '../process/own-prompts.js';
import { StartupFault } from '../domain/startup-fault.js';
import { processClock } from '../process/system-clock.js';
import { requireConfig } from './configuration.js';
import { type SecondPhone, type Stage, playMainJob } from './demo-play.js';
import { StopRequest } from './stop-request.js';

/**
 * `dialgate demo`: everything embedded, the main job before the reader's eyes, and then it stays,
 * so that a real phone or curl can follow. Unless DATA_DIR or DATABASE_URL is set it works in a
 * folder of its own that goes when it ends.
 */
export async function demo(): Promise<number> {
  const stop = new StopRequest().onSignals();
  const own = await ownFolder();
  const config = demoConfig(requireConfig(), own);
  let dialgate: RunningDialgate | undefined;
  try {
    // Only what fails is logged: the play is what there is to see, and that it plays on loopback is
    // no surprise.
    const log = createLogger(config.logLevel === 'info' ? 'error' : config.logLevel);
    muteConsole(log);
    dialgate = await startDialgate(config, { clock: processClock(config), log, onFailure: stop.fail });
    const adminKey = config.adminKey ?? '';
    const { sipServer, mediaServer, database } = dialgate.facts;
    say(`Dialgate runs: ${[sipServer, mediaServer, database].join(', ')}.`);
    const stage = stageOf(dialgate, config);
    const outcome = await Promise.race([
      playMainJob(stage, adminKey),
      stop.made.then(() => ({ kind: 'stopped' }) as const),
    ]);
    if (outcome.kind === 'failed') return 1;
    if (outcome.kind === 'played') announce(dialgate, stage, adminKey, outcome.second);
    return (await stop.made).status;
  } finally {
    await dialgate?.stop();
    if (own !== null) await rm(own, { recursive: true, force: true });
  }
}

/** null when the operator has named a place. */
async function ownFolder(): Promise<string | null> {
  const { databaseUrl, dataDir } = requireConfig();
  return databaseUrl === null && dataDir === DEFAULT_DATA_DIR
    ? mkdtemp(join(tmpdir(), 'dialgate-demo-'))
    : null;
}

function demoConfig(config: Config, own: string | null): Config {
  return { ...config, dataDir: own ?? config.dataDir, adminKey: config.adminKey ?? makeApiKey() };
}

function stageOf({ facts: { adminUrl, provisioningUrl } }: RunningDialgate, config: Config): Stage {
  if (adminUrl !== null && provisioningUrl !== null)
    return { adminUrl, provisioningUrl, promptsFolders: promptsFolders(config) };
  throw new StartupFault('The demo plays with everything in one process: unset ROLES.');
}

function announce(
  { facts }: RunningDialgate,
  { adminUrl, provisioningUrl }: Stage,
  adminKey: string,
  { macHex, pap }: SecondPhone,
): void {
  const phone = `${ownCommand()} phone --url ${provisioningUrl} --mac ${macHex}`;
  const curl = `curl -sS -H 'Authorization: Bearer ${adminKey}'`;
  const device = `${adminUrl}/api/v1/devices/${macHex}`;
  say(`
It goes on running. Ctrl-C ends it.

  Page          ${adminUrl}/
  API key       ${adminKey}
  Provisioning  ${provisioningUrl}/
  SIP           ${facts.sip}

Be the second phone yourself, in another terminal. Without the PIN it gets no further than the first one did:
  ${phone}
With it, it gets its line:
  ${phone} --pap ${pap}
What the administrator sees of it, and the order to start again with a new PIN:
  ${curl} ${device}
  ${curl} -X POST ${device}/reset-authentication
`);
}

/** How this program was started, for a shell in any folder. */
function ownCommand(): string {
  const [node = 'node', program = ''] = process.argv;
  return [node, program].map(quoted).join(' ');
}

/** A word for a shell (POSIX, section 2.2.2). */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
