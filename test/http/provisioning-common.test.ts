/** Files of a whole model, which point on, and requests that contradict themselves. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { macHex, parseMac } from '../../src/domain/mac.js';
import { SYSTEM } from '../../src/services/audit/actors.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { moveToken, tokensOfDevice } from '../../src/store/tokens.js';
import { type EventLine, eventsOf, makeDevice, reread } from '../support/fixture.js';
import { pgliteStore } from '../support/store.js';
import {
  type Fetched,
  type World,
  fileOf,
  giveLines,
  nextUrl,
  parameter,
  withProvisioning,
} from './provisioning-phones.js';

describe('a file of a model', () => {
  test('says the same to everybody, holds no token, and is no device’s', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, log }) => {
      await makeDevice(context, { vendor: 'cisco' });
      const file = await fetch('/spa112.cfg');
      assert.equal(file.status, 200);
      assert.equal(file.headers['cache-control'], 'public, max-age=300');
      assert.match(file.body, /https:\/\/provisioning\.example\/\$MA\.xml</);
      const again = await fetch('/spa112.cfg', { headers: { 'If-None-Match': file.headers.etag } });
      assert.equal(again.status, 304);
      assert.deepEqual(await fetch('/SPA112.cfg').then(({ body }) => body), file.body);
      assert.match(log(), /"served":"common"/);
      assert.deepEqual(await eventsOf(context.store), []);
    });
  });

  test('is nothing below a token, which it would take away', async () => {
    await withProvisioning(await pgliteStore(), async ({ fetch }) => {
      assert.equal((await fetch('/abcdefghijklmnopqrstuvwxyz234567/spa112.cfg')).status, 404);
      assert.equal((await fetch('/x/spa112.cfg')).status, 404);
    });
  });

  test('that no family has a document for is nothing', async () => {
    await withProvisioning(await pgliteStore(), async ({ fetch }) => {
      assert.equal((await fetch('/y000000000000.boot')).status, 404);
    });
  });
});

const STRANGER = '80:5e:c0:99:88:77';
const yealinkAgent = (mac: string): { 'User-Agent': string } => ({
  'User-Agent': `Yealink SIP-T46U 108.86.0.90 ${mac}`,
});

const isMinimal = (fetched: Fetched): boolean => parameter(fetched, 'account.1.label') !== 'Line 1';

describe('a request that names two phones', () => {
  /**
   * A device that is let in without a proof, and the events of that kind it has when all is
   * written.
   */
  async function withPhone(
    body: (world: World, mac: string, path: string, mismatches: () => Promise<EventLine[]>) => Promise<void>,
  ): Promise<void> {
    await withProvisioning(await pgliteStore(), async (world) => {
      const { context, provisioning } = world;
      const device = await makeDevice(context);
      await giveLines(context, device, 1);
      await suspendAuthentication(context, device.mac, SYSTEM);
      await body(world, device.mac, `/${fileOf(device)}`, async () => {
        await provisioning.flush();
        return (await eventsOf(context.store, device)).filter(({ type }) => type === 'device.mismatch');
      });
    });
  }

  test('gets the minimal configuration, whatever speaks for it, and leaves an event', async () => {
    await withPhone(async ({ fetch, log }, mac, path, mismatches) => {
      assert.ok(!isMinimal(await fetch(path, { headers: yealinkAgent(mac) })), 'its own name does no harm');
      assert.ok(!isMinimal(await fetch(`${path}?mac=${macHex(parseMac(mac)!).toUpperCase()}`)));
      assert.deepEqual(await mismatches(), []);

      assert.ok(isMinimal(await fetch(path, { headers: yealinkAgent(STRANGER) })));
      const ofAnotherMake = { 'User-Agent': 'Fanvil X6U Pro 0.0.10 0c383e2cd782' };
      assert.ok(isMinimal(await fetch(path, { headers: ofAnotherMake })));
      assert.ok(isMinimal(await fetch(`${path}?mac=${STRANGER}`)));
      assert.ok(isMinimal(await fetch(`${path}?MAC=${STRANGER}`, { headers: yealinkAgent(mac) })));
      const events = await mismatches();
      assert.deepEqual(
        events.map(({ data }) => data),
        [{ userAgent: STRANGER }, { query: STRANGER }],
        'each place that contradicts once',
      );
      assert.match(log(), /"reason":"mismatch","otherMac":true/);
    });
  });

  test('is told of again after an hour', async () => {
    await withPhone(async ({ context, fetch }, _mac, path, mismatches) => {
      for (const [seconds, count] of [
        [0, 1],
        [3599, 1],
        [1, 2],
      ] as const) {
        context.clock.advance(seconds);
        await fetch(path, { headers: yealinkAgent(STRANGER) });
        assert.equal((await mismatches()).length, count);
      }
    });
  });

  test('proves nothing with a token that it holds, and spoils nothing for its owner', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, provisioning }) => {
      const device = await makeDevice(context);
      await giveLines(context, device, 1);
      const first = await fetch(`/${fileOf(device)}`);
      const url = nextUrl(first, device);
      const [token] = await tokensOfDevice(context.store.db, device.id);
      assert.ok(token !== undefined);
      await moveToken(context.store.db, token.id, ['bootstrap'], 'released', context.clock.now());

      const other = await fetch(url, { headers: yealinkAgent(STRANGER) });
      assert.ok(isMinimal(other));
      assert.equal(nextUrl(other, device), url, 'it keeps what it holds');
      await provisioning.flush();
      const [kept] = await tokensOfDevice(context.store.db, device.id);
      assert.equal(kept?.state, 'released');
      assert.deepEqual(kept?.lastUsedAt, token.lastUsedAt);

      assert.ok(!isMinimal(await fetch(url, { headers: yealinkAgent(device.mac) })));
      assert.equal((await tokensOfDevice(context.store.db, device.id))[0]?.state, 'proven');
      assert.equal((await reread(context, device)).attention, null);
      const afterwards = await fetch(url, { headers: yealinkAgent(STRANGER) });
      assert.ok(isMinimal(afterwards), 'a proven token does not help either');
      assert.equal(parameter(afterwards, 'account.1.label'), 'Authentication needed');
    });
  });

  test('by HEAD, or for a boot file, leaves no event', async () => {
    await withPhone(async ({ fetch }, _mac, path, mismatches) => {
      const headers = yealinkAgent(STRANGER);
      assert.equal((await fetch(path, { method: 'HEAD', headers })).status, 200);
      assert.equal((await fetch(path.replace('.cfg', '.boot'), { headers })).status, 200);
      assert.deepEqual(await mismatches(), []);
    });
  });
});
