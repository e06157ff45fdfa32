/** The stream of events of an installation with several processes, of which one is started anew. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EventStream } from '../http/event-streams.js';
import { type Postgres, startPostgres } from '../support/postgres.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

const MASTER_KEY = 'the master key of this test, long enough';
const SOON = { within: 60_000 };

describe('a stream of events', async () => {
  const postgres: Postgres = await startPostgres();
  const skip = postgres.kind === 'unavailable' ? postgres.reason : false;
  let url: string;
  let whole: Service;
  let admin: Service;
  const startAdmin = (): Promise<Service> =>
    Service.launch({ env: { DATABASE_URL: url, MASTER_KEY, ROLES: 'admin' } });
  before(async () => {
    if (postgres.kind === 'unavailable') return;
    url = await postgres.createDatabase();
    whole = await Service.launch({ env: { DATABASE_URL: url, MASTER_KEY } });
    admin = await startAdmin();
  });
  after(async () => {
    if (postgres.kind === 'unavailable') return;
    await whole.kill();
    await admin.kill();
    await postgres.stop();
  });

  it(
    'goes on behind what was seen over a restart, whichever process writes and seals',
    { skip },
    async () => {
      const names: string[] = [];
      const make = async (service: Service, name: string): Promise<void> => {
        names.push(name);
        await service.api.need('POST', '/tenants', { name });
      };
      const open = (lastSeen: string) =>
        EventStream.open(admin.facts.adminUrl, {
          query: '?type=tenant.created',
          key: admin.adminKey,
          after: lastSeen,
        });
      const seen = (stream: EventStream): string[] => stream.events.map(({ data }) => data.name);

      const first = await open('0');
      for (let round = 0; round < 20; round += 1) {
        await Promise.all([make(whole, `whole ${round}`), make(admin, `admin ${round}`)]);
      }
      await first.untilCount(40);
      assert.deepEqual(new Set(seen(first)), new Set(names));

      const stopped = admin.stop();
      await until(() => first.hasEnded, { ...SOON, what: 'the end of the stream' });
      assert.ok(first.wasComplete, 'it was ended, not cut off');
      assert.equal(await stopped, 0);
      await make(whole, 'meanwhile');
      admin = await startAdmin();
      const second = await open(String(first.positions.at(-1)));
      await second.untilCount(1);

      // No process with the role internal is left to seal.
      assert.equal(await whole.stop(), 0);
      await make(admin, 'alone');
      await second.untilCount(2);
      assert.deepEqual(seen(second), ['meanwhile', 'alone']);
      second.close();

      const { items } = await admin.api.need('GET', '/events?limit=500&type=tenant.created');
      assert.deepEqual(
        [...first.events, ...second.events].map(({ id }) => id),
        items.map(({ id }: { id: string }) => id),
      );
    },
  );
});
