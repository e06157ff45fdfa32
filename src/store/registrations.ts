import { sql } from 'kysely';
import { noteStage } from './progress.js';
import type { Queryable } from './store.js';

/** One place where a phone can be reached, as its last REGISTER for it said. */
export interface StoredRegistration {
  tokenId: string;
  deviceId: string;
  contact: string;
  /** What proxies on the way have written (RFC 3327), as one header value. */
  path: string | null;
  protocol: string;
  sourceAddress: string;
  sourcePort: number;
  callId: string;
  cseq: number;
  userAgent: string | null;
  registeredAt: Date;
  expiresAt: Date;
}

/** What is to be of a contact: kept until then, or (null) taken away. */
export interface ContactChange {
  contact: string;
  expiresAt: Date | null;
}

export interface LiveContact {
  contact: string;
  expiresAt: Date;
}

const COLUMNS = [
  'tokenId',
  'deviceId',
  'contact',
  'path',
  'protocol',
  'sourceAddress',
  'sourcePort',
  'callId',
  'cseq',
  'userAgent',
  'registeredAt',
  'expiresAt',
] as const;

/**
 * Makes all of the changes of one REGISTER, or none: `overtaken` when a newer one of the same
 * Call-ID has been there, as the higher CSeq tells (RFC 3261 10.3, step 7). A contact that has
 * expired takes no place. Of the user's other contacts the oldest are given up beyond `room`.
 * Answers all contacts that are then live, those of this REGISTER first. The first of a token gives
 * it its place among those that registered (`findFirstPhone`). One statement, for REGISTERs are
 * most of what phones do: two short ones take nearly twice as long.
 */
export async function saveContacts(
  db: Queryable,
  registration: Omit<StoredRegistration, 'contact' | 'expiresAt'>,
  changes: readonly ContactChange[],
  room: number,
): Promise<LiveContact[] | 'overtaken'> {
  const { tokenId, callId, cseq, registeredAt: now } = registration;
  const kept = changes.filter(({ expiresAt }) => expiresAt !== null).length;
  const { rows } = await sql<{
    source: 'overtaken' | 'saved' | 'first' | 'other';
    contact: string;
    expiresAt: Date;
  }>`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
        as asked(contact text, "expiresAt" timestamptz)
    ), own as (
      select * from registrations where token_id = ${tokenId}
    ), overtaken as (
      select contact, expires_at from own
      where contact in (select contact from asked)
        and call_id = ${callId} and cseq >= ${cseq} and expires_at > ${now}
    ), removed as (
      delete from registrations
      where token_id = ${tokenId} and not exists (select from overtaken)
        and contact not in (select contact from asked where "expiresAt" is not null)
        and (
          expires_at <= ${now}
          or contact in (select contact from asked)
          or contact in (
            select contact from own where contact not in (select contact from asked)
            order by registered_at desc offset ${Math.max(0, room - kept)}
          )
        )
      returning contact
    ), saved as (
      insert into registrations (token_id, device_id, contact, path, protocol, source_address, source_port,
        call_id, cseq, user_agent, registered_at, expires_at)
      select ${tokenId}, ${registration.deviceId}::uuid, contact, ${registration.path}, ${registration.protocol},
        ${registration.sourceAddress}, ${registration.sourcePort}::integer, ${callId}, ${cseq}::bigint,
        ${registration.userAgent}, ${now}::timestamptz, "expiresAt"
      from asked where "expiresAt" is not null and not exists (select from overtaken)
      on conflict (token_id, contact) do update set
        device_id = excluded.device_id, path = excluded.path, protocol = excluded.protocol,
        source_address = excluded.source_address, source_port = excluded.source_port, call_id = excluded.call_id,
        cseq = excluded.cseq, user_agent = excluded.user_agent, registered_at = excluded.registered_at,
        expires_at = excluded.expires_at
      where registrations.call_id <> excluded.call_id or registrations.cseq < excluded.cseq
        or registrations.expires_at <= excluded.registered_at
      returning contact, expires_at
    ), first_time as (
      update tokens set registration_order = nextval('registration_order')
      where id = ${tokenId} and registration_order is null and exists (select from saved)
      returning id
    )
    select 'overtaken' as source, contact, expires_at from overtaken
    union all select 'saved', contact, expires_at from saved
    union all select 'first', '', ${now}::timestamptz from first_time
    union all (
      select 'other', contact, expires_at from own
      where expires_at > ${now} and contact not in (select contact from asked)
        and contact not in (select contact from removed)
      order by registered_at desc
    )`.execute(db);
  // Two at the same moment do not see each other: then one of them has found its row taken by the
  // newer.
  const saved = rows.filter(({ source }) => source === 'saved').length;
  if (saved < kept || rows.some(({ source }) => source === 'overtaken')) return 'overtaken';
  const isFirst = rows.some(({ source }) => source === 'first');
  if (isFirst) await noteStage(db, registration.deviceId, 'registeredAt', now);
  return rows
    .filter(({ source }) => source !== 'first')
    .map(({ contact, expiresAt }) => ({ contact, expiresAt }));
}

/**
 * Takes all contacts of a user away, or none when one of them is of a newer REGISTER (RFC 3261
 * 10.3, step 6).
 */
export async function removeContacts(
  db: Queryable,
  {
    tokenId,
    callId,
    cseq,
    registeredAt: now,
  }: Pick<StoredRegistration, 'tokenId' | 'callId' | 'cseq' | 'registeredAt'>,
): Promise<'removed' | 'overtaken'> {
  const { rows } = await sql`
    with newer as (
      select from registrations
      where token_id = ${tokenId} and call_id = ${callId} and cseq >= ${cseq} and expires_at > ${now}
    ), removed as (
      delete from registrations where token_id = ${tokenId} and not exists (select from newer)
    )
    select from newer`.execute(db);
  return rows.length === 0 ? 'removed' : 'overtaken';
}

/** Where a user can be reached at `now`, the contact that registered last first. */
export async function registrationsOf(
  db: Queryable,
  tokenId: string,
  now: Date,
): Promise<StoredRegistration[]> {
  return db
    .selectFrom('registrations')
    .select(COLUMNS)
    .where('tokenId', '=', tokenId)
    .where('expiresAt', '>', now)
    .orderBy('registeredAt', 'desc')
    .orderBy('contact')
    .execute();
}

/**
 * The phones of these devices that can be reached at `now`, whatever has become of their tokens; of
 * each the contact that registered last first.
 */
export async function liveRegistrations(
  db: Queryable,
  deviceIds: readonly string[],
  now: Date,
): Promise<StoredRegistration[]> {
  if (deviceIds.length === 0) return [];
  return db
    .selectFrom('registrations')
    .select(COLUMNS)
    .where('deviceId', 'in', [...deviceIds])
    .where('expiresAt', '>', now)
    .orderBy('tokenId')
    .orderBy('registeredAt', 'desc')
    .orderBy('contact')
    .execute();
}

/** Removes all contacts, whatever the order of the requests. */
export async function deleteRegistration(db: Queryable, tokenId: string): Promise<void> {
  await db.deleteFrom('registrations').where('tokenId', '=', tokenId).execute();
}
