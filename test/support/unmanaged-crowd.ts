/** Many unclaimed devices at once, as floods and sites have made them. */
import { sql } from 'kysely';
import { addSeconds } from '../../src/domain/time.js';
import type { Store } from '../../src/store/store.js';

export interface Crowd {
  count: number;
  /** Who asked for them; several share them evenly. */
  subscribers: readonly string[];
  isRegistered: boolean;
  at: Date;
}

let made = 0;

/** Makes them without fetches, which would take minutes. */
export async function makeCrowd(
  { db }: Store,
  { count, subscribers, isRegistered, at }: Crowd,
): Promise<void> {
  made += 1;
  const name = `crowd ${made} `;
  await sql`
    insert into devices (id, mac, kind, vendor, settings, state, wrong_in_row, lockouts, next_pap_serial, key_version, created_at)
    select gen_random_uuid(), ${name} || number, 'unclaimed', 'yealink', '{}', 'needed', 0, 0, 1, 1, ${at}
    from generate_series(1, ${count}::integer) number`.execute(db);
  await sql`
    insert into unmanaged_origins (device_id, subscriber, told)
    select id, (${JSON.stringify(subscribers)}::jsonb ->> (split_part(mac, ' ', 3)::integer % ${subscribers.length}::integer)), false
    from devices where mac like ${`${name}%`}`.execute(db);
  if (!isRegistered) return;
  await sql`
    insert into tokens (id, device_id, state, used, created_at, last_used_at, key_version)
    select mac, id, 'bootstrap', true, ${at}, ${at}, 1 from devices where mac like ${`${name}%`}`.execute(db);
  await sql`
    insert into registrations (token_id, device_id, contact, protocol, source_address, source_port, call_id, cseq, registered_at, expires_at)
    select mac, id, 'sip:phone', 'udp', '192.0.2.1', 5060, mac, 1, ${at}, ${addSeconds(at, 300)}
    from devices where mac like ${`${name}%`}`.execute(db);
}
