import { sql } from 'kysely';
import type { Queryable } from './store.js';
import type { LineTransport } from './schema.js';

/**
 * A phone that was given its full configuration: since then it is registered where its lines say.
 */
export interface ConfiguredPhone {
  deviceId: string;
  /** The token that it holds. */
  tokenId: string;
  isRevoked: boolean;
  fullServedAt: Date;
  /**
   * Whether the device has a phone that came later than this one was last heard of: the same,
   * perhaps, after a reset.
   */
  isSucceeded: boolean;
}

/**
 * The phone of each of these devices that was last heard of with its full configuration; devices
 * without one are not in it.
 */
export async function findConfiguredPhones(
  db: Queryable,
  deviceIds: readonly string[],
): Promise<ConfiguredPhone[]> {
  if (deviceIds.length === 0) return [];
  const rows = await db
    .selectFrom('tokens')
    .distinctOn('tokens.device_id')
    .select([
      'tokens.device_id',
      'tokens.id',
      'tokens.state',
      'tokens.full_served_at',
      sql<boolean>`exists (select from tokens later where later.device_id = tokens.device_id
        and later.used and later.created_at > tokens.last_used_at)`.as('is_succeeded'),
    ])
    .where('tokens.device_id', 'in', [...deviceIds])
    .where('tokens.full_served_at', 'is not', null)
    .orderBy('tokens.device_id')
    .orderBy('tokens.last_used_at', 'desc')
    .orderBy('tokens.id')
    .execute();
  return rows.flatMap((row) =>
    row.full_served_at === null
      ? []
      : [
          {
            deviceId: row.device_id,
            tokenId: row.id,
            isRevoked: row.state === 'revoked',
            fullServedAt: row.full_served_at,
            isSucceeded: row.is_succeeded,
          },
        ],
  );
}

/** A line of a device, as far as reaching the phone through its registrar goes. */
export interface DistantLine {
  lineId: string;
  deviceId: string;
  sipUser: string;
  authUser: string | null;
  passwordSealed: Uint8Array;
  registrar: string;
  outboundProxy: string | null;
  transport: LineTransport;
  /** Where the tenant wants its resyncs to go instead. */
  resyncRoute: string | null;
}

/** The lines of these devices, each device's in the order of its keys. */
export async function findDistantLines(db: Queryable, deviceIds: readonly string[]): Promise<DistantLine[]> {
  if (deviceIds.length === 0) return [];
  const rows = await db
    .selectFrom('device_lines')
    .innerJoin('lines', 'lines.id', 'device_lines.line_id')
    .innerJoin('tenants', 'tenants.id', 'lines.tenant_id')
    .select([
      'device_lines.device_id as deviceId',
      'lines.id as lineId',
      'lines.sip_user as sipUser',
      'lines.auth_user as authUser',
      'lines.password_sealed as passwordSealed',
      'lines.registrar',
      'lines.outbound_proxy as outboundProxy',
      'lines.transport',
      'tenants.resync_route as resyncRoute',
    ])
    .where('device_lines.device_id', 'in', [...deviceIds])
    .orderBy('device_lines.device_id')
    .orderBy('device_lines.position')
    .execute();
  return rows;
}
