/**
 * How the database finds events: by indexes, whichever filter. With 100,000 events, since a million
 * take half a minute to be written; docs/performance.md has what those take.
 */
import assert from 'node:assert/strict';
import { CompiledQuery, sql } from 'kysely';
import { type EventFilter, listEvents } from '../../src/store/event-list.js';
import { openStore } from '../../src/store/open-store.js';
import type { Queryable } from '../../src/store/store.js';
import { parseMac } from '../../src/domain/mac.js';
import { SILENT, onPostgres } from '../support/store.js';

const EVENTS = 100_000;
const BEGUN = Date.parse('2026-01-01T00:00:00.000Z');
/** The time at which a part of the events had happened. */
const after = (part: number): Date => new Date(BEGUN + part * EVENTS * 10_000);

const mac = parseMac('80:5e:c0:00:03:09');
const tenantId = '00000000-0000-4000-8000-000000000007';

const FILTERS: Readonly<Record<string, Omit<EventFilter, 'scope'>>> = {
  nothing: {},
  'a device': { ...(mac !== null && { mac }) },
  'a tenant': { tenantId },
  'a rare type': { types: ['pap.wrong'] },
  'a type that there is none of': { types: ['device.created'] },
  'several types': { types: ['pap.wrong', 'pap.accepted'] },
  'a rare type and one of every second event': { types: ['pap.wrong', 'config.full'] },
  'a rare actor': { actor: 'anna' },
  'an actor that there is none of': { actor: 'bob' },
  'the latest': { since: after(0.999) },
  'the earliest': { until: after(0.001) },
  'a moment in the middle': { since: after(0.5), until: after(0.5005) },
  'a tenant and a rare type': { tenantId, types: ['pap.wrong'] },
  'a tenant and the latest': { tenantId, since: after(0.999) },
  'a tenant and a rare actor': { tenantId, actor: 'anna' },
  'a device and a rare type': { ...(mac !== null && { mac }), types: ['pap.wrong'] },
};

onPostgres('events are found by indexes, whichever filter and order', async (url, t) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  t.after(() => store.close());
  await store.unhurried(() => fill(store.db));
  for (const [what, filter] of Object.entries(FILTERS)) {
    for (const order of ['desc', 'asc'] as const) {
      for (const last of [null, order === 'desc' ? EVENTS * 0.9 : EVENTS * 0.1]) {
        const plan = await planOf(store.db, (db) =>
          listEvents(db, { ...filter, scope: 'all' }, { order, after: last, limit: 100 }),
        );
        const name = `${what}, ${order}, ${last === null ? 'first page' : 'further page'}`;
        assert.ok(!plan.nodes.includes('Seq Scan'), `${name}: ${plan.nodes.join(', ')}`);
        assert.ok(
          plan.rows < EVENTS / 10,
          `${name}: ${plan.rows} rows were looked at (${plan.nodes.join(', ')})`,
        );
      }
    }
  }
});

async function fill(db: Queryable): Promise<void> {
  await sql`
    insert into events (at, type, tenant_id, mac, actor, address, data, position, seal)
    select to_timestamp(${BEGUN / 1000}::float8 + n * 10),
      case when n % 1000 = 0 then 'pap.wrong' when n % 2 = 0 then 'config.minimal' else 'config.full' end,
      case when n % 50 <> 0 then ('00000000-0000-4000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid end,
      case when n % 20 <> 0 then '80:5e:c0:00:' || regexp_replace(lpad(to_hex(n % 10000), 4, '0'), '^..', '\\&:') end,
      case when n % 5000 = 0 then 'anna' else 'phone' end, '192.0.2.7', '{"reason":"token"}', n, 'seal'
    from generate_series(1, ${EVENTS}::integer) as n`.execute(db);
  await sql`analyze events`.execute(db);
}

interface Plan {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** The kinds of step by which a query is carried out, and how many rows they looked at in all. */
async function planOf(
  db: Queryable,
  query: (db: Queryable) => Promise<unknown>,
): Promise<{ nodes: string[]; rows: number }> {
  const compiled: CompiledQuery[] = [];
  const plain = db.withoutPlugins();
  const spied = db.withPlugin({
    transformQuery: ({ node, queryId }) => {
      compiled.push(plain.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await query(spied);
  const [asked] = compiled;
  assert.ok(asked !== undefined && compiled.length === 1);
  const explained = CompiledQuery.raw(`explain (analyze, format json) ${asked.sql}`, [...asked.parameters]);
  const { rows } = await plain.executeQuery<{ 'QUERY PLAN': { Plan: Plan }[] }>(explained);
  const nodes: string[] = [];
  let looked = 0;
  const walk = (plan: Plan): void => {
    nodes.push(plan['Node Type']);
    if (plan.Plans === undefined)
      looked += (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
    for (const below of plan.Plans ?? []) walk(below);
  };
  for (const { Plan: plan } of rows[0]?.['QUERY PLAN'] ?? []) walk(plan);
  assert.ok(nodes.length > 0);
  return { nodes, rows: looked };
}
