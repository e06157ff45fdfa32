/**
 * Phones at addresses, as the services see them: no sockets, so that any address can be played and
 * time stands still.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { deriveToken } from '../../src/domain/secrets.js';
import type { Token } from '../../src/domain/token.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { fetchConfiguration } from '../../src/services/fetch/fetch-configuration.js';
import type { ConfigurationFetch, ServedConfiguration } from '../../src/services/fetch/fetch-decision.js';
import { findHeldToken } from '../../src/services/fetch/fetch-token.js';
import { issueToken } from '../../src/services/fetch/issue-token.js';
import { register } from '../../src/services/registration.js';
import { lookUpFetches } from '../../src/store/fetch-lookup.js';
import { type TestContext, papOf } from './fixture.js';

/**
 * A phone that has fetched its minimal configuration from an address, and registered from there.
 */
export async function phoneAt(context: TestContext, device: Device, address: string): Promise<Token> {
  const token = await tokenFor(context, device, address);
  await register(context, token.id, {
    contacts: [{ uri: `sip:${token.id}@phone.example`, expiresSeconds: 300 }],
    path: null,
    source: { protocol: 'udp', address, port: 5060 },
    callId: `registration-of-${token.id}`,
    cseq: 1,
    userAgent: null,
  });
  return token;
}

export async function tokenFor(context: TestContext, device: Device, address: string): Promise<Token> {
  const issue = { address, masterKey: context.masterKey, now: context.clock.now() };
  return context.store.transaction((transaction) => issueToken(transaction, device, issue));
}

/** Its user keys in the PAP; the call comes from wherever `address` is. */
export async function succeed(
  context: TestContext,
  device: Device,
  token: Token,
  address = '203.0.113.99',
): Promise<void> {
  const digits = await papOf(context, device);
  const source = { protocol: 'udp', address, port: 5060 };
  const outcome = await attemptEntry(context, `call-of-${token.id}`, { user: token.id, digits, source });
  assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'accepted' } });
}

/** What a fetch asks and is told before anything is decided. */
export async function lookUp(
  context: TestContext,
  device: Device,
  address: string,
  token: Token | null = null,
): Promise<ConfigurationFetch> {
  const question = { mac: device.mac, tokenId: token?.id ?? null, address };
  const [facts] = await lookUpFetches(context.store.db, [question], context.clock.now());
  assert.ok(facts !== null && facts !== undefined);
  const presented = token === null ? null : deriveToken(context.masterKey, token.id, device.id);
  return { facts, finding: findHeldToken(context.masterKey, facts, presented, context.clock.now()), address };
}

/**
 * What the device is served at an address: to a phone with this token, or one that was just
 * unpacked.
 */
export async function fetchFrom(
  context: TestContext,
  device: Device,
  address: string,
  token: Token | null = null,
): Promise<ServedConfiguration> {
  const served = await fetchConfiguration(context, await lookUp(context, device, address, token));
  assert.ok(served !== null);
  return served;
}

/** The reason alone, of whichever configuration it was. */
export async function reasonFrom(...fetch: Parameters<typeof fetchFrom>): Promise<string> {
  const { kind, reason } = await fetchFrom(...fetch);
  return `${kind}: ${reason}`;
}
