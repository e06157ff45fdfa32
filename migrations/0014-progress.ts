import { type Kysely, sql } from 'kysely';

/**
 * When each device first reached each stage on its way, since it was created or last reset. Of
 * devices of before it is what is known: when they were last seen and provisioned. Indexes for the
 * filters and the search of the list of devices, which stay fast at 100,000 of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table devices
      add column progress_since timestamptz,
      add column contacted_at timestamptz,
      add column minimal_at timestamptz,
      add column registered_at timestamptz,
      add column called_at timestamptz,
      add column authenticated_at timestamptz,
      add column full_at timestamptz`.execute(db);
  await sql`
    update devices set
      contacted_at = last_seen_at,
      minimal_at = last_provisioned_at,
      authenticated_at = case when state = 'successful' then last_provisioned_at end,
      full_at = case when state = 'successful' then last_provisioned_at end
    where last_seen_at is not null`.execute(db);
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`create index devices_mac_digits on devices using gin (replace(mac, ':', '') gin_trgm_ops)`.execute(
    db,
  );
  await sql`create index devices_label_words on devices using gin (label gin_trgm_ops)`.execute(db);
  await sql`create index devices_model_words on devices using gin (model gin_trgm_ops)`.execute(db);
  await sql`create index lines_label_words on lines using gin (label gin_trgm_ops)`.execute(db);
  await sql`create index lines_user_words on lines using gin (sip_user gin_trgm_ops)`.execute(db);
  await sql`create index sites_name_words on sites using gin (name gin_trgm_ops)`.execute(db);
  await sql`create index devices_label on devices (label, id)`.execute(db);
  await sql`create index devices_last_seen on devices (last_seen_at, id)`.execute(db);
  await sql`create index devices_state on devices (state, id)`.execute(db);
}
