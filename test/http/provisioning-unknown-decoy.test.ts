/**
 * Decoys at the provisioning port: what a scanner is given for an unknown MAC, beside what it is
 * given for a device's.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openMasterKey, deriveDecoyId } from '../../src/domain/secrets.js';
import type { Store } from '../../src/store/store.js';
import { MAX_DECOYS, dropDecoys } from '../../src/store/unmanaged-devices.js';
import { eventTypesOf, makeDevice } from '../support/fixture.js';
import { onBothDatabases, pgliteStore } from '../support/store.js';
import { tellApart } from '../support/timing.js';
import {
  type Fetched,
  fileOf,
  parameter,
  userOf,
  type World,
  withProvisioning,
} from './provisioning-phones.js';

const DECOY = { unknownDevices: 'decoy', limits: { tokenlessPerMinute: Infinity } } as const;
const AGENT = { 'User-Agent': 'Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33' };
const nameOf = (number: number): string => `02aa00${number.toString(16).padStart(6, '0')}.cfg`;

const onDecoys = (name: string, body: (world: World, store: Store) => Promise<void>): void =>
  onBothDatabases(name, async ({ store }) => withProvisioning(store, (world) => body(world, store), DECOY));

const urlOf = (fetched: Fetched, file: string): string =>
  parameter(fetched, 'static.auto_provision.server.url') + file;

/** All of an answer but what is another one for each phone. */
function shape({ status, headers, body }: Fetched, file: string) {
  const own =
    /(?<=cfg\/|example\/)[a-z2-7]{32}|\b[a-z2-7]{12}\b|(?<== )(?:(?:admin|user|var):)?[a-z2-7]{16,24}$/gm;
  return {
    status,
    headers: { ...headers, date: '', etag: headers.etag?.length },
    body: body.replaceAll(file.slice(0, 12), 'MAC').replaceAll(own, (secret) => '~'.repeat(secret.length)),
  };
}

async function decoysIn(store: Store): Promise<number> {
  const { rows } = await sql<{ mac: string }>`select mac from devices where kind = 'decoy'`.execute(store.db);
  return rows.length;
}

onDecoys('a MAC of nobody is answered as one of somebody, whatever is asked', async ({ context, fetch }) => {
  const device = await makeDevice(context);
  const [known, unknown] = [fileOf(device), nameOf(1)];
  for (const headers of [{}, AGENT]) {
    for (const time of ['first', 'second', 'third']) {
      const [real, decoy] = [await fetch(`/${known}`, { headers }), await fetch(`/${unknown}`, { headers })];
      assert.equal(real.status, 200);
      assert.equal(decoy.body.length, real.body.length);
      assert.deepEqual(shape(decoy, unknown), shape(real, known), time);
      assert.notEqual(userOf(decoy), userOf(real));
    }
  }
  for (const method of ['HEAD', 'GET', 'POST']) {
    for (const other of ['.boot', '.xml', '-local.cfg', '_security.enc', '.cfg?x=1']) {
      const [real, decoy] = await Promise.all(
        [known, unknown].map((file) => fetch(`/${file.replace('.cfg', other)}`, { method })),
      );
      assert.deepEqual(shape(decoy!, unknown), shape(real!, known), `${method} ${other}`);
    }
  }
});

onDecoys(
  'a HEAD and a boot file make no decoy, and are answered as if there were one',
  async ({ context, fetch }, store) => {
    const device = await makeDevice(context);
    for (const [method, extension] of [
      ['HEAD', '.cfg'],
      ['GET', '.boot'],
      ['HEAD', '.boot'],
    ] as const) {
      const asked = [fileOf(device), nameOf(1)].map((file) => file.replace('.cfg', extension));
      const [real, decoy] = await Promise.all(asked.map((file) => fetch(`/${file}`, { method })));
      assert.equal(real!.status, 200);
      assert.deepEqual(shape(decoy!, asked[1]!), shape(real!, asked[0]!));
    }
    assert.equal(await decoysIn(store), 0);
  },
);

onDecoys(
  'the token of a decoy is as good as that of a phone that waits',
  async ({ fetch, provisioning }, store) => {
    const minimal = await fetch(`/${nameOf(1)}`);
    const url = urlOf(minimal, nameOf(1));
    const again = await fetch(url);
    assert.equal(again.body, minimal.body);
    assert.equal(again.headers['cache-control'], 'private, no-cache');
    assert.equal((await fetch(url, { headers: { 'If-None-Match': again.headers.etag } })).status, 304);
    assert.notEqual(
      userOf(await fetch(`/${nameOf(1)}`)),
      userOf(minimal),
      'another one for whoever has none',
    );
    assert.equal((await fetch(url)).body, minimal.body);
    const elsewhere = await fetch(url.replace(nameOf(1), nameOf(2)));
    assert.notEqual(userOf(elsewhere), userOf(minimal), 'and of no other MAC');
    await provisioning.flush();
    assert.deepEqual(new Set(await eventTypesOf(store)), new Set(['device.knocked']));
  },
);

