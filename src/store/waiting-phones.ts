import { sql } from 'kysely';
import type { ResyncReason } from '../domain/resync.js';
import { addSeconds } from '../domain/time.js';
import { UNPROVEN_TOKEN_SECONDS } from '../domain/token.js';
import type { Queryable } from './store.js';

/** The phones of a tenant that are registered from a prefix and wait with a bootstrap token. */
export interface WaitingPhones {
  tenantId: string;
  prefix: string;
  /** The phone that is told otherwise; null: none is. */
  exceptTokenId: string | null;
}

/**
 * Opens a resync for each waiting phone, in the place of those that it has, by one statement
 * however large the site is. As with any resync, one that waits for a call goes on waiting for it,
 * `atLatest` at most. Phones that are being deleted are passed over, and rows are locked in the
 * order of their ids, so that there is no deadlock. Answers how many phones there
 * were.
 */
export async function replaceResyncsOfWaiting(
  transaction: Queryable,
  { tenantId, prefix, exceptTokenId }: WaitingPhones,
  now: Date,
  atLatest: Date,
): Promise<number> {
  const reason: ResyncReason = 'network';
  const usedAfter = addSeconds(now, -UNPROVEN_TOKEN_SECONDS);
  const { numAffectedRows } = await sql`
    with waiting as (
      select tokens.id as token_id, devices.id as device_id
      from devices
        join tokens on tokens.device_id = devices.id
      where devices.tenant_id = ${tenantId} and devices.kind = 'managed'
        and exists (
          select from registrations
          where registrations.token_id = tokens.id and registrations.expires_at > ${now}
            and registrations.source_address::inet <<= ${prefix}::cidr
        )
        and tokens.state = 'bootstrap' and tokens.last_used_at > ${usedAfter}
        and tokens.id is distinct from ${exceptTokenId}::text
      for key share of devices, tokens skip locked
    ), locked as (
      select id from resyncs where token_id in (select token_id from waiting) order by id for update
    ), covered as (
      delete from resyncs using locked where resyncs.id = locked.id returning resyncs.token_id, resyncs.call_id
    )
    insert into resyncs (id, device_id, token_id, call_id, reason, due_at, sent, first_sent_at, created_at)
    select gen_random_uuid(), device_id, token_id, call_id, ${reason},
      case when call_id is null then ${now}::timestamptz else ${atLatest}::timestamptz end, 0, null, ${now}::timestamptz
    from waiting
      left join (select token_id, max(call_id) as call_id from covered group by token_id) held using (token_id)`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0n);
}
