import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/** Where a phone can be reached, as its last REGISTER said. */
export interface StoredRegistration {
  tokenId: string;
  deviceId: string;
  contact: string;
  protocol: string;
  sourceAddress: string;
  sourcePort: number;
  callId: string;
  cseq: number;
  userAgent: string | null;
  registeredAt: Date;
  expiresAt: Date;
}

const COLUMNS = [
  'token_id',
  'device_id',
  'contact',
  'protocol',
  'source_address',
  'source_port',
  'call_id',
  'cseq',
  'user_agent',
  'registered_at',
  'expires_at',
] as const;

function registrationFromRow(row: Selectable<Database['registrations']>): StoredRegistration {
  return {
    tokenId: row.token_id,
    deviceId: row.device_id,
    contact: row.contact,
    protocol: row.protocol,
    sourceAddress: row.source_address,
    sourcePort: row.source_port,
    callId: row.call_id,
    cseq: row.cseq,
    userAgent: row.user_agent,
    registeredAt: row.registered_at,
    expiresAt: row.expires_at,
  };
}

/**
 * Writes a registration, unless the one that is there is newer: within one Call-ID the higher CSeq is (RFC 3261, section 10.3, step 7). One
 * that has expired keeps nobody out. Answers whether it was written.
 */
export async function saveRegistration(db: Queryable, registration: StoredRegistration): Promise<boolean> {
  const values = {
    token_id: registration.tokenId,
    device_id: registration.deviceId,
    contact: registration.contact,
    protocol: registration.protocol,
    source_address: registration.sourceAddress,
    source_port: registration.sourcePort,
    call_id: registration.callId,
    cseq: registration.cseq,
    user_agent: registration.userAgent,
    registered_at: registration.registeredAt,
    expires_at: registration.expiresAt,
  };
  const { token_id: _key, ...changes } = values;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('registrations')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .column('token_id')
        .doUpdateSet(changes)
        .where((row) =>
          row.or([
            row('registrations.call_id', '!=', registration.callId),
            row('registrations.cseq', '<', registration.cseq),
            row('registrations.expires_at', '<=', sql<Date>`excluded.registered_at`),
          ]),
        ),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findRegistration(db: Queryable, tokenId: string): Promise<StoredRegistration | null> {
  const row = await db
    .selectFrom('registrations')
    .select(COLUMNS)
    .where('token_id', '=', tokenId)
    .executeTakeFirst();
  return row === undefined ? null : registrationFromRow(row);
}

/** The phones of these devices that can be reached at `now`, whatever has become of their tokens. */
export async function liveRegistrations(
  db: Queryable,
  deviceIds: readonly string[],
  now: Date,
): Promise<StoredRegistration[]> {
  if (deviceIds.length === 0) return [];
  const rows = await db
    .selectFrom('registrations')
    .select(COLUMNS)
    .where('device_id', 'in', [...deviceIds])
    .where('expires_at', '>', now)
    .orderBy('token_id')
    .execute();
  return rows.map(registrationFromRow);
}

export async function deleteRegistration(db: Queryable, tokenId: string): Promise<void> {
  await db.deleteFrom('registrations').where('token_id', '=', tokenId).execute();
}
