import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledQuery } from 'kysely';
import { FetchLookups } from '../../src/services/fetch/fetch-lookups.js';
import type { Mac } from '../../src/domain/mac.js';
import type { Queryable } from '../../src/store/store.js';
import { makeContext, makeDevice, makePhone } from '../support/fixture.js';
import { onBothDatabases, pgliteStore } from '../support/store.js';

/** Something that has the form of a token with this id. */
const tokenOf = (id: string): string => id.padEnd(32, 'a');
const NOBODY = '02:00:00:00:00:00' as unknown as Mac;

onBothDatabases('each fetch gets its own facts, however many are asked at once', async ({ store }) => {
  const context = makeContext(store);
  const devices = await Promise.all(Array.from({ length: 5 }, () => makeDevice(context)));
  const phones = await Promise.all(devices.map((device) => makePhone(context, device)));
  const lookups = new FetchLookups(store.db, context.clock, null);
  const asked = Array.from({ length: 250 }, (_, at) => at % 7);
  const answers = await Promise.all(
    asked.map((at) =>
      lookups.lookUp({
        mac: devices[at]?.mac ?? NOBODY,
        presented: tokenOf(phones[at]?.id ?? 'aaaaaaaaaaaa'),
        address: at === 1 ? null : '192.0.2.10',
      }),
    ),
  );
  for (const [index, at] of asked.entries()) {
    assert.equal(answers[index]?.deviceId ?? null, devices[at]?.id ?? null);
    assert.equal(answers[index]?.token?.id ?? null, phones[at]?.id ?? null);
  }
});

onBothDatabases(
  'a token of another device is found beside the device that was asked for',
  async ({ store }) => {
    const context = makeContext(store);
    const [first, second] = [await makeDevice(context), await makeDevice(context)];
    const token = await makePhone(context, second);
    const facts = await new FetchLookups(store.db, context.clock, null).lookUp({
      mac: first.mac,
      presented: tokenOf(token.id),
      address: null,
    });
    assert.equal(facts?.deviceId, first.id);
    assert.equal(facts?.token?.deviceId, second.id);
  },
);

test('fetches that come together are one statement, and a failure is that of its own statement', async () => {
  const store = await pgliteStore();
  const context = makeContext(store);
  const statements: number[] = [];
  let isBroken = false;
  const db = {
    executeQuery: async (query: CompiledQuery) => {
      statements.push(JSON.parse(String(query.parameters[0])).length);
      if (isBroken) throw new Error('the database is away');
      return store.db.executeQuery(query);
    },
  } as unknown as Queryable;
  const lookups = new FetchLookups(db, context.clock, null);
  const ask = () => lookups.lookUp({ mac: NOBODY, presented: null, address: null });

  await Promise.all(Array.from({ length: 30 }, ask));
  assert.deepEqual(statements, [30]);
  statements.length = 0;
  await Promise.all(Array.from({ length: 230 }, ask));
  assert.deepEqual(statements, [100, 100, 30]);

  isBroken = true;
  const failed = await Promise.allSettled([ask(), ask()]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  isBroken = false;
  assert.equal(await ask(), null);
});
