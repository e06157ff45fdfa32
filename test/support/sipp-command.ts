/** SIPp's command line and the files that it is given. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePortRange } from './free-port.js';
import { writeKeyedPcap } from './keyed-pcap.js';

const SCENARIOS = join(process.cwd(), 'test/e2e/sipp');
const HOST = '127.0.0.1';
const LIMIT_S = 70;

export interface SippOptions {
  /** The scenario's file name without `.xml`. */
  scenario: string;
  /** Whom it calls; without it waits to be called. */
  remote?: { host: string; port: number };
  transport?: 'udp' | 'tcp';
  /** Its own SIP port; any free one when not given. */
  port?: number;
  account?: { user: string; password: string };
  /** `[service]` in scenarios. */
  dialled?: string;
  /** What `keys.pcap` holds, as writeKeyedPcap takes it. */
  keyed?: string;
  /** What answers requests outside of its calls. */
  outOfCall?: string;
  /** How many calls at once. */
  calls?: number;
  /** Further `[names]` of scenarios. */
  values?: Record<string, string>;
}

/**
 * Writes the files into SIPp's folder and answers its parameters.
 *
 * @param port of its SIP socket
 * @param partnerPort where the partner listens, whom some scenarios keep step with
 */
export async function prepareSipp(
  folder: string,
  options: SippOptions,
  port: number,
  partnerPort: number,
): Promise<string[]> {
  const { remote, account, dialled, outOfCall, calls = 1, values = {} } = options;
  const scenario = readScenario(options.scenario);
  writeFileSync(join(folder, 'scenario.xml'), scenario);
  if (outOfCall !== undefined) writeFileSync(join(folder, 'out-of-call.xml'), readScenario(outOfCall));
  const keyedMs = writeKeyedPcap(join(folder, 'keys.pcap'), options.keyed ?? '');
  // SIPp takes the RTP port and the one 2 above, which is for video, and listens for commands on
  // another one.
  const { first } = await freePortRange(5);

  const parameters = ['-sf', 'scenario.xml', '-m', String(calls), '-l', String(calls), '-r', '50'];
  parameters.push(
    '-i',
    HOST,
    '-p',
    String(port),
    '-mi',
    HOST,
    '-mp',
    String(first),
    '-cp',
    String(first + 4),
  );
  parameters.push('-t', options.transport === 'tcp' ? 't1' : 'u1', '-d', String(keyedMs));
  parameters.push('-nostdin', '-timeout', `${LIMIT_S}s`, '-timeout_error');
  parameters.push('-trace_msg', '-message_file', 'messages.log', '-trace_err', '-error_file', 'errors.log');
  if (outOfCall !== undefined) parameters.push('-oocsf', 'out-of-call.xml');
  if (dialled !== undefined) parameters.push('-s', dialled);
  if (account !== undefined) {
    parameters.push('-au', account.user, '-ap', account.password, '-key', 'user', account.user);
  }
  for (const [name, value] of Object.entries(values)) parameters.push('-key', name, value);
  if (scenario.includes('<sendCmd>')) parameters.push('-3pcc', `${HOST}:${partnerPort}`);
  if (remote !== undefined) parameters.push(`${remote.host}:${remote.port}`);
  return parameters;
}

/** A scenario, in which `<include part="x"/>` stands for parts/x.xml. */
function readScenario(name: string): string {
  const text = readFileSync(join(SCENARIOS, `${name}.xml`), 'utf8');
  return text.replaceAll(/^ *<include part="([\w-]+)"\/>$/gm, (_, part: string) =>
    readScenario(`parts/${part}`).trimEnd(),
  );
}
