import { type Kysely, sql } from 'kysely';

/**
 * Which phone of a device registered first; what locks out later phones; and budgets that are
 * looked at and used in one statement. A function, for only the statements within one see what was
 * committed while they waited for a lock: so no lock is held while an instance is to answer.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/**
 * What is left of the budgets for a guess; `binds` is false for one that the first attempts of a
 * day pass. A place that was taken by an instance which then fell silent counts as a wrong guess
 * after ten seconds.
 */
const BUDGETS = `create function dialgate_guess_budgets(guess guesses, limits jsonb)
  returns table (budget text, most integer, guesses integer, wrong integer, spent_at timestamptz, binds boolean)
  language sql stable as $$
    with given as (
      select guess.at - interval '1 hour' as since, guess.at - interval '10 seconds' as silent,
        case when guess.pool = 'code' then array['code'] else array['pap', 'decoy'] end as pools,
        case when guess.pool = 'code' then 'code' else 'pap' end as counted,
        guess.is_first and (limits ->> 'firstAttempts')::integer > (
          select count(*) from guesses g
          where g.device_id = guess.device_id and g.is_first and g.at > guess.at - interval '1 day'
        ) as is_first_attempt
    ), counted as (
      select 'source' as budget, (limits ->> 'source')::integer as most, true as binds,
        array_agg(g.at order by g.at desc) as at, count(*) filter (where g.decided or g.at <= silent) as wrong
      from given left join guesses g on g.source = guess.source and g.at > since and g.pool = any (pools) and g.is_first = guess.is_first
      group by silent
      union all
      select 'source', (limits ->> 'source56')::integer, true,
        array_agg(g.at order by g.at desc), count(*) filter (where g.decided or g.at <= silent)
      from given join guesses g on g.source_56 = guess.source_56 and g.at > since and g.pool = any (pools) and g.is_first = guess.is_first
      group by silent
      union all
      select 'source', (limits ->> 'source48')::integer, true,
        array_agg(g.at order by g.at desc), count(*) filter (where g.decided or g.at <= silent)
      from given join guesses g on g.source_48 = guess.source_48 and g.at > since and g.pool = any (pools) and g.is_first = guess.is_first
      group by silent
      union all
      select 'installation', (limits ->> 'installation')::integer, not is_first_attempt,
        array_agg(g.at order by g.at desc), count(*) filter (where g.decided or g.at <= silent)
      from given left join guesses g on g.pool = counted and g.at > since
      group by silent, is_first_attempt
      union all
      select 'tenant', (limits ->> 'tenant')::integer, not (is_first_attempt and (limits ->> 'firstAttemptsPastTenant')::boolean),
        array_agg(g.at order by g.at desc), count(*) filter (where g.decided or g.at <= silent)
      from given left join guesses g on g.tenant_id = guess.tenant_id and g.pool = counted and g.at > since
      where limits ->> 'tenant' is not null
      group by silent, is_first_attempt
    )
    select budget, most, cardinality(array_remove(at, null)), wrong::integer, at[most], binds from counted
  $$`;

/**
 * Takes a place in every budget, or in none. Answers the place as taken; null when a budget that
 * binds has none.
 */
const TAKE = `create function dialgate_take_guess(guess guesses, limits jsonb)
  returns table (taken bigint, budget text, most integer, guesses integer, wrong integer, spent_at timestamptz, binds boolean)
  language plpgsql as $$
  declare
    place bigint;
    uses jsonb;
  begin
    perform pg_advisory_xact_lock(1735746931);
    delete from guesses g where g.at <= guess.at - interval '1 day' or (not g.is_first and g.at <= guess.at - interval '1 hour');
    select jsonb_agg(to_jsonb(u)) into uses from dialgate_guess_budgets(guess, limits) u;
    if not exists (
      select from jsonb_to_recordset(uses) as u(most integer, guesses integer, binds boolean) where u.binds and u.guesses >= u.most
    ) then
      insert into guesses (at, source, source_56, source_48, tenant_id, device_id, pool, is_first, decided)
      values (guess.at, guess.source, guess.source_56, guess.source_48, guess.tenant_id, guess.device_id, guess.pool, guess.is_first, false)
      returning id into place;
    end if;
    return query select place, u.* from jsonb_to_recordset(uses)
      as u(budget text, most integer, guesses integer, wrong integer, spent_at timestamptz, binds boolean);
  end
$$`;

const STATEMENTS = [
  `create sequence registration_order`,
  `alter table tokens add column registration_order bigint`,
  `update tokens set registration_order = known.place from (
    select token_id, nextval('registration_order') as place
    from (select token_id from registrations group by token_id order by min(registered_at)) ordered
  ) known where known.token_id = tokens.id`,
  `create table entry_locks (
    device_id uuid not null references devices on delete cascade,
    scope text not null check (scope in ('phone', 'source', 'all')),
    subject text not null,
    wrong_in_row integer not null,
    lockouts integer not null,
    failed_until timestamptz,
    primary key (device_id, scope, subject)
  )`,
  `create index entry_locks_expiry on entry_locks (failed_until) where failed_until is not null`,
  `insert into entry_locks select device_id, 'source', source, wrong_in_row, 0, failed_until from source_locks`,
  `drop table source_locks`,
  `alter table guesses
    add column source_56 text,
    add column source_48 text,
    add column device_id uuid,
    add column pool text not null default 'pap' check (pool in ('pap', 'code', 'decoy')),
    add column is_first boolean not null default false,
    add column decided boolean not null default true`,
  `drop index guesses_tenant`,
  `create index guesses_source_56 on guesses (source_56, at) where source_56 is not null`,
  `create index guesses_source_48 on guesses (source_48, at) where source_48 is not null`,
  `create index guesses_tenant on guesses (tenant_id, pool, at) where tenant_id is not null`,
  `create index guesses_pool on guesses (pool, at)`,
  `create index guesses_device on guesses (device_id, at) where is_first`,
  BUDGETS,
  TAKE,
];
