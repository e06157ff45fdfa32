import { sql } from 'kysely';
import type { Mac } from '../domain/mac.js';
import { ourSpelling } from './networks.js';
import type { Queryable } from './store.js';

/** That a device was seen, and whether it was provisioned then. */
export interface SeenDevice {
  deviceId: string;
  at: Date;
  address: string | null;
  /** When it fetched a configuration; null where it only fetched something else. */
  provisionedAt: Date | null;
  /** When it first was sent each configuration since the last batch; null where it was not. */
  minimalAt: Date | null;
  fullAt: Date | null;
  /** Whether its phone holds the full configuration from now on; null: as before. */
  holdsFull: boolean | null;
}

/** That a phone came back with its token. */
export interface SeenToken {
  tokenId: string;
  at: Date;
  address: string | null;
}

/**
 * That a full configuration was fetched from a temporary network, and until when it is trusted for
 * that.
 */
export interface NetworkUse {
  networkId: string;
  at: Date;
  until: Date;
  /** The tenant's policy at the time. */
  temporaryNetworkSeconds: number;
  mac: Mac;
  address: string | null;
}

/** A temporary network that is trusted for longer than it was. */
export interface ExtendedNetwork {
  id: string;
  tenantId: string;
  prefix: string;
  kind: 'temporary';
  openedAt: Date;
  before: Date;
  expiresAt: Date;
}

const IS_SINCE_RESET = sql`seen."at" >= coalesce(devices.progress_since, devices.created_at)`;

/** The first time since the last reset: what was noted before it, and is written after, is not. */
function firstSince(column: string, noted: string) {
  const [stored, seen] = [sql.raw(`devices.${column}`), sql.raw(`seen."${noted}"`)];
  return sql`coalesce(${stored}, case when ${seen} >= coalesce(devices.progress_since, devices.created_at) then ${seen} end)`;
}

/**
 * Writes when and from where devices were last seen, all of them by one statement. Rows are locked
 * in the order of their ids, so that two instances that write at the same time do not wait for each
 * other.
 */
export async function updateSeenDevices(db: Queryable, seen: readonly SeenDevice[]): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    with seen as (
      select * from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb)
        as seen("deviceId" uuid, "at" timestamptz, "address" text, "provisionedAt" timestamptz,
          "minimalAt" timestamptz, "fullAt" timestamptz, "holdsFull" boolean)
    ), locked as (
      select devices.id from devices where id in (select "deviceId" from seen) order by id for no key update
    )
    update devices set
      last_seen_at = seen."at",
      last_seen_address = seen."address",
      last_provisioned_at = coalesce(seen."provisionedAt", devices.last_provisioned_at),
      contacted_at = ${firstSince('contacted_at', 'at')},
      minimal_at = ${firstSince('minimal_at', 'minimalAt')},
      full_at = ${firstSince('full_at', 'fullAt')},
      holds_full = case when ${IS_SINCE_RESET} then coalesce(seen."holdsFull", devices.holds_full) else devices.holds_full end
    from seen, locked
    where devices.id = seen."deviceId" and devices.id = locked.id`.execute(db);
}

/**
 * Writes when and from where tokens were last fetched with. Never backwards: a call or a
 * registration may have come in between.
 */
export async function updateSeenTokens(db: Queryable, seen: readonly SeenToken[]): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    with seen as (
      select * from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb)
        as seen("tokenId" text, "at" timestamptz, "address" text)
    ), locked as (
      select tokens.id from tokens where id in (select "tokenId" from seen) order by id for no key update
    )
    update tokens set
      used = true,
      last_used_at = greatest(tokens.last_used_at, seen."at"),
      last_fetch_address = seen."address"
    from seen, locked
    where tokens.id = seen."tokenId" and tokens.id = locked.id`.execute(db);
}

/**
 * Extends temporary networks that were used while they were trusted, all of them by one statement,
 * and answers those that it changed. Never backwards, and the same twice changes nothing: several
 * instances write what they saw in any order.
 */
export async function extendNetworks(db: Queryable, uses: readonly NetworkUse[]): Promise<ExtendedNetwork[]> {
  if (uses.length === 0) return [];
  const { rows } = await sql<ExtendedNetwork>`
    with used as (
      select * from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb)
        as used("networkId" uuid, "at" timestamptz, "until" timestamptz)
    ), locked as (
      select networks.id, networks.expires_at from networks
      where id in (select "networkId" from used) and kind = 'temporary' order by id for no key update
    )
    update networks set expires_at = used."until"
    from used, locked
    where networks.id = used."networkId" and networks.id = locked.id
      and locked.expires_at > used."at" and locked.expires_at < used."until"
    returning networks.id, networks.tenant_id as "tenantId", networks.prefix, networks.kind,
      networks.opened_at as "openedAt", locked.expires_at as "before", networks.expires_at as "expiresAt"`.execute(
    db,
  );
  return rows.map((row) => ({ ...row, prefix: ourSpelling(row.prefix) }));
}
