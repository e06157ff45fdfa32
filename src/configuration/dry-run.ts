import type { FullReason, MinimalReason } from '../domain/access.js';
import { lookAt } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import { DISPLAY_TEXTS } from '../domain/display.js';
import type { Mac } from '../domain/mac.js';
import { type Token, type TokenState, isLive } from '../domain/token.js';
import type { VendorId } from '../domain/vendor-id.js';
import type { ServiceContext } from '../services/context.js';
import { previewConfiguration } from '../services/fetch/fetch-configuration.js';
import type { ServedConfiguration } from '../services/fetch/fetch-decision.js';
import { findDeviceByMac } from '../store/devices.js';
import { type FetchFacts, lookUpFetches } from '../store/fetch-lookup.js';
import { tokensOfDevice } from '../store/tokens.js';
import { vendorOf } from '../vendors/index.js';
import type { OwnTemplates } from './own-templates.js';
import { renderConfiguration, type Served } from './render.js';
import { MASK, MASKED_SECRETS } from './view-secrets.js';

export const CONFIGURATION_KINDS = ['minimal', 'full'] as const;
export type ConfigurationKind = (typeof CONFIGURATION_KINDS)[number];

/** The configuration that a phone would get, for administrators: all secrets in it are masked. */
export interface DryRun {
  mac: Mac;
  vendor: VendorId;
  /** null: only the phone itself says its model, and this is the document of the largest one. */
  model: string | null;
  /** Which of the two configurations this is. */
  as: ConfigurationKind;
  /** Which of the two the phone would get now, and why. */
  wouldSend: ConfigurationKind;
  reason: FullReason | MinimalReason;
  /** Under a policy that only observes: why an enforcing one would refuse the full one. */
  because?: MinimalReason;
  /** The state of the token that the phone is assumed to hold; null: none. */
  token: TokenState | null;
  /** The address that the phone is assumed to fetch from. */
  address: string | null;
  contentType: string;
  document: string;
}

export type DryRunOutcome =
  | { kind: 'shown'; dryRun: DryRun }
  | { kind: 'not-found' }
  /** Dialgate writes no configuration for its family yet. */
  | { kind: 'no-family'; vendor: VendorId };

export type DryRunContext = Pick<ServiceContext, 'store' | 'clock' | 'installation' | 'masterKey' | 'log'> & {
  templates: OwnTemplates;
};

/** What an administrator asks to see. */
export interface DryRunWish {
  /** null: the one that the phone would get. */
  as: ConfigurationKind | null;
  /** The model that the phone says; ignored where an administrator has entered one. */
  model: string | null;
}

/**
 * The configuration that the phone of a device would get if it fetched now, from its last address
 * and with the best token of the device; or the other one of the two. Changes nothing.
 */
export async function dryRun(context: DryRunContext, mac: Mac, wish: DryRunWish): Promise<DryRunOutcome> {
  const { db } = context.store;
  const now = context.clock.now();
  const device = await findDeviceByMac(db, mac);
  if (device === null) return { kind: 'not-found' };
  const held = bestToken(await tokensOfDevice(db, device.id), now);
  const address = held?.lastFetchAddress ?? device.lastSeenAddress;
  const [facts = null] = await lookUpFetches(db, [{ mac, tokenId: held?.id ?? null, address }], now);
  if (facts === null) return { kind: 'not-found' };
  const vendor = vendorOf(facts.vendor);
  if (vendor === null) return { kind: 'no-family', vendor: facts.vendor };

  const would = previewConfiguration(context, { facts, finding: findingOf(facts), address });
  const model = facts.model ?? wish.model;
  const served = servedAs(wish.as ?? would.kind, would, device, now);
  const masked = { ...context, secrets: MASKED_SECRETS };
  const { contentType, body } = renderConfiguration(masked, { facts, vendor, model }, served);
  const kept = would.kind === 'full' ? would.would : null;
  return {
    kind: 'shown',
    dryRun: {
      mac,
      vendor: vendor.id,
      model,
      as: served.kind,
      wouldSend: would.kind,
      reason: would.reason,
      ...(kept !== null && { because: kept.reason }),
      token: facts.token?.state ?? null,
      address,
      contentType,
      document: body,
    },
  };
}

const RANKS: Record<TokenState, number> = { proven: 0, released: 1, bootstrap: 2, revoked: 3 };

/** The live token with the most rights; of several, the one that was used last. */
function bestToken(tokens: readonly Token[], now: Date): Token | null {
  const live = tokens.filter((token) => isLive(token, now));
  const [best = null] = live.toSorted(
    (a, b) => RANKS[a.state] - RANKS[b.state] || b.lastUsedAt.getTime() - a.lastUsedAt.getTime(),
  );
  return best;
}

function findingOf({ token }: FetchFacts): Parameters<typeof previewConfiguration>[1]['finding'] {
  return token === null ? { kind: 'none', because: 'missing', endedId: null } : { kind: 'held', token };
}

function servedAs(kind: ConfigurationKind, would: ServedConfiguration, device: Device, now: Date): Served {
  const tokenId = would.isNewToken ? MASK : would.tokenId;
  if (kind === 'full') return { kind, tokenId };
  const { state } = lookAt(device.authentication, now);
  return {
    kind,
    tokenId,
    displayText: would.kind === 'minimal' ? would.displayText : DISPLAY_TEXTS[state],
  };
}
