import { FAMILIES, isFamilyName } from '../../softphone/families/index.js';
import { SimulatedPhone } from '../../softphone/phone.js';
import { macHex, parseMac } from '../domain/mac.js';
import { StartupFault } from '../startup-fault.js';
import { readOptions, requireConfig } from './configuration.js';
import { promptsFolders } from '../prompts-folder.js';
import { printTrace } from './print-trace.js';
import { StopRequest } from './stop-request.js';

const USAGE = `dialgate phone --mac MAC [options]

Be the phone with this MAC: fetch the configuration, register, and with --pap call *89 and key it in.

  --vendor NAME      yealink (default) or any other family of docs/vendors.md
  --model NAME       as the vendor spells it, e.g. T46U
  --url URL          what the phone is told by DHCP (default http://127.0.0.1:8080)
  --pap DIGITS       call the authentication service and key this in
  --dial NUMBER      what to dial instead of *89
  --address ADDRESS  the network address to use (default 127.0.0.1)
  --stay             stay registered and answer NOTIFY until Ctrl-C
`;

/** `dialgate phone`: a simulated phone at the operator's terminal, to try an installation. */
export async function phone(parameters: string[]): Promise<number> {
  const { values } = readOptions({
    args: parameters,
    options: {
      mac: { type: 'string' },
      vendor: { type: 'string', default: 'yealink' },
      model: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      pap: { type: 'string' },
      dial: { type: 'string', default: '*89' },
      address: { type: 'string', default: '127.0.0.1' },
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
  if (!URL.canParse(values.url)) throw new StartupFault(`${values.url} is not a URL.`);

  const simulated = await SimulatedPhone.plugIn({
    family: values.vendor,
    model: values.model,
    macHex: macHex(mac),
    provisioningUrl: values.url,
    localAddress: values.address,
    promptsFolders: promptsFolders(requireConfig()),
    trace: printTrace,
  });
  try {
    return await use(simulated, values.dial, values.pap, values.stay === true);
  } finally {
    await simulated.unplug();
  }
}

async function use(
  simulated: SimulatedPhone,
  dial: string,
  pap: string | undefined,
  stay: boolean,
): Promise<number> {
  if (!(await simulated.provision())) {
    process.stderr.write('The server has no configuration for this phone.\n');
    return 1;
  }
  if (simulated.setup?.accounts[0] === undefined) return 0;
  const status = await simulated.register();
  if (pap !== undefined && !(await keyIn(simulated, dial, pap))) return 1;
  if (stay) await new StopRequest().onSignals().made;
  return pap !== undefined || status === 200 ? 0 : 1;
}

/** Answers whether the call was answered and the phone has since been told to fetch and did. */
async function keyIn(simulated: SimulatedPhone, dial: string, pap: string): Promise<boolean> {
  const provisioned = new Promise<boolean>((resolve) => {
    simulated.once('provisioned', () => resolve(true));
  });
  const call = await simulated.call(dial);
  if ((await call.answer).kind === 'refused') return false;
  const asked = await call.untilHeard(`enter-pin-${pap.length}`, 10_000);
  if (asked) await call.press(`${pap}#`);
  await call.ended;
  if (!asked || !call.heard.some((prompt) => prompt.endsWith('/authenticated'))) return false;
  return Promise.race([provisioned, patience(15_000)]);
}

function patience(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
