/** The list of 100,000 devices goes by indexes: each filter, each order, numbers and search. */
import assert from 'node:assert/strict';
import { ExplainNode, type KyselyPlugin, SelectQueryNode, sql } from 'kysely';
import { DEVICE_VIEWS, type DeviceView, countViews } from '../../src/store/device-counts.js';
import type { DeviceFilter } from '../../src/store/device-filter.js';
import { DEVICE_SORTS, type DeviceSlice, countDevices, listDevices } from '../../src/store/device-list.js';
import { openStore } from '../../src/store/open-store.js';
import { fillWithFleet } from '../support/large-fleet.js';
import { SILENT, onPostgres } from '../support/store.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const TENANT = '00000001-0000-4000-8000-000000000007';
const OTHER = '00000001-0000-4000-8000-000000000009';
const SITE = '00000002-0000-4000-8000-00000000001d';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** Has the plans of all selections instead of their rows. */
class Plans implements KyselyPlugin {
  found: Plan[] = [];

  transformQuery({ node }: Parameters<KyselyPlugin['transformQuery']>[0]) {
    return SelectQueryNode.is(node) ? { ...node, explain: ExplainNode.create('json') } : node;
  }

  async transformResult({ result }: Parameters<KyselyPlugin['transformResult']>[0]) {
    for (const row of result.rows) {
      const [{ Plan: plan }] = Object.values(row)[0] as [{ Plan: Plan }];
      this.found.push(plan);
    }
    return { ...result, rows: [{ count: 0 }] };
  }
}

const isScanned = (plan: Plan): boolean =>
  (plan['Node Type'] === 'Seq Scan' &&
    ['devices', 'lines', 'events'].includes(plan['Relation Name'] ?? '')) ||
  (plan.Plans ?? []).some(isScanned);

const FILTERS: readonly Partial<DeviceFilter>[] = [
  {},
  { scope: [TENANT] },
  { scope: [TENANT, OTHER] },
  { tenantId: TENANT },
  { siteId: SITE },
  { state: 'failed' },
  { state: 'blocked' },
  { label: 'Desk 4711' },
  { waiting: true },
  { attention: true },
  { stuck: true },
  { registered: true, tenantId: TENANT },
  { displayText: 'Authentication failed' },
  { displayText: 'No line assigned' },
  { displayText: 'Authorize provisioning!', tenantId: TENANT },
  { sipUser: 'k4711' },
  { seenSince: new Date('2026-03-11T10:00:00Z') },
  { seenBefore: new Date('2026-01-01T10:00:00Z') },
  { text: 'desk 4711' },
  { text: '80-5e-c0-00-12-3' },
  { text: 'building 29' },
  { text: 'k4711' },
  { text: 'nothing has this' },
];
const EVERYWHERE: DeviceFilter = { scope: 'all' };
const FIRST: DeviceSlice = { limit: 100, sort: 'createdAt', isDescending: false, after: null };

/** A row in the middle of each order. */
const MIDDLE = {
  mac: '80:5e:c0:01:00:00',
  label: 'Desk 5',
  state: 'needed',
  createdAt: '2026-02-01 00:00:00+00',
  lastSeenAt: '2026-02-01 00:00:00+00',
};
const ID = '00000004-0000-4000-8000-000000005000';

/** Of each order in both directions: the first page, one in the middle, and one past the values. */
function slices(): DeviceSlice[] {
  return DEVICE_SORTS.flatMap((sort) => {
    const isNullable = sort === 'label' || sort === 'lastSeenAt';
    const places = [null, { value: MIDDLE[sort], id: ID }, ...(isNullable ? [{ value: null, id: ID }] : [])];
    return [false, true].flatMap((isDescending) =>
      places.map((after) => ({ limit: 100, sort, isDescending, after })),
    );
  });
}

onPostgres('a list of 100,000 devices goes by indexes', async (url) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  try {
    await fillWithFleet(store);
    const plans = new Plans();
    const db = store.db.withPlugin(plans);
    const readThrough: unknown[] = [];
    const explain = async (asked: unknown, ask: () => Promise<unknown>): Promise<void> => {
      plans.found = [];
      await ask();
      assert.ok(plans.found.length > 0, 'there is a plan');
      if (plans.found.some(isScanned)) readThrough.push(asked);
    };
    for (const asked of FILTERS) {
      const filter: DeviceFilter = { scope: 'all', ...asked };
      await explain({ list: filter }, () => listDevices(db, filter, FIRST, NOW));
      await explain({ count: filter }, () => countDevices(db, filter, NOW));
    }
    for (const slice of slices())
      for (const filter of [EVERYWHERE, { ...EVERYWHERE, tenantId: TENANT }])
        await explain({ slice, filter }, () => listDevices(db, filter, slice, NOW));
    assert.deepEqual(readThrough, []);

    const { rows } = await sql<{ count: number }>`select count(*)::integer as count from devices`.execute(
      store.db,
    );
    assert.equal(rows[0]?.count, 100_000);
    const counts = await countViews(store.db, EVERYWHERE, NOW);
    for (const [view, filter] of Object.entries(DEVICE_VIEWS))
      assert.equal(
        counts[view as DeviceView],
        await countDevices(store.db, { ...EVERYWHERE, ...filter }, NOW),
        view,
      );
    assert.deepEqual([counts.all, counts.failed, counts.blocked, counts.stuck], [100_000, 200, 200, 800]);
  } finally {
    await store.close();
  }
});
