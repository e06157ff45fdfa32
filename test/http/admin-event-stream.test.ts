import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import { startSweep } from '../../src/services/sweep.js';
import { addSeconds } from '../../src/domain/time.js';
import { recordEvents } from '../../src/store/events.js';
import { writeEvents } from '../support/audit-events.js';
import { SILENT } from '../support/store.js';
import { until } from '../support/wait-for.js';
import {
  ADMIN_KEY,
  type Admin,
  type Json,
  NOW,
  eventsOf,
  expectStatus,
  makeTenant,
  onAdminApp,
} from './admin-server.js';
import { EventStream } from './event-streams.js';

const SOON = { within: 60_000 };

/** What a process does with the roles that show the log. */
function watchLog({ auditLog: { sealer, feed } }: Admin, t: TestContext): void {
  const watch = startSweep(
    SILENT,
    [
      { what: 'the audit log', look: () => sealer.look() },
      { what: 'streams', look: () => feed.look() },
    ],
    20,
  );
  t.after(() => watch.stop());
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

onAdminApp('a poller and streams beside long imports see every event exactly once', async (admin, t) => {
  watchLog(admin, t);
  const tenantId = await makeTenant(admin);
  const stream = await EventStream.open(admin.url);
  const devices = 8_000;
  const rows = Array.from({ length: devices }, (_, index) => {
    return `80:5e:c0:${(0x100_000 + index).toString(16).replaceAll(/..(?=.)/g, '$&:')},yealink`;
  });
  // Two at once: where there are several connections, one of them in a single transaction, whose
  // ids are given long before its commit.
  const importOf = async (part: string[], allOrNothing: boolean): Promise<number> => {
    const query = `tenantId=${tenantId}&allOrNothing=${allOrNothing}`;
    const answer = await fetch(`${admin.url}/api/v1/devices.csv?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/csv' },
      body: `mac,vendor\n${part.join('\n')}`,
    });
    return ((await answer.json()) as Json).count;
  };
  const half = devices / 2;
  const hasConnections = admin.context.store.connections() !== null;
  const importing = Promise.all([
    importOf(rows.slice(0, half), hasConnections),
    importOf(rows.slice(half), false),
  ]);
  let isDone = false;
  void importing.finally(() => {
    isDone = true;
  });

  const polled: Json[] = [];
  for (let isLast = false; ;) {
    const { items, cursor } = await expectStatus(
      admin.get(`/events?limit=500&cursor=${polled.at(-1)?.position ?? 0}`),
      200,
    );
    assert.equal(cursor, items.at(-1)?.position.toString() ?? null);
    polled.push(...items);
    if (items.length > 0) continue;
    if (isLast) break;
    isLast = isDone;
  }
  assert.deepEqual(await importing, [half, half]);
  assert.deepEqual(
    polled.map(({ position }) => position),
    range(1, devices + 1),
  );
  assert.equal(new Set(polled.map(({ mac }) => mac)).size, devices + 1);
  await stream.untilCount(devices);
  assert.deepEqual(stream.events, polled.slice(1));
  stream.close();
});

onAdminApp(
  'a stream begins behind Last-Event-ID, and goes on over reconnects without a gap',
  async (admin, t) => {
    watchLog(admin, t);
    await writeEvents(admin.context.store, 250);
    const news = await EventStream.open(admin.url);
    assert.equal(news.headers['content-type'], 'text/event-stream');
    assert.equal(news.headers['cache-control'], 'no-store');
    const all = await EventStream.open(admin.url, { after: '0' });
    await all.untilCount(250);

    const seen: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const stream = await EventStream.open(admin.url, { after: String(seen.at(-1) ?? 100) });
      await writeEvents(admin.context.store, 40, 250 + round * 40);
      await stream.untilCount(30);
      stream.close();
      seen.push(...stream.positions);
    }
    const rest = await EventStream.open(admin.url, { after: String(seen.at(-1)) });
    const missing = 450 - (seen.at(-1) ?? 0);
    await rest.untilCount(missing);
    assert.deepEqual([...seen, ...rest.positions], range(101, 450));
    await all.untilCount(450);
    assert.deepEqual(all.positions, range(1, 450));
    await news.untilCount(200);
    assert.deepEqual(news.positions, range(251, 450), 'without the header only what came since');
    for (const stream of [news, all, rest]) stream.close();

    for (const after of ['x', '-1', '1.5', '', '1e3']) {
      const headers = { accept: 'text/event-stream', 'last-event-id': after };
      assert.equal((await admin.ask('GET', '/events', undefined, headers)).status, 400, after);
    }
  },
);

onAdminApp('streams and lists take the same filters and bring the same objects', async (admin, t) => {
  watchLog(admin, t);
  const { store } = admin.context;
  await writeEvents(store, 300);
  const [sample] = await eventsOf(admin, 'cursor=200&limit=1');
  for (const query of [
    'type=config.full',
    'type=config.full&type=pap.wrong',
    'actor=phone',
    `actor=${encodeURIComponent('Zoë & Söhne “crm”')}&type=device.created`,
    'mac=805ec0112233',
    `tenantId=${sample.tenantId ?? 'ffffffff-ffff-4fff-8fff-ffffffffffff'}`,
    'since=2026-03-02T09:00:00.100Z&until=2026-03-02T09:00:00.199Z',
  ]) {
    const listed = await eventsOf(admin, `${query}&limit=500`);
    const stream = await EventStream.open(admin.url, { query: `?${query}`, after: '0' });
    await stream.untilCount(listed.length);
    // One that would be brought by mistake, and one that says that all are there.
    await writeEvents(store, 1, 3);
    assert.deepEqual(stream.events.slice(0, listed.length), listed, query);
    stream.close();
    const newest = await eventsOf(admin, `${query}&order=desc&limit=500`);
    assert.deepEqual(newest.toReversed().slice(0, listed.length), listed, query);
  }
  const between = await eventsOf(admin, 'since=2026-03-02T09:00:00.100Z&until=2026-03-02T09:00:00.199Z');
  assert.deepEqual(
    between.map(({ at }) => at.slice(-4)),
    range(100, 199).map((millisecond) => `${millisecond}Z`),
  );
});

onAdminApp('newest first is paged behind the last position that was seen', async (admin) => {
  await writeEvents(admin.context.store, 12);
  const positions: number[][] = [];
  for (let cursor: string | null = '', query = 'order=desc&limit=5'; cursor !== null;) {
    const page: Json = await expectStatus(admin.get(`/events?${query}`), 200);
    positions.push(page.items.map((event: Json) => event.position));
    cursor = page.cursor;
    query = `order=desc&limit=5&cursor=${cursor}`;
    // What comes meanwhile stands before all of them.
    await writeEvents(admin.context.store, 1);
  }
  assert.deepEqual(positions, [range(8, 12).toReversed(), range(3, 7).toReversed(), [2, 1], []]);
});

onAdminApp('an event is listed at once, though nothing seals the log in the background', async (admin) => {
  await writeEvents(admin.context.store, 1);
  assert.equal((await eventsOf(admin)).length, 1);
  const lists = await Promise.all(
    range(1, 8).map(async (number) => {
      await writeEvents(admin.context.store, 1, number);
      return (await eventsOf(admin, 'limit=500')).filter(({ data }) => data.zebra === number).length;
    }),
  );
  assert.deepEqual(new Set(lists), new Set([1]));
});

onAdminApp('what another instance writes and seals comes through every stream once', async (admin, t) => {
  watchLog(admin, t);
  const other = new AuditSealer(admin.context);
  const stream = await EventStream.open(admin.url, { after: '0' });
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([
      admin.context.store.transaction(async (transaction) => {
        await recordEvents(transaction, [
          {
            at: addSeconds(NOW, round),
            type: 'device.created',
            tenantId: null,
            mac: null,
            actor: 'crm',
            address: null,
            data: {},
          },
        ]);
        await transaction.selectFrom('events').select('id').where('position', '=', '1').execute();
      }),
      writeEvents(admin.context.store, 30, round * 30),
      other.look(),
    ]);
  }
  await stream.untilCount(620);
  assert.deepEqual(stream.positions, range(1, 620));
  stream.close();
});

onAdminApp('a client that reads nothing costs the memory of one portion', async (admin, t) => {
  watchLog(admin, t);
  const slow = await EventStream.open(admin.url, { after: '0' });
  slow.pause();
  // More than the buffers of a socket take.
  const data = { text: 'x'.repeat(30_000) };
  const event = {
    at: NOW,
    type: 'config.full',
    tenantId: null,
    mac: null,
    actor: 'phone',
    address: null,
    data,
  } as const;
  let reads = 0;
  const { feed } = admin.auditLog;
  const follow = feed.follow.bind(feed);
  t.mock.method(feed, 'follow', (...given: Parameters<typeof follow>) => {
    const portions = follow(...given);
    return portions === null ? null : counted(portions);
  });
  async function* counted<T>(portions: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const portion of portions) {
      reads += 1;
      yield portion;
    }
  }
  const stalled = await EventStream.open(admin.url, { after: '0' });
  stalled.pause();
  for (let round = 0; round < 12; round += 1)
    await recordEvents(
      admin.context.store.db,
      Array.from({ length: 100 }, () => event),
    );
  const quick = await EventStream.open(admin.url, { after: '0' });
  await quick.untilCount(1200);
  assert.ok(reads < 12 + 8, `${reads} portions were read for two clients of which one takes nothing`);
  slow.resume();
  await slow.untilCount(1200);
  assert.deepEqual(slow.positions, range(1, 1200));
  for (const stream of [slow, stalled, quick]) stream.close();
});

onAdminApp('streams are bounded in number, and end when Dialgate does', async (admin, t) => {
  watchLog(admin, t);
  const streams = await Promise.all(range(1, 100).map(() => EventStream.open(admin.url)));
  const refused = await admin.ask('GET', '/events', undefined, { accept: 'text/event-stream' });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '30');
  streams[0]?.close();
  await until(
    async () => {
      const stream = await EventStream.open(admin.url).catch(() => null);
      if (stream !== null) streams.push(stream);
      return stream !== null;
    },
    { ...SOON, what: 'a free place' },
  );
  admin.auditLog.feed.close();
  await until(() => streams.every(({ hasEnded }) => hasEnded), { ...SOON, what: 'the end of all streams' });
});

onAdminApp(
  'a stream brings a comment while nothing happens, and ends when its key is deleted',
  async (admin, t) => {
    watchLog(admin, t);
    const { key, id } = await expectStatus(admin.post('/api-keys', { name: 'crm' }), 201);
    const stream = await EventStream.open(admin.url, { key, query: '?type=device.created' });
    await until(() => stream.comments === 1, { ...SOON, what: 'a comment' });
    await expectStatus(admin.delete(`/api-keys/${id}`), 204);
    await until(() => stream.hasEnded, { ...SOON, what: 'the end of the stream' });
  },
);
