import { randomBytes } from 'node:crypto';
import { SimulatedPhone } from '../../softphone/phone.js';
import { printTrace } from './print-trace.js';

/** How long the demo waits for something to happen before it says that it did not. */
const PATIENCE_MS = 20_000;

/** A second phone that exists and waits for its PIN, for the reader to be. */
export interface SecondPhone {
  macHex: string;
  pap: string;
}

type Outcome = { kind: 'played'; second: SecondPhone } | { kind: 'failed' };

/** Where the play takes place. */
export interface Stage {
  adminUrl: string;
  provisioningUrl: string;
  /** What the phone knows the voice by. */
  promptsFolders: readonly string[];
}

/**
 * Takes a simulated Yealink through the main job, each step a line. Answers whether everything
 * happened as it should.
 */
export async function playMainJob(facts: Stage, adminKey: string): Promise<Outcome> {
  const api = new Api(facts.adminUrl, adminKey);
  const macHex = `805ec0${randomBytes(3).toString('hex')}`;
  let phone: SimulatedPhone | undefined;
  try {
    heading('An administrator creates a tenant, a line and a phone over the REST API');
    const customer = await createCustomer(api);
    const { pap } = await createDevice(api, customer, macHex);

    heading('The phone is plugged in and asks for its configuration by its MAC address');
    phone = await SimulatedPhone.plugIn({
      family: 'yealink',
      macHex,
      provisioningUrl: facts.provisioningUrl,
      promptsFolders: facts.promptsFolders,
      trace: printTrace,
    });
    await phone.provision();
    expect(phone.setup?.display === 'Authentication needed', 'the minimal configuration was expected');

    heading('With the account of its minimal configuration it registers');
    expect((await phone.register()) === 200, 'the phone could not register');

    heading('Its user dials *89 and keys in a wrong PIN, then the right one');
    const provisioned = nextConfiguration(phone);
    await authenticate(phone, pap);

    heading('The phone is told to fetch its configuration, and has its line');
    expect(await provisioned, 'the phone was not told to fetch again');
    expect(phone.setup?.accounts[0]?.user === LINE.sipUser, 'the full configuration was expected');
    expect(phone.setup?.accounts[0]?.password === LINE.password, 'the line came without its password');
    step(
      `phone has the credentials of line “${LINE.label}”: ${LINE.sipUser} at ${LINE.registrar}, password ${'•'.repeat(8)}`,
    );
    const device = await api.get(`/devices/${macHex}`);
    step(`the API says: authentication ${String(device['state'])}`);

    heading('A second phone of the same customer waits for you');
    const second = await createDevice(api, customer, `805ec0${randomBytes(3).toString('hex')}`);
    return { kind: 'played', second };
  } catch (error) {
    process.stderr.write(
      `\nThe demo did not work out: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return { kind: 'failed' };
  } finally {
    await phone?.unplug();
  }
}

const LINE = {
  label: '201 Anna',
  displayName: 'Anna Example',
  sipUser: 'k201a',
  password: 'S1p-secret-of-Anna',
  registrar: 'pbx.example',
};

interface Customer {
  tenantId: string;
  lineId: string;
}

/**
 * With the policy `strict`, each phone proves itself. Without it, the PIN of the first one would
 * open its network, which is this machine, and the reader's own phone would get everything without
 * being asked.
 */
async function createCustomer(api: Api): Promise<Customer> {
  const tenant = await api.post('/tenants', { name: 'Example Ltd', policy: { strict: true } });
  const line = await api.post(`/tenants/${String(tenant['id'])}/lines`, LINE);
  return { tenantId: String(tenant['id']), lineId: String(line['id']) };
}

async function createDevice(api: Api, { tenantId, lineId }: Customer, macHex: string): Promise<SecondPhone> {
  const device = await api.post('/devices', {
    mac: macHex,
    vendor: 'yealink',
    model: 'T46U',
    tenantId,
    lines: [lineId],
  });
  step(
    `the API says: authentication ${String(device['state'])}, PIN ${String(device['pap'])} (the administrator tells the user)`,
  );
  return { macHex, pap: String(device['pap']) };
}

async function authenticate(phone: SimulatedPhone, pap: string): Promise<void> {
  const call = await phone.call('*89');
  expect((await call.answer).kind === 'answered', 'the call was not answered');
  expect(await call.untilHeard('enter-pin-6', PATIENCE_MS), 'the phone was not asked for the PIN');
  const asksAgain = call.untilHeard('enter-pin-6', PATIENCE_MS);
  await call.press(`${wrong(pap)}#`);
  expect(await asksAgain, 'the phone was not asked again');
  await call.press(`${pap}#`);
  expect((await call.ended) === 'service', 'the service did not hang up');
  expect(
    call.heard.some((prompt) => prompt.endsWith('/authenticated')),
    'success was not announced',
  );
}

/** Another PIN of the same length. */
function wrong(pap: string): string {
  return pap.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
}

function nextConfiguration(phone: SimulatedPhone): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), 3 * PATIENCE_MS);
    phone.once('provisioned', () => {
      clearTimeout(limit);
      resolve(true);
    });
  });
}

/** The REST API as an administrator's program uses it. */
class Api {
  constructor(
    private readonly adminUrl: string,
    private readonly key: string,
  ) {}

  async get(path: string): Promise<Record<string, unknown>> {
    return this.#call('GET', path);
  }

  async post(path: string, body: unknown): Promise<Record<string, unknown>> {
    return this.#call('POST', path, body);
  }

  async #call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.adminUrl}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.key}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    step(`REST  ${method} /api/v1${path.replaceAll(/[0-9a-f-]{36}/g, '…')} → ${answer.status}`);
    if (!answer.ok)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }
}

let headings = 0;

function heading(text: string): void {
  process.stdout.write(`\n ${++headings}  ${text}\n`);
}

function step(text: string): void {
  process.stdout.write(`      ${text}\n`);
}

function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}
