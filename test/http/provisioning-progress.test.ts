/** How far a phone has come: each stage is noted where it happens, once, until a reset. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import { type Progress, STAGES } from '../../src/domain/progress.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { SYSTEM } from '../../src/services/audit/actors.js';
import { countDevices } from '../../src/store/device-list.js';
import { findProgress } from '../../src/store/progress.js';
import { findToken } from '../../src/store/tokens.js';
import { enterPap, opened } from '../store/entries.js';
import { makeDevice, registerPhone } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { fileOf, nextUrl, userOf, withProvisioning, type World } from './provisioning-phones.js';

async function progressOf({ context, provisioning }: World, device: Device): Promise<Progress> {
  await provisioning.flush();
  const found = await findProgress(context.store.db, [device.id]);
  return found.get(device.id) ?? assert.fail('the device is gone');
}

/** The stages that have a time. */
const reached = (progress: Progress): string[] => STAGES.filter((stage) => progress[`${stage}At`] !== null);

const countWaiting = async ({ context }: World): Promise<number> =>
  countDevices(context.store.db, { scope: 'all', waiting: true }, context.clock.now());

onBothDatabases('each stage has the time at which it was first reached', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const device = await makeDevice(context, { policy: { strict: true } });
    const times = [context.clock.now()];
    const step = async (stages: number, waiting: number): Promise<void> => {
      const progress = await progressOf(world, device);
      assert.deepEqual(reached(progress), STAGES.slice(0, stages));
      assert.equal(await countWaiting(world), waiting);
    };
    const later = (): void => {
      context.clock.advance(60);
      times.push(context.clock.now());
    };
    await step(1, 0);
    later();
    const minimal = await fetch(`/${fileOf(device)}`);
    await step(3, 1);
    const token = (await findToken(store.db, userOf(minimal))) ?? assert.fail('there is no token');
    later();
    await registerPhone(context, token);
    await step(4, 1);
    later();
    await opened(context, token);
    await step(5, 1);
    later();
    assert.equal((await enterPap(context, device, token)).kind, 'accepted');
    await step(6, 1);
    later();
    await fetch(nextUrl(minimal, device));
    await step(7, 0);

    context.clock.advance(60);
    await registerPhone(context, token);
    await opened(context, token);
    await fetch(nextUrl(minimal, device));
    // A stranger's fetch beside a phone that has proved itself takes nothing from it.
    await fetch(`/${fileOf(device)}`);
    assert.equal(await countWaiting(world), 0);
    const [created, fetched, ...others] = times;
    const progress = await progressOf(world, device);
    assert.deepEqual(
      STAGES.map((stage) => progress[`${stage}At`]),
      [created, fetched, fetched, ...others],
    );
  });
});

onBothDatabases('a reset begins anew, and what was noted before it does not count', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const device = await makeDevice(context);
    // Not written before the reset is.
    await fetch(`/${fileOf(device)}`);
    context.clock.advance(60);
    await resetAuthentication(context, device.mac, SYSTEM);
    assert.deepEqual(reached(await progressOf(world, device)), ['created']);
    await fetch(`/${fileOf(device)}`);
    const progress = await progressOf(world, device);
    assert.deepEqual([progress.createdAt, progress.minimalAt], [context.clock.now(), context.clock.now()]);
    assert.equal(await countWaiting(world), 1);
  });
});

onBothDatabases('a fresh PIN for a lost configuration begins anew', async ({ store }) => {
  await withProvisioning(store, async (world) => {
    const { context, fetch } = world;
    const device = await makeDevice(context, { policy: { strict: true, onLostConfiguration: 'rearm' } });
    const minimal = await fetch(`/${fileOf(device)}`);
    assert.equal((await enterPap(context, device, { id: userOf(minimal) })).kind, 'accepted');
    await fetch(nextUrl(minimal, device));
    assert.equal(reached(await progressOf(world, device)).at(-1), 'full');

    context.clock.advance(60);
    await fetch(`/${fileOf(device)}`);
    const progress = await progressOf(world, device);
    assert.deepEqual(reached(progress), ['created', 'contacted', 'minimal']);
    assert.equal(await countWaiting(world), 1);
  });
});
