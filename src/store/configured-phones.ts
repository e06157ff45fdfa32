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
    .distinctOn('tokens.deviceId')
    .select([
      'tokens.deviceId',
      'tokens.id',
      'tokens.state',
      'tokens.fullServedAt',
      sql<boolean>`exists (select from tokens later where later.device_id = tokens.device_id
        and later.used and later.created_at > tokens.last_used_at)`.as('isSucceeded'),
    ])
    .where('tokens.deviceId', 'in', [...deviceIds])
    .where('tokens.fullServedAt', 'is not', null)
    .orderBy('tokens.deviceId')
    .orderBy('tokens.lastUsedAt', 'desc')
    .orderBy('tokens.id')
    .execute();
  return rows.flatMap((row) =>
    row.fullServedAt === null
      ? []
      : [
          {
            deviceId: row.deviceId,
            tokenId: row.id,
            isRevoked: row.state === 'revoked',
            fullServedAt: row.fullServedAt,
            isSucceeded: row.isSucceeded,
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
  return db
    .selectFrom('deviceLines')
    .innerJoin('lines', 'lines.id', 'deviceLines.lineId')
    .innerJoin('tenants', 'tenants.id', 'lines.tenantId')
    .select([
      'deviceLines.deviceId as deviceId',
      'lines.id as lineId',
      'lines.sipUser as sipUser',
      'lines.authUser as authUser',
      'lines.passwordSealed as passwordSealed',
      'lines.registrar',
      'lines.outboundProxy as outboundProxy',
      'lines.transport',
      'tenants.resyncRoute as resyncRoute',
    ])
    .where('deviceLines.deviceId', 'in', [...deviceIds])
    .orderBy('deviceLines.deviceId')
    .orderBy('deviceLines.position')
    .execute();
}
