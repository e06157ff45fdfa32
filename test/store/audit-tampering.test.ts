import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { verifyAudit } from '../../src/services/audit/audit-verification.js';
import type { Store } from '../../src/store/store.js';
import { sealAll, writeEvents } from '../support/audit-events.js';
import { makeContext } from '../support/fixture.js';
import { SILENT, onBothDatabases } from '../support/store.js';

/** What somebody who has only the database could try, and what is said of it. */
const TAMPERINGS: { what: string; statements: string[]; fault: string; position?: number }[] = [
  {
    what: 'a datum is changed',
    statements: [`update events set data = data || '{"zebra": 0}' where position = 40`],
    fault: 'altered',
    position: 40,
  },
  {
    what: 'a datum is taken away',
    statements: [`update events set data = data - 'zebra' where position = 40`],
    fault: 'altered',
    position: 40,
  },
  {
    what: 'a time is changed by a millisecond',
    statements: [`update events set at = at + interval '1 ms' where position = 41`],
    fault: 'altered',
    position: 41,
  },
  {
    what: 'an actor is changed',
    statements: [`update events set actor = 'system' where position = 42`],
    fault: 'altered',
    position: 42,
  },
  {
    what: 'an address is taken away',
    statements: [`update events set address = null where position = 44`],
    fault: 'altered',
    position: 44,
  },
  {
    what: 'a tenant is changed',
    statements: [`update events set tenant_id = gen_random_uuid() where position = 45`],
    fault: 'altered',
    position: 45,
  },
  {
    what: 'an event is taken out',
    statements: [`delete from events where position = 50`],
    fault: 'gap',
    position: 51,
  },
  {
    what: 'the first event is taken out',
    statements: [`delete from events where position = 1`],
    fault: 'gap',
    position: 2,
  },
  {
    what: 'an event is taken out and the others move up',
    statements: [
      `delete from events where position = 50`,
      `update events set position = -position where position > 50`,
      `update events set position = -position - 1 where position < 0`,
    ],
    fault: 'altered',
    position: 50,
  },
  {
    what: 'two events change places',
    statements: [
      `update events set position = -60 where position = 60`,
      `update events set position = 60 where position = 61`,
      `update events set position = 61 where position = -60`,
    ],
    fault: 'altered',
    position: 60,
  },
  {
    what: 'two events change places with their seals',
    statements: [
      `update events a set seal = b.seal, data = b.data, at = b.at, type = b.type, actor = b.actor, mac = b.mac, address = b.address, tenant_id = b.tenant_id
       from events b where (a.position, b.position) in ((60, 61), (61, 60))`,
    ],
    fault: 'altered',
    position: 60,
  },
  {
    what: 'an event is put in between',
    statements: [
      `alter table events drop constraint events_position_key`,
      `insert into events (at, type, actor, data, position, seal) select at, type, actor, data, position, seal from events where position = 70`,
    ],
    fault: 'gap',
    position: 70,
  },
  {
    what: 'an event is put in where portions of the verification meet',
    statements: [
      `alter table events drop constraint events_position_key`,
      `insert into events (at, type, actor, data, position, seal) select at, type, actor, data, position, seal from events where position = 1000`,
    ],
    fault: 'gap',
    position: 1000,
  },
  {
    what: 'an event is put in at the end',
    statements: [
      `insert into events (at, type, actor, data, position, seal) values (now(), 'config.full', 'phone', '{}', 1201, repeat('0', 64))`,
    ],
    fault: 'surplus',
    position: 1201,
  },
  { what: 'the end is cut off', statements: [`delete from events where position > 1100`], fault: 'cut' },
  {
    what: 'the end is cut off and the head says so',
    statements: [
      `delete from events where position > 1100`,
      `update installation set value = (select split_part(value, ':', 1) || ':1100:' || seal || ':' || split_part(value, ':', 4) from events where position = 1100) where key = 'audit-head'`,
    ],
    fault: 'head-forged',
  },
  { what: 'everything is cut off', statements: [`delete from events`], fault: 'cut' },
  {
    what: 'the head is taken away',
    statements: [`delete from installation where key = 'audit-head'`],
    fault: 'no-head',
  },
  {
    what: 'an event is unsealed again',
    statements: [`update events set position = null, seal = null where position = 80`],
    fault: 'gap',
    position: 81,
  },
];