onDecoys(
  'a decoy that has made room for others is there again, and its token with it',
  async ({ fetch, provisioning }, store) => {
    const minimal = await fetch(`/${nameOf(1)}`);
    const url = urlOf(minimal, nameOf(1));
    const again = await fetch(url);
    await provisioning.flush();
    assert.equal(await dropDecoys(store.db, 10), 1);

    const back = await fetch(url);
    assert.equal(back.body, minimal.body);
    assert.deepEqual({ ...back.headers, date: '' }, { ...again.headers, date: '' });
    await provisioning.flush();
    assert.equal(await decoysIn(store), 1);
    assert.equal((await fetch(url, { headers: { 'If-None-Match': again.headers.etag } })).status, 304);
    assert.equal(userOf(await fetch(url)), userOf(minimal));
    assert.deepEqual(new Set(await eventTypesOf(store)), new Set(['device.knocked']));
  },
);

onDecoys(
  'somebody who creates the device meanwhile is not disturbed by what a scanner holds',
  async ({ context, fetch, provisioning }, store) => {
    const file = nameOf(1);
    const url = urlOf(await fetch(`/${file}`), file);
    await provisioning.flush();
    await dropDecoys(store.db, 10);
    await fetch(url);
    const device = await makeDevice(context);
    await sql`update devices set mac = ${file.slice(0, 12).replaceAll(/(..)(?=.)/g, '$1:')} where id = ${device.id}`.execute(
      store.db,
    );
    await provisioning.flush();
    assert.equal(await decoysIn(store), 0);
    const { rows } = await sql`select id from tokens`.execute(store.db);
    assert.equal(rows.length, 0);
    assert.notEqual((await fetch(url)).body, '', 'its token counts as none');
  },
);

onDecoys('a scan leaves no more than the window of decoys behind', async ({ fetch, provisioning }, store) => {
  await fetch(`/${nameOf(0)}`);
  await copyDecoy(store, MAX_DECOYS - 100);
  for (let scanned = 1; scanned < 200; scanned += 50) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => fetch(`/${nameOf(scanned + at)}`)),
    );
    assert.ok(answers.every(({ status }) => status === 200));
    assert.ok((await decoysIn(store)) <= MAX_DECOYS);
  }
  await provisioning.flush();
  const left = await decoysIn(store);
  assert.ok(left > MAX_DECOYS - 100 && left <= MAX_DECOYS, `${left} decoys`);
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from tokens`.execute(
    store.db,
  );
  assert.ok((rows[0]?.count ?? 0) <= left, 'one token each, and none of those that are gone');
  assert.deepEqual(new Set(await eventTypesOf(store)), new Set(['device.knocked']));
});

/** Makes as many more as a long scan would, from the one that there is. */
async function copyDecoy(store: Store, copies: number): Promise<void> {
  await sql`
    with copied as (
      insert into devices
      select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'mac', '02:bb:' || number))).*
      from devices d, generate_series(1, ${copies}::integer) number
      returning id
    )
    insert into tokens
    select (jsonb_populate_record(t, jsonb_build_object('id', left(c.id::text, 12), 'device_id', c.id))).*
    from tokens t, copied c`.execute(store.db);
}

onDecoys('a MAC belongs to one family, asked for by whatever name', async ({ fetch }, store) => {
  assert.equal((await fetch('/000413aabbcc.cfg')).status, 404, 'a snom phone has no such file');
  assert.equal((await fetch('/snomD785-805EC0112233.htm')).status, 404);
  assert.equal(await decoysIn(store), 0);
  assert.equal((await fetch('/snomD785-000413AABBCC.htm')).status, 200);
  assert.equal((await fetch('/000413aabbcc.cfg')).status, 404);
});

test('decoys of another time are nobody when the installation is not set to them any more', async () => {
  const store = await pgliteStore();
  await withProvisioning(store, async ({ fetch }) => void (await fetch(`/${nameOf(1)}`)), DECOY);
  await withProvisioning(store, async ({ fetch }) =>
    assert.equal((await fetch(`/${nameOf(1)}`)).status, 404),
  );
  await withProvisioning(
    store,
    async ({ fetch }) => {
      assert.equal((await fetch(`/${nameOf(1)}`)).status, 200);
      assert.equal(await decoysIn(store), 0);
    },
    { unknownDevices: 'autoprov' },
  );
});

test('the id of a decoy is that of its MAC under the master key, and looks like any other', () => {
  const key = openMasterKey('one');
  const id = deriveDecoyId(key, '02:aa:00:00:00:01');
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(deriveDecoyId(key, '02:aa:00:00:00:01'), id);
  assert.notEqual(deriveDecoyId(key, '02:aa:00:00:00:02'), id);
  assert.notEqual(deriveDecoyId(openMasterKey('two'), '02:aa:00:00:00:01'), id);
});

test('first and repeated fetches of MACs of somebody and of nobody take the same time', async (t) => {
  await withProvisioning(
    await pgliteStore(),
    async ({ context, fetch }) => {
      const known: string[] = [];
      for (let number = 0; number < 260; number += 1) known.push(fileOf(await makeDevice(context)));
      const repeated = fileOf(await makeDevice(context));
      await fetch(`/${nameOf(0)}`);
      let number = 0;
      const comparisons = [
        () => tellApart(() => fetch(`/${known.pop()}`), [() => fetch(`/${nameOf((number += 1))}`)], 25),
        () => tellApart(() => fetch(`/${repeated}`), [() => fetch(`/${nameOf(0)}`)], 25),
      ];
      for (const compare of comparisons) {
        const { times, shortest, difference } = await compare();
        t.diagnostic(times);
        assert.ok(shortest > 98, 'none is out before its time, however fast this machine is');
        assert.equal(difference, null);
      }
    },
    DECOY,
  );
});
