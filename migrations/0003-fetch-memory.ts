import { type Kysely, sql } from 'kysely';

/**
 * Every change of what a fetch depends on notifies every instance, by NOTIFY with the change's own
 * commit: `d:<device>` or `t:<tenant>`. Triggers, so that no writer can forget it, one with psql
 * included. Columns that only say when a phone was last seen are left out, for they change with
 * every fetch.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/**
 * A function whose first argument names the column that holds the id, and whose second the kind of
 * it.
 */
const FUNCTION = `create function dialgate_changed() returns trigger language plpgsql as $$
  begin
    if tg_op <> 'INSERT' then
      perform pg_notify('dialgate_changes', tg_argv[1] || ':' || coalesce(to_jsonb(old) ->> tg_argv[0], ''));
    end if;
    if tg_op <> 'DELETE' then
      perform pg_notify('dialgate_changes', tg_argv[1] || ':' || coalesce(to_jsonb(new) ->> tg_argv[0], ''));
    end if;
    return null;
  end
$$`;

const DEVICE_COLUMNS = [
  'mac, kind, vendor, model, label, tenant_id, site_id, settings, state, wrong_in_row, lockouts, failed_until, suspended_until',
  'pap_serial, pap_digits, pap_issued_at, next_pap_serial, authenticated_by, first_sync_until, first_synced_at, window_claimed_by',
].join(', ');

const STATEMENTS = [
  FUNCTION,
  changed('devices', `update of ${DEVICE_COLUMNS} or delete`, 'id', 'd'),
  changed(
    'tokens',
    'update of state, released_at, full_served_at, full_served_under or delete',
    'device_id',
    'd',
  ),
  changed('device_lines', 'insert or update or delete', 'device_id', 'd'),
  changed('resyncs', 'insert', 'device_id', 'd'),
  changed('lines', 'update or delete', 'tenant_id', 't'),
  changed('sites', 'update or delete', 'tenant_id', 't'),
  changed('tenants', 'update or delete', 'id', 't'),
  changed('networks', 'insert or update of prefix, kind, opened_at or delete', 'tenant_id', 't'),
];

function changed(table: string, when: string, column: string, kind: 'd' | 't'): string {
  return `create trigger ${table}_changed after ${when} on ${table}
    for each row execute function dialgate_changed('${column}', '${kind}')`;
}
