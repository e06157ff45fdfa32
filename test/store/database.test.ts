/** The two databases behave alike: values, transactions, notifications. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { recordEvents } from '../../src/store/events.js';
import { migrate } from '../../src/store/migrate.js';
import { openStore } from '../../src/store/open-store.js';
import { sqlStateOf } from '../../src/store/transactions.js';
import type { Queryable } from '../../src/store/store.js';
import { SILENT, onBothDatabases, onPostgres, postgresServer } from '../support/store.js';
import { until } from '../support/wait-for.js';

async function addTenant(db: Queryable, name: string): Promise<void> {
  const row = { id: randomUUID(), name, policy: '{}', createdAt: new Date() };
  await db.insertInto('tenants').values(row).execute();
}

async function tenantNames(db: Queryable): Promise<string[]> {
  const rows = await db.selectFrom('tenants').select('name').orderBy('name').execute();
  return rows.map((row) => row.name);
}

onBothDatabases('values come back as they were written', async ({ store }) => {
  const at = new Date('2026-03-29T01:30:00.123Z');
  const id = randomUUID();
  await store.db
    .insertInto('tenants')
    .values({
      id,
      name: 'Ümläut & 電話',
      policy: JSON.stringify({ maxAttempts: 5 }),
      emergencyRoute: JSON.stringify(['sip:a', 'sip:b']),
      emergencyNumbers: null,
      createdAt: at,
    })
    .execute();
  assert.deepEqual(await store.db.selectFrom('tenants').selectAll().execute(), [
    {
      id,
      name: 'Ümläut & 電話',
      policy: { maxAttempts: 5 },
      emergencyRoute: ['sip:a', 'sip:b'],
      emergencyNumbers: null,
      emergencyCallerNumber: null,
      resyncRoute: null,
      language: null,
      settings: {},
      createdAt: at,
    },
  ]);
  const event = {
    at,
    type: 'device.created',
    tenantId: null,
    mac: null,
    actor: 'a',
    address: null,
    data: {},
  } as const;
  await recordEvents(store.db, [event, event]);
  assert.deepEqual(await store.db.selectFrom('events').select(['id', 'at']).orderBy('id').execute(), [
    { id: 1, at },
    { id: 2, at },
  ]);
  const { count } = await store.db
    .selectFrom('events')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  assert.equal(count, 2);
});

onBothDatabases('what a transaction throws undoes it and comes out', async ({ store }) => {
  const failure = new Error('no');
  await assert.rejects(
    store.transaction(async (transaction) => {
      await addTenant(transaction, 'undone');
      throw failure;
    }),
    failure,
  );
  assert.deepEqual(await tenantNames(store.db), []);
  await store.transaction((transaction) => addTenant(transaction, 'kept'));
  assert.deepEqual(await tenantNames(store.db), ['kept']);
});

onBothDatabases('a failed statement fails its transaction and no later one', async ({ store }) => {
  await assert.rejects(
    store.transaction((transaction) => sql`select 1 / 0`.execute(transaction)),
    /division by zero/,
  );
  await assert.rejects(sql`select nonsense`.execute(store.db));
  await store.transaction((transaction) => addTenant(transaction, 'after'));
  assert.deepEqual(await tenantNames(store.db), ['after']);
});

onBothDatabases('transactions at the same time see nothing of each other', async ({ store }) => {
  const counted = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      store
        .transaction(async (transaction) => {
          await addTenant(transaction, `tenant ${index}`);
          await addTenant(transaction, `tenant ${index} again`);
          const names = await tenantNames(transaction);
          if (index % 2 === 1) await sql`select 1 / 0`.execute(transaction);
          return names.filter((name) => name.startsWith(`tenant ${index}`)).length;
        })
        .catch(() => -1),
    ),
  );
  assert.deepEqual(counted, [2, -1, 2, -1, 2, -1, 2, -1, 2, -1]);
  assert.equal((await tenantNames(store.db)).length, 10);
});

onBothDatabases(
  'a transaction is tried again when the database asks for it, and then only',
  async ({ store }) => {
    let tried = 0;
    const failing = (code: string, times: number) =>
      store.transaction(async (transaction) => {
        tried += 1;
        await addTenant(transaction, `try ${tried}`);
        if (tried <= times)
          await sql`do ${sql.lit(`begin raise exception using errcode = '${code}'; end`)}`.execute(
            transaction,
          );
      });
    await failing('40001', 2);
    assert.equal(tried, 3);
    assert.deepEqual(await tenantNames(store.db), ['try 3']);

    tried = 0;
    await assert.rejects(failing('40P01', 9), (error) => sqlStateOf(error) === '40P01');
    assert.equal(tried, 5);
    tried = 0;
    await assert.rejects(failing('23505', 9), (error) => sqlStateOf(error) === '23505');
    assert.equal(tried, 1);
  },
);

onBothDatabases(
  'a notification is heard by every instance, once it is committed',
  async ({ store, openAnother }) => {
    const other = await openAnother();
    const heard: string[] = [];
    const unlisten = await store.listen('Some-Channel', (payload) => heard.push(`here ${payload}`));
    await other.listen('Some-Channel', (payload) => heard.push(`there ${payload}`));
    await other.transaction(async (transaction) => {
      await other.notify('Some-Channel', 'ä', transaction);
      await sql`select pg_sleep(0.1)`.execute(transaction);
      assert.deepEqual(heard, []);
    });
    await assert.rejects(
      other.transaction(async (transaction) => {
        await other.notify('Some-Channel', 'undone', transaction);
        throw new Error('no');
      }),
    );
    await until(() => heard.length >= 2);
    assert.deepEqual(heard.splice(0).sort(), ['here ä', 'there ä']);

    await unlisten();
    await store.notify('Some-Channel', 'again');
    await until(() => heard.length >= 1);
    assert.deepEqual(heard, ['there again']);
  },
);

onPostgres(
  'listening goes on when the connection is lost, and says that something may have been missed',
  async (url) => {
    const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
    try {
      const heard: string[] = [];
      await store.listen('a', (payload) => heard.push(`a ${payload}`));
      await store.listen('b', (payload) => heard.push(`b ${payload}`));
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`.execute(
        store.db,
      );
      await until(() => heard.length >= 4);
      assert.deepEqual(
        heard.splice(0).sort(),
        ['a ', 'a ', 'b ', 'b '],
        'when it is lost, and when it is there again',
      );
      await store.notify('b', 'alive');
      await until(() => heard.length >= 1);
      assert.deepEqual(heard, ['b alive']);
    } finally {
      await store.close();
    }
  },
);

onPostgres('statements are named, so that the server plans each of them once a connection', async (url) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  try {
    await store.transaction(async (transaction) => {
      for (let index = 0; index < 3; index += 1) await tenantNames(transaction);
      const { rows } = await sql<{ statement: string }>`
        select statement from pg_prepared_statements where statement like 'select "name" from "tenants"%'`.execute(
        transaction,
      );
      assert.equal(rows.length, 1);
    });
  } finally {
    await store.close();
  }
});

onPostgres('a table that another instance has migrated fails a kept plan once, and no more', async (url) => {
  const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
  const all = () => store.db.selectFrom('installation').selectAll().execute();
  try {
    assert.deepEqual(await all(), []);
    await sql`alter table installation add column another text`.execute(store.db);
    await assert.rejects(all(), /cached plan must not change result type/);
    assert.deepEqual(await all(), []);
  } finally {
    await sql`alter table installation drop column another`.execute(store.db);
    await store.close();
  }
});

onPostgres('two instances that start at once on an empty database migrate it once', async (_url, t) => {
  const server = await postgresServer();
  if (server.kind === 'unavailable') return t.skip(server.reason);
  const databaseUrl = await server.createDatabase();
  const stores = await Promise.all(
    [1, 2, 3].map(async () => openStore({ databaseUrl, dataDir: null, log: SILENT })),
  );
  try {
    const applied = await Promise.all(stores.map(migrate));
    assert.equal(applied.filter((names) => names.length > 0).length, 1);
    for (const store of stores) assert.deepEqual(await migrate(store), []);
  } finally {
    await Promise.all(stores.map(async (store) => store.close()));
  }
});
