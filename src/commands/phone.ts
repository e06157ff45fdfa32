import { lookup } from 'node:dns/promises';
import type { PhoneCall } from '../../softphone/call.js';
import { FAMILIES, isFamilyName } from '../../softphone/families/index.js';
import { FetchFailed } from '../../softphone/file-fetcher.js';
import { SimulatedPhone } from '../../softphone/phone.js';
import { LocalAddresses } from '../../telephony/sip/local-address.js';
import type { Config } from '../process/config.js';
import { plainHost, uriHost } from '../domain/host.js';
import { macHex, parseMac } from '../domain/mac.js';
import { promptsFolders } from '../process/own-prompts.js';
import { StartupFault } from '../domain/startup-fault.js';
import { readOptions, requireConfig } from './configuration.js';
import { printTrace } from './print-trace.js';
import { StopRequest } from './stop-request.js';

const USAGE = `dialgate phone --mac MAC [options]

Be the phone with this MAC: fetch the configuration and register. With --pap, --code or --dial, make a call
as well. Each step is a line. Exit status 0 when everything that was asked for worked.

  --vendor NAME      yealink (default) or any other family of docs/vendors.md
  --model NAME       as the vendor spells it, e.g. T46U
  --url URL          where the phone fetches from (default: PUBLIC_URL, else PROVISIONING_PORT of this machine)
  --pap DIGITS       call the authentication service and key in this PIN
  --code DIGITS      call the authentication service and key in this provisioning code of a line, as a phone
                     does that no administrator has created (UNKNOWN_DEVICES=autoprov)
  --dial NUMBER      what to dial instead of *89; without --pap and --code, listen until the other side hangs up
  --address ADDRESS  the network address to use (default: the one that faces the URL)
  --stay             stay registered and answer NOTIFY until Ctrl-C
`;

/** How long the service may take to ask for the entry, and the resync to follow its success. */
const PATIENCE_MS = 20_000;
/** How long a call is listened to that was only dialled. */
const LISTEN_MS = 60_000;

/** What the phone keys in, the prompt that asks for it, and the one that says that it was wrong. */
interface Entry {
  digits: string;
  prompt: string;
  incorrect: string;
}

/** `dialgate phone`: a simulated phone at the operator's terminal, to try an installation. */
export async function phone(parameters: string[]): Promise<number> {
  const { values } = readOptions({
    args: parameters,
    options: {
      mac: { type: 'string' },
      vendor: { type: 'string', default: 'yealink' },
      model: { type: 'string' },
      url: { type: 'string' },
      pap: { type: 'string' },
      code: { type: 'string' },
      dial: { type: 'string' },
      address: { type: 'string' },
      stay: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || values.mac === undefined) {
    process.stdout.write(USAGE);
    return values.help === true ? 0 : 2;
  }
  const mac = parseMac(values.mac);
  if (mac === null) throw new StartupFault(`${values.mac} is not a MAC address.`);
  if (!isFamilyName(values.vendor))
    throw new StartupFault(
      `The phone cannot be a ${values.vendor}: it is one of ${Object.keys(FAMILIES).join(', ')}.`,
    );
  const config = requireConfig();
  const url = values.url ?? ownUrl(config);
  if (!URL.canParse(url)) throw new StartupFault(`${url} is not a URL.`);
  const entry = entryOf(values.pap, values.code);

  const simulated = await SimulatedPhone.plugIn({
    family: values.vendor,
    model: values.model,
    macHex: macHex(mac),
    provisioningUrl: url,
    localAddress: values.address ?? (await addressFacing(new URL(url))),
    promptsFolders: promptsFolders(config),
    trace: printTrace,
  });
  try {
    const worked = await use(simulated, values.dial ?? (entry === null ? null : '*89'), entry);
    if (worked && values.stay === true) await new StopRequest().onSignals().made;
    return worked ? 0 : 1;
  } catch (error) {
    if (error instanceof FetchFailed) throw new StartupFault(describeFailure(error), { cause: error });
    throw error;
  } finally {
    await simulated.unplug();
  }
}

/** Where phones of a Dialgate with this environment fetch from. */
function ownUrl({ publicUrl, host, provisioningPort }: Config): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return publicUrl ?? `http://${uriHost(reachable)}:${provisioningPort}`;
}

function entryOf(pap: string | undefined, code: string | undefined): Entry | null {
  if (pap !== undefined && code !== undefined)
    throw new StartupFault('A call has one entry: give --pap or --code, not both.');
  if (pap !== undefined)
    return { digits: pap, prompt: `enter-pin-${pap.length}`, incorrect: 'pin-incorrect' };
  return code === undefined ? null : { digits: code, prompt: 'enter-code', incorrect: 'code-incorrect' };
}

async function addressFacing({ hostname }: URL): Promise<string> {
  const host = plainHost(hostname);
  try {
    return new LocalAddresses().facing((await lookup(host)).address);
  } catch (error) {
    throw new StartupFault(`The host ${host} is not known.`, { cause: error });
  }
}

/**
 * Answers whether the phone got a configuration, registered, and the call, where one is to be made,
 * came to its end.
 */
async function use(simulated: SimulatedPhone, dial: string | null, entry: Entry | null): Promise<boolean> {
  if (!(await simulated.provision())) return complain('The server has no configuration for this phone.');
  if (simulated.setup?.accounts[0] === undefined)
    return dial === null || complain('The phone has no account to call with.');
  const status = await simulated.register();
  if (dial === null) return status === 200 || complain(`The registration was answered with ${status}.`);
  const provisioned = new Promise<true>((resolve) => {
    simulated.once('provisioned', () => resolve(true));
  });
  const call = await simulated.call(dial);
  const answer = await call.answer;
  if (answer.kind === 'refused') return complain(`The call was answered with ${answer.status}.`);
  if (entry !== null && !(await keyIn(call, entry)))
    return complain(`The phone was not asked for an entry of ${entry.digits.length} digits.`);
  const isWrong = entry === null ? patience(LISTEN_MS) : call.untilHeard(entry.incorrect, LISTEN_MS);
  await Promise.race([call.ended, isWrong]);
  await call.hangUp();
  const isAccepted = call.heard.some((prompt) => /\/(authenticated|code-accepted)$/.test(prompt));
  if (!isAccepted) return entry === null || complain('The entry was not accepted.');
  return (
    (await Promise.race([provisioned, patience(PATIENCE_MS)])) ||
    complain('The phone was not told to fetch its configuration.')
  );
}

/** Answers whether the entry was asked for; where it was not, the phone has hung up. */
async function keyIn(call: PhoneCall, { digits, prompt }: Entry): Promise<boolean> {
  const isAsked = await Promise.race([
    call.untilHeard(prompt, PATIENCE_MS),
    call.ended.then(() => false as const),
  ]);
  if (isAsked) await call.press(`${digits}#`);
  else await call.hangUp();
  return isAsked;
}

/** Says on standard error what did not work; answers false. */
function complain(what: string): false {
  process.stderr.write(`${what}\n`);
  return false;
}

/** A fetch that failed, in one sentence. */
function describeFailure({ message, cause }: FetchFailed): string {
  if (!(cause instanceof Error)) return message;
  const refused = 'code' in cause && cause.code === 'ECONNREFUSED';
  return `${message.replace(/\.$/, '')}: ${refused ? 'nothing listens there' : cause.message}.`;
}

function patience(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
