/**
 * The simulated Yealink: it finds its configuration in the vendor's order and understands what we
 * write.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { yealink as phone } from '../../../softphone/families/yealink.js';
import type { Settings } from '../../../softphone/phone-setup.js';
import { parseMac } from '../../../src/domain/mac.js';
import { yealink } from '../../../src/vendors/yealink/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

const MAC_HEX = '805ec0112233';

/** Serves what the names say; answers the phone's settings and what it asked for. */
const provision = async (files: Record<string, string>, model: string, settings: Settings = new Map()) => {
  const asked: string[] = [];
  const had = await phone.provision({
    macHex: MAC_HEX,
    model,
    settings,
    fetch: (name) => {
      asked.push(name);
      return Promise.resolve(files[name] ?? null);
    },
  });
  return { had, asked, settings };
};

describe('A simulated Yealink', () => {
  test('is led from its boot file to its configuration', async () => {
    const { had, asked, settings } = await provision(
      {
        [`${MAC_HEX}.boot`]: yealink.renderBoot!(parseMac(MAC_HEX)!).body,
        [`${MAC_HEX}.cfg`]: yealink.renderMinimal(aMinimalView({ model: 'T46U' })).body,
      },
      'T46U',
    );
    assert.ok(had);
    assert.deepEqual(asked, [`${MAC_HEX}.boot`, `${MAC_HEX}.cfg`]);
    const setup = phone.setup(settings);
    assert.equal(setup.display, 'Authentication needed');
    assert.equal(setup.provisioningUrl, 'https://prov.example/bootstraptoken/');
    assert.equal(setup.refreshSeconds, 60);
    assert.equal(setup.warmLine, '*89');
  });

  test('without a boot file asks for the file of its model first', async () => {
    const { had, asked } = await provision({}, 'T54W');
    assert.equal(had, false);
    assert.deepEqual(asked, [`${MAC_HEX}.boot`, 'y000000000000.boot', 'y000000000096.cfg', `${MAC_HEX}.cfg`]);
  });

  test('has its lines when it has proved itself, and loses them again, without a boot file too', async () => {
    const minimal = { [`${MAC_HEX}.cfg`]: yealink.renderMinimal(aMinimalView()).body };
    const full = { [`${MAC_HEX}.cfg`]: yealink.renderFull(aFullView({ lines: someLines(3) })).body };
    const { settings } = await provision(minimal, 'T46U');
    await provision(full, 'T46U', settings);
    const { accounts, warmLine } = phone.setup(settings);
    assert.deepEqual(
      accounts.map(({ user }) => user),
      ['user-0-secretish', 'user-1-secretish', 'user-2-secretish'],
    );
    assert.equal(warmLine, null);
    await provision(minimal, 'T46U', settings);
    assert.deepEqual(
      phone.setup(settings).accounts.map(({ user }) => user),
      ['bootstrap'],
    );
  });

  test('that is a base shows the short text on its handsets and has its server from a template', async () => {
    const model = 'W70B';
    const { settings } = await provision(
      { [`${MAC_HEX}.cfg`]: yealink.renderMinimal(aMinimalView({ model })).body },
      model,
    );
    settings.delete('account.1.sip_server.1.address');
    const setup = phone.setup(settings);
    assert.equal(setup.display, 'Auth needed');
    assert.deepEqual(
      setup.accounts.map(({ user, host, port }) => ({ user, host, port })),
      [{ user: 'bootstrap', host: 'sip.example', port: 5060 }],
    );
    assert.equal(yealink.recogniseUserAgent(phone.userAgent(model, MAC_HEX))?.model, model);
  });
});
