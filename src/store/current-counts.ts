import { sql } from 'kysely';
import type { Queryable } from './store.js';

/** Something that there are so many of now; `part` is null where it has none. */
export interface CurrentCount {
  what:
    'devices' | 'attention' | 'registrations' | 'resyncs' | 'networks' | 'unsealed' | 'deliveries' | 'lag';
  part: string | null;
  count: number;
}

/**
 * What there is at `now`, counted by one statement. Devices by the state that they are in (a lock
 * that has lapsed counts as needed before its end is written), managed ones only, as are those that
 * an administrator should look at.
 */
export async function countCurrent(db: Queryable, now: Date): Promise<CurrentCount[]> {
  const { rows } = await sql<CurrentCount>`
    with counted as materialized (
      select
        kind,
        attention is not null as flagged,
        case
          when state = 'failed' and (failed_until is null or failed_until <= ${now}::timestamptz) then 'needed'
          else state
        end as state,
        count(*) as devices
      from devices where kind <> 'decoy' group by 1, 2, 3
    )
    select 'devices' as what, state as part, sum(devices)::integer as count
      from counted where kind = 'managed' group by state
    union all select 'devices', 'unclaimed', coalesce(sum(devices), 0)::integer from counted where kind = 'unclaimed'
    union all select 'attention', null, coalesce(sum(devices), 0)::integer + (
        select count(*)::integer from devices
        where kind = 'managed' and state = 'successful' and attention is null
          and not exists (select from device_lines where device_id = devices.id)
      ) from counted where kind = 'managed' and flagged
    union all select 'registrations', null, count(*)::integer from registrations where expires_at > ${now}::timestamptz
    union all select 'resyncs', null, count(*)::integer from resyncs
    union all select 'networks', kind, count(*)::integer from networks
      where expires_at is null or expires_at > ${now}::timestamptz group by kind
    union all select 'deliveries', state, count(*)::integer from webhook_deliveries
      where state in ('pending', 'dead') group by state
    union all select 'lag', null, extract(epoch from ${now}::timestamptz - min(begun_at))::integer
      from webhook_deliveries where state = 'pending' having min(begun_at) is not null
    union all select 'unsealed', null, count(*)::integer from events where position is null`.execute(db);
  return rows;
}
