import { sql } from 'kysely';
import type { Store } from '../../src/store/store.js';

/** A statement of the store has a time limit, which so many rows at once do not keep. */
const AT_ONCE = 10_000;

/**
 * 100,000 devices as an operator has them, made by the database: 200 tenants with four sites each,
 * a line for every device; nearly all have proved themselves, and a few are at each stage before.
 */
export async function fillWithFleet(store: Store): Promise<void> {
  for (const statement of TENANTS) await sql.raw(statement).execute(store.db);
  for (const statement of DEVICES)
    for (let from = 1; from < 100_000; from += AT_ONCE) {
      const some = statement.replace('FROM_TO', `${from}, ${from + AT_ONCE - 1}`);
      await sql.raw(some).execute(store.db);
    }
  // The server does so by itself after a while.
  await sql`analyze`.execute(store.db);
  await sql`vacuum devices, device_lines`.execute(store.db);
}

const ID = (kind: number, n: string) =>
  `('0000000${kind}-0000-4000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const AT = (n: string) => `'2026-01-01T00:00:00Z'::timestamptz + (${n}) * interval '1 minute'`;

const TENANTS = [
  `insert into tenants (id, name, policy, settings, created_at)
    select ${ID(1, 'n')}, 'Customer ' || n, case when n = 7 then '{"secondFactor": "window"}'::jsonb else '{}' end, '{}', ${AT('n')}
    from generate_series(0, 199) n`,
  `insert into sites (id, tenant_id, name, settings, created_at)
    select ${ID(2, 'n')}, ${ID(1, 'n / 4')}, 'Building ' || n, '{}', ${AT('n')} from generate_series(0, 799) n`,
];

const DEVICES = [
  `insert into lines (id, tenant_id, label, sip_user, password_sealed, key_version, registrar, transport, code_lookup, code_sealed, created_at)
    select ${ID(3, 'n')}, ${ID(1, '(n / 4) % 200')}, 'Extension ' || n, 'k' || n, '', 1, 'pbx.example', 'udp', 'c' || n, '', ${AT('n')}
    from generate_series(FROM_TO) n`,
  `insert into devices (id, mac, vendor, kind, model, label, tenant_id, site_id, settings, state, wrong_in_row, lockouts, failed_until,
      next_pap_serial, attention, key_version, created_at, contacted_at, minimal_at, full_at, holds_full, last_seen_at)
    select ${ID(4, 'n')}, regexp_replace('805ec0' || lpad(to_hex(n), 6, '0'), '(..)(?!$)', '\\1:', 'g'), 'yealink', 'managed',
      'T4' || n % 9, case when n % 10 > 0 then 'Desk ' || n end, ${ID(1, '(n / 4) % 200')}, ${ID(2, '((n / 4) % 200) * 4 + n % 4')}, '{}',
      case n % 500 when 1 then 'needed' when 2 then 'failed' when 3 then 'blocked' else 'successful' end, 0, 0,
      case when n % 500 = 2 then '2027-01-01T00:00:00Z'::timestamptz end, 2,
      case when n % 700 = 5 then 'token_missing' end, 1, ${AT('n')}, ${AT('n')}, ${AT('n')},
      case when n % 500 > 3 then ${AT('n + 1')} end, n % 500 > 3, case when n % 20 > 0 then ${AT('n + 2')} end
    from generate_series(FROM_TO) n`,
  `insert into device_lines (device_id, position, line_id)
    select ${ID(4, 'n')}, 0, ${ID(3, 'n')} from generate_series(FROM_TO) n where n % 5000 > 0`,
  `insert into tokens (id, device_id, state, used, created_at, last_used_at, key_version)
    select 't' || n, ${ID(4, 'n')}, 'bootstrap', true, ${AT('n')}, ${AT('n')}, 1 from generate_series(FROM_TO, 50) n`,
  `insert into registrations (token_id, device_id, contact, protocol, source_address, source_port, call_id, cseq, registered_at, expires_at)
    select 't' || n, ${ID(4, 'n')}, 'sip:x', 'udp', '192.0.2.1', 5060, 'c' || n, 1, ${AT('n')}, '2027-01-01T00:00:00Z'
    from generate_series(FROM_TO, 50) n`,
];
