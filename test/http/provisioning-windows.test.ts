/**
 * Windows as the provisioning port sees them: what phones fetch beside their configuration must not
 * open one.
 */
import assert from 'node:assert/strict';
import { macHex } from '../../src/domain/mac.js';
import { authorizeProvisioning } from '../../src/services/authentication/authorize-provisioning.js';
import { makeDevice, reread } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { ADMIN, DAY } from '../support/window-devices.js';
import { fileOf, giveLines, nextUrl, parameter, withProvisioning } from './provisioning-phones.js';

const POLICY = { secondFactor: 'window' } as const;

onBothDatabases('a boot file that is fetched before the configuration ends no silence', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch, provisioning }) => {
    const device = await makeDevice(context, { policy: POLICY });
    await giveLines(context, device, 1);
    const url = nextUrl(await fetch(`/${fileOf(device)}`), device);
    assert.equal(parameter(await fetch(url), 'account.1.label'), 'Line 1');
    await provisioning.flush();

    context.clock.advance(60 * DAY);
    const boot = await fetch(url.replace(fileOf(device), `${macHex(device.mac)}.boot`));
    assert.equal(boot.status, 200);
    await provisioning.flush();
    const waiting = await fetch(url);
    assert.equal(parameter(waiting, 'account.1.label'), 'Authorize provisioning!');
    assert.doesNotMatch(waiting.body, /line-password/);
    assert.equal(parameter(waiting, 'static.auto_provision.repeat.minutes'), '1');
    await provisioning.flush();

    const again = await fetch(url, { headers: { 'if-none-match': waiting.headers.etag } });
    assert.equal(again.status, 304, 'who asks every minute costs little');
    await provisioning.flush();
    await authorizeProvisioning(context, device.mac, ADMIN);
    assert.equal(parameter(await fetch(url), 'account.1.label'), 'Line 1');
  });
});

onBothDatabases('a HEAD claims no window and proves nothing', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const device = await makeDevice(context, { policy: POLICY });
    assert.equal((await fetch(`/${fileOf(device)}`, { method: 'HEAD', from: '127.0.0.9' })).status, 200);
    assert.equal((await reread(context, device)).windowClaimedBy, null);
    const url = nextUrl(await fetch(`/${fileOf(device)}`), device);
    assert.equal((await reread(context, device)).windowClaimedBy, '127.0.0.1/32');
    await fetch(url, { method: 'HEAD' });
    assert.equal((await reread(context, device)).firstSyncedAt, null);
  });
});
