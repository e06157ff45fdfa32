/**
 * What fetches leave behind is written in batches, later, and nothing of it is lost while the
 * process lives.
 */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { eventTypesOf, makeDevice, reread } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { until } from '../support/wait-for.js';
import { fileOf, nextUrl, withProvisioning } from './provisioning-phones.js';

onBothDatabases('a fetch is in the audit log a moment later, by itself', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context);
    await fetch(`/${fileOf(device)}`);
    const types = await until(
      async () => {
        const found = await eventTypesOf(store, device);
        return found.length > 0 && found;
      },
      { what: 'the event' },
    );
    assert.deepEqual(types, ['config.minimal']);
    assert.deepEqual((await reread(context, device)).lastSeenAt, context.clock.now());
  });
});

onBothDatabases('what cannot be written now is written later, once', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch, provisioning, log }) => {
    const devices = [await makeDevice(context), await makeDevice(context)];
    const urls = await Promise.all(
      devices.map(async (device) => nextUrl(await fetch(`/${fileOf(device)}`), device)),
    );
    await provisioning.flush();

    await sql`alter table events rename to events_away`.execute(store.db);
    context.clock.advance(3600);
    for (const url of urls) assert.equal((await fetch(url)).status, 200, 'phones do not wait for it');
    await provisioning.flush();
    assert.match(log(), /notes of fetches could not be written/);
    await sql`alter table events_away rename to events`.execute(store.db);

    for (const device of devices) {
      assert.deepEqual(await eventTypesOf(store, device), ['config.minimal']);
      assert.deepEqual((await reread(context, device)).lastSeenAt, context.clock.now(), 'the rest was');
    }
    await provisioning.flush();
    await provisioning.flush();
    for (const device of devices) {
      assert.deepEqual(await eventTypesOf(store, device), ['config.minimal', 'config.minimal']);
    }
  });
});

onBothDatabases('the end of the service writes what is left', async ({ store }) => {
  const made: Awaited<ReturnType<typeof makeDevice>>[] = [];
  await withProvisioning(store, async ({ context, fetch }) => {
    made.push(await makeDevice(context));
    await Promise.all(made.map((device) => fetch(`/${fileOf(device)}`)));
  });
  for (const device of made) assert.deepEqual(await eventTypesOf(store, device), ['config.minimal']);
});
