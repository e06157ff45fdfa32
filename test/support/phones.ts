/** Phones and calls for end-to-end tests, on the softphone. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PhoneCall } from '../../softphone/call.js';
import type { FamilyName } from '../../softphone/families/index.js';
import { SimulatedPhone, type SimulatedPhoneOptions } from '../../softphone/phone.js';
import type { CreatedPhone } from './admin-api.js';
import type { Service } from './service.js';
import type { TurnedClock } from './turned-service.js';
import { until } from './wait-for.js';

/** Compiled into dist/test/support. */
export const PROMPTS = fileURLToPath(new URL('../../../prompts', import.meta.url));

/** How long a prompt may take to come; on two busy cores nothing is in a hurry. */
export const PROMPT_MS = 60_000;

/** Where a phone is, and how it behaves. */
export type PhoneNature = Pick<
  SimulatedPhoneOptions,
  'localAddress' | 'refreshPace' | 'trustedRoots' | 'promptsFolders'
>;

/**
 * The phone of a created device, unpacked and on the network. It is unplugged when the test ends.
 */
export async function plugIn(
  t: TestContext,
  service: Pick<Service, 'facts'>,
  created: Pick<CreatedPhone, 'macHex'>,
  family: FamilyName = 'yealink',
  own: PhoneNature = {},
): Promise<SimulatedPhone> {
  const phone = await SimulatedPhone.plugIn({
    family,
    macHex: created.macHex,
    provisioningUrl: service.facts.provisioningUrl,
    promptsFolders: [PROMPTS],
    ...own,
  });
  t.after(() => phone.unplug());
  return phone;
}

/** …and provisioned with its minimal configuration and registered. */
export async function registeredPhone(
  t: TestContext,
  service: Pick<Service, 'facts'>,
  created: Pick<CreatedPhone, 'macHex'>,
  family: FamilyName = 'yealink',
  own: PhoneNature = {},
): Promise<SimulatedPhone> {
  const phone = await plugIn(t, service, created, family, own);
  assert.equal(await phone.provision(), true);
  assert.equal(await phone.register(), 200);
  return phone;
}

/** Calls, and waits until the PIN is asked for. */
export async function callService(phone: SimulatedPhone, dialled = '*89'): Promise<PhoneCall> {
  const call = await phone.call(dialled);
  assert.deepEqual(await call.answer, { kind: 'answered' });
  assert.ok(await call.untilHeard('enter-pin-6', PROMPT_MS), 'the PIN is asked for');
  return call;
}

/**
 * Keys in entries one after the other, each followed by `#` when it is asked for; answers the names
 * that were heard, without language.
 */
export async function keyIn(call: PhoneCall, ...entries: string[]): Promise<string[]> {
  for (const [index, entry] of entries.entries()) {
    const isLast = index === entries.length - 1;
    const asked = isLast ? Promise.resolve(true) : call.untilHeard('enter-pin-6', PROMPT_MS);
    await call.press(`${entry}#`);
    assert.ok(await asked, 'the PIN is asked for again');
  }
  await call.ended;
  return namesHeard(call);
}

export function namesHeard(call: PhoneCall): string[] {
  return call.heard.map((prompt) => prompt.replace(/^.*\//, ''));
}

/** Calls and keys in one PAP: the short way to a state. */
export async function authenticate(phone: SimulatedPhone, pap: string): Promise<string[]> {
  return keyIn(await callService(phone), pap);
}

/**
 * A complete attempt in one dial string; nothing has to be heard for it. Answers what was heard.
 */
export async function dialAttempt(phone: SimulatedPhone, pap: string): Promise<string[]> {
  const call = await phone.call(`*89*${pap}`);
  await call.ended;
  return namesHeard(call);
}

/** Resolves with the next configuration that the phone applies. */
export function nextConfiguration(phone: SimulatedPhone, withinMs: number): Promise<string> {
  const shown = new Promise<string>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no configuration within ${withinMs} ms`)), withinMs);
    phone.once('provisioned', (setup) => {
      clearTimeout(limit);
      resolve(setup.display);
    });
  });
  // A test that fails before it looks has said enough.
  shown.catch(() => undefined);
  return shown;
}

/**
 * Whether the phone's display shows a text within the time, now or with one of the configurations
 * that it applies.
 */
export async function shows(phone: SimulatedPhone, text: string, withinMs: number): Promise<boolean> {
  const limit = performance.now() + withinMs;
  while (phone.setup?.display !== text) {
    const left = limit - performance.now();
    if (left <= 0) return false;
    await nextConfiguration(phone, left).catch(() => undefined);
  }
  return true;
}

/**
 * Calls, and hangs up as soon as the first announcement is recognised; answers its name, without
 * language.
 */
export async function hearFirst(phone: SimulatedPhone, dialled = '*89'): Promise<string | undefined> {
  const call = await phone.call(dialled);
  assert.deepEqual(await call.answer, { kind: 'answered' });
  await until(() => call.heard.length > 0, { within: PROMPT_MS, what: 'an announcement' });
  await call.hangUp();
  return namesHeard(call)[0];
}

/**
 * A complete attempt in one dial string, given up as soon as the verdict is announced: it stands by
 * then. Answers the announcement.
 */
export async function tryPap(phone: SimulatedPhone, pap: string): Promise<string | undefined> {
  return hearFirst(phone, `*89*${pap}`);
}

/** A registration is granted for longer than this. */
const REGISTERED_SECONDS = 200;

/** Turns the clock while phones stay registered, as they do by themselves when time just passes. */
export async function passTime(
  clock: TurnedClock,
  seconds: number,
  ...registered: readonly SimulatedPhone[]
): Promise<void> {
  for (let left = seconds; left > 0; left -= REGISTERED_SECONDS) {
    clock.turn(Math.min(left, REGISTERED_SECONDS));
    for (const phone of registered) assert.equal(await phone.register(), 200);
  }
}