onBothDatabases(
  'whatever is done to the sealed log with the database alone is noticed',
  async ({ store }) => {
    const context = makeContext(store);
    await writeEvents(store, 1200);
    await sealAll(context);
    await sql.raw('create table kept as select * from events').execute(store.db);
    const head = await storedHead(store);
    try {
      for (const { what, statements, fault, position } of TAMPERINGS) {
        await run(store, statements);
        const found = (await verifyAudit(store, context.masterKey)).fault;
        assert.equal(found?.kind, fault, what);
        if (position !== undefined) assert.equal(Object(found).event.position, position, what);
        await run(store, PUT_BACK);
        await storeHead(store, head);
        assert.equal((await verifyAudit(store, context.masterKey)).fault, null, `${what}: put back`);
      }
    } finally {
      await run(store, ['drop table kept']);
    }
  },
);

const PUT_BACK = [
  'alter table events drop constraint if exists events_position_key',
  'delete from events',
  'insert into events overriding system value select * from kept',
  'alter table events add constraint events_position_key unique (position)',
];

async function run(store: Store, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(store.db);
}

async function storedHead(store: Store): Promise<string> {
  const row = store.db.selectFrom('installation').select('value').where('key', '=', 'audit-head');
  return (await row.executeTakeFirstOrThrow()).value;
}

async function storeHead(store: Store, value: string | null): Promise<void> {
  await store.db.deleteFrom('installation').where('key', '=', 'audit-head').execute();
  if (value !== null)
    await store.db.insertInto('installation').values({ key: 'audit-head', value }).execute();
}

onBothDatabases(
  'an old copy of the whole database is found out by a head that was noted',
  async ({ store }) => {
    const context = makeContext(store);
    await writeEvents(store, 5);
    await sealAll(context);
    const old = await verifyAudit(store, context.masterKey);
    const value = await storedHead(store);
    await writeEvents(store, 5);
    await sealAll(context);
    const noted = (await verifyAudit(store, context.masterKey)).head!;
    assert.equal((await verifyAudit(store, context.masterKey, noted)).fault, null);
    assert.equal(
      (await verifyAudit(store, context.masterKey, old.head)).fault,
      null,
      'an older one lies on the way',
    );

    await sql`delete from events where position > 5`.execute(store.db);
    await storeHead(store, value);
    assert.equal((await verifyAudit(store, context.masterKey)).fault, null, 'by itself it is in order');
    assert.deepEqual((await verifyAudit(store, context.masterKey, noted)).fault, {
      kind: 'shorter-than-noted',
      position: 10,
    });
    // And when it has grown past it again.
    await writeEvents(store, 10, 100);
    await sealAll(context);
    assert.deepEqual((await verifyAudit(store, context.masterKey, noted)).fault, {
      kind: 'other-head',
      position: 10,
    });
  },
);

onBothDatabases('a log that is begun anew over its old events is another log', async ({ store }) => {
  const context = makeContext(store);
  await writeEvents(store, 5);
  await sealAll(context);
  const noted = (await verifyAudit(store, context.masterKey)).head;
  await sql`update events set position = null, seal = null`.execute(store.db);
  await storeHead(store, null);
  context.clock.advance(7200);
  await sealAll(context);
  const report = await verifyAudit(store, context.masterKey, noted);
  assert.deepEqual(report.fault, { kind: 'other-head', position: 5 });
  assert.deepEqual(
    (await verifyAudit(store, context.masterKey)).late,
    { count: 5, firstPosition: 1 },
    'and its events are older than it',
  );
});

onBothDatabases('a sealer does not continue a log whose head is not the one it left', async ({ store }) => {
  const lines: string[] = [];
  const context = makeContext(store);
  const log = Object.assign(Object.create(SILENT), {
    error: ({ because }: { because: string }) => lines.push(because),
  });
  const sealer = new AuditSealer({ ...context, log });
  await writeEvents(store, 5);
  await sealer.look();
  const value = await storedHead(store);
  await writeEvents(store, 5);
  await sealer.look();
  const attempt = async (head: string | null): Promise<void> => {
    await storeHead(store, head);
    await writeEvents(store, 1);
    assert.equal(await sealer.look(), false);
    assert.equal(await sealer.look(), false);
  };
  await attempt(null);
  await attempt('0:0:nonsense');
  await attempt(value);
  assert.deepEqual(
    lines,
    ['the stored head is gone', 'the stored head is not ours', 'the stored head went back'],
    'each is said once',
  );
  context.clock.advance(3600);
  await sealer.look();
  assert.equal(lines.length, 4, 'and again every hour');
  assert.equal((await verifyAudit(store, context.masterKey)).unsealed, 3);
});
