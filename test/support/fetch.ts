/**
 * A phone that fetches its configuration, without its HTTP: what the provisioning port asks of the
 * services.
 */
import { deriveToken } from '../../src/domain/secrets.js';
import { fetchConfiguration } from '../../src/services/fetch/fetch-configuration.js';
import type { ServedConfiguration } from '../../src/services/fetch/fetch-decision.js';
import { findHeldToken } from '../../src/services/fetch/fetch-token.js';
import { type FetchFacts, lookUpFetches } from '../../src/store/fetch-lookup.js';
import type { Device } from '../../src/domain/device.js';
import { PHONE_SOURCE, type TestContext } from './fixture.js';

export interface FetchWish {
  /** Of whichever device; null: without a token. */
  tokenId?: string | null;
  address?: string;
}

/** What a fetch finds in the database before anything is decided. */
export async function lookUp(
  context: TestContext,
  device: Device,
  { tokenId = null, address = PHONE_SOURCE.address }: FetchWish = {},
): Promise<FetchFacts> {
  const question = { mac: device.mac, tokenId, address };
  const [facts] = await lookUpFetches(context.store.db, [question], context.clock.now());
  if (facts === undefined || facts === null) throw new Error('there is no such device');
  return facts;
}

/** Fetches; answers what is served. */
export async function fetchAs(
  context: TestContext,
  device: Device,
  wish: FetchWish = {},
): Promise<ServedConfiguration> {
  return decideOn(context, await lookUp(context, device, wish), wish);
}

/** Decides on what was looked up before, however much has happened since. */
export async function decideOn(
  context: TestContext,
  facts: FetchFacts,
  { tokenId = null, address = PHONE_SOURCE.address }: FetchWish = {},
): Promise<ServedConfiguration> {
  const deviceId = facts.token?.deviceId ?? facts.deviceId;
  const presented = tokenId === null ? null : deriveToken(context.masterKey, tokenId, deviceId);
  const finding = findHeldToken(context.masterKey, facts, presented, context.clock.now());
  const served = await fetchConfiguration(context, { facts, finding, address });
  if (served === null) throw new Error('the device is gone');
  return served;
}
