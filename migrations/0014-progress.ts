import { type Kysely, sql } from 'kysely';

/**
 * When each device first reached each stage on its way, since it was created or last reset, and
 * whether its phone holds the full configuration. Of devices of before it is what is known. Indexes
 * for the filters, orders and search of the list of devices, at 100,000 of them.
 *
 * Every fetch writes `last_seen_at`. An index of `devices` that has this column would make each of
 * these writes one in all of its indexes (no heap-only tuple), so that the order by it is kept in a
 * table of its own, by triggers.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/** As domain/progress `lastStage`. */
const LAST_STAGE_AT =
  'coalesce(authenticated_at, called_at, registered_at, minimal_at, contacted_at, progress_since, created_at)';

const STATEMENTS = [
  `alter table devices
    add column progress_since timestamptz,
    add column contacted_at timestamptz,
    add column minimal_at timestamptz,
    add column registered_at timestamptz,
    add column called_at timestamptz,
    add column authenticated_at timestamptz,
    add column full_at timestamptz,
    add column holds_full boolean not null default false`,
  `update devices set
    contacted_at = last_seen_at,
    minimal_at = last_provisioned_at,
    registered_at = (
      select min(created_at) from tokens
      where device_id = devices.id and state <> 'revoked' and registration_order is not null
    ),
    called_at = (select max(opened_at) from calls where device_id = devices.id),
    authenticated_at = case when state = 'successful' then last_provisioned_at end,
    full_at = coalesce(
      (select min(full_served_at) from tokens where device_id = devices.id and state <> 'revoked'),
      case when state = 'successful' then last_provisioned_at end
    )
    where last_seen_at is not null`,
  'update devices set holds_full = true where full_at is not null',
  'create extension if not exists pg_trgm',
  `create index devices_mac_digits on devices using gin (replace(mac, ':', '') gin_trgm_ops)`,
  'create index devices_label_words on devices using gin (label gin_trgm_ops)',
  'create index devices_model_words on devices using gin (model gin_trgm_ops)',
  'create index lines_label_words on lines using gin (label gin_trgm_ops)',
  'create index lines_user_words on lines using gin (sip_user gin_trgm_ops)',
  'create index sites_name_words on sites using gin (name gin_trgm_ops)',
  'create index lines_user on lines (sip_user)',
  'drop index devices_order',
  `create index devices_listed on devices (created_at, id) where kind <> 'decoy'`,
  'create index devices_label on devices (label, id)',
  'create index devices_state on devices (state, id)',
  'create index devices_waiting on devices (created_at, id) where not holds_full',
  `create index devices_stuck on devices (${LAST_STAGE_AT}) where full_at is null`,
  'create index devices_attention on devices (created_at, id) where attention is not null',
  `create index devices_proved on devices (id) where kind = 'managed' and state = 'successful'`,
  `create table device_sightings (
    device_id uuid primary key references devices on delete cascade,
    last_seen_at timestamptz not null
  )`,
  'insert into device_sightings select id, last_seen_at from devices where last_seen_at is not null',
  'create index device_sightings_order on device_sightings (last_seen_at, device_id)',
  `create function dialgate_sighted() returns trigger language plpgsql as $$
    begin
      if new.last_seen_at is null then
        delete from device_sightings where device_id = new.id;
      else
        insert into device_sightings (device_id, last_seen_at) values (new.id, new.last_seen_at)
        on conflict (device_id) do update set last_seen_at = excluded.last_seen_at;
      end if;
      return null;
    end
  $$`,
  `create trigger devices_made_sighted after insert on devices
    for each row when (new.last_seen_at is not null) execute function dialgate_sighted()`,
  `create trigger devices_sighted after update of last_seen_at on devices
    for each row when (new.last_seen_at is distinct from old.last_seen_at) execute function dialgate_sighted()`,
];
