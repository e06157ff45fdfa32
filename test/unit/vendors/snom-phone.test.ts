/**
 * The simulated snom: it finds its configuration in the vendor's order and understands what we
 * write.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { snom as phone } from '../../../softphone/families/snom.js';
import type { Settings } from '../../../softphone/phone-setup.js';
import { snom } from '../../../src/vendors/snom/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

/** Serves what the names say; answers the phone's settings and what it asked for. */
const provision = async (files: Record<string, string>, model: string, settings: Settings = new Map()) => {
  const asked: string[] = [];
  const had = await phone.provision({
    macHex: '000413aabbcc',
    model,
    settings,
    fetch: (name) => {
      asked.push(name);
      return Promise.resolve(files[name] ?? null);
    },
  });
  return { had, asked, settings };
};

const users = (settings: Settings): string[] => phone.setup(settings).accounts.map(({ user }) => user);

describe('A simulated snom', () => {
  const minimal = snom.renderMinimal(aMinimalView({ model: 'D785' })).body;
  const full = snom.renderFull(aFullView({ model: 'D785', lines: someLines(3) })).body;

  test('asks for three files below a directory, and thereafter where it is told', async () => {
    const first = await provision({ 'snomD785-000413AABBCC.htm': minimal }, 'D785');
    assert.ok(first.had);
    assert.deepEqual(first.asked, ['snomD785.htm', 'snomD785-000413AABBCC.htm', 'snomD785-firmware.htm']);
    assert.deepEqual(phone.setup(first.settings), {
      display: 'Authentication needed',
      accounts: [
        {
          label: 'Authentication needed',
          user: 'bootstrap',
          authUser: 'bootstrap',
          password: 'bootstrap-pass',
          host: 'sip.example',
          port: 5060,
          transport: 'udp',
        },
      ],
      provisioningUrl: 'https://prov.example/bootstraptoken/',
      refreshSeconds: 60,
      warmLine: null,
    });
    const second = await provision({ '000413AABBCC.xml': full }, 'D785', first.settings);
    assert.deepEqual(second.asked, ['000413AABBCC.xml', 'snomD785-firmware.htm']);
    assert.deepEqual(users(second.settings), ['user-0-secretish', 'user-1-secretish', 'user-2-secretish']);
    await provision({ '000413AABBCC.xml': minimal }, 'D785', second.settings);
    assert.deepEqual(users(second.settings), ['bootstrap']);
  });

  test('asks every name in its order of a family that knows them all', async () => {
    const { asked } = await provision({}, 'D785');
    const kinds = asked.map(
      (name) => snom.recogniseFile({ name, query: new URLSearchParams() })?.kind ?? 'nothing',
    );
    assert.deepEqual(kinds, ['absent', 'device', 'absent']);
  });

  test('goes through a list of files in its order', async () => {
    const list =
      '<setting-files><file url="https://prov.example/general.xml"/><file url="https://prov.example/{mac}.xml"/></setting-files>';
    const { asked, settings } = await provision(
      {
        'snomD785-000413AABBCC.htm': list,
        'https://prov.example/general.xml': full,
        'https://prov.example/000413AABBCC.xml': minimal,
      },
      'D785',
    );
    assert.deepEqual(asked.slice(2, 4), [
      'https://prov.example/general.xml',
      'https://prov.example/000413AABBCC.xml',
    ]);
    assert.deepEqual(users(settings), ['bootstrap'], 'what comes later wins');
  });

  test('does not follow lists in circles', async () => {
    const list = '<setting-files><file url="snomD785.htm"/></setting-files>';
    const { had } = await provision({ 'snomD785.htm': list }, 'D785');
    assert.equal(had, false);
  });

  test('that is a base shares the account among its handsets', async () => {
    const model = 'M300';
    const file = snom.renderMinimal(aMinimalView({ model })).body;
    const { settings } = await provision({ 'snomM300-000413AABBCC.htm': file }, model);
    const setup = phone.setup(settings);
    assert.equal(setup.display, 'Auth needed');
    assert.equal(setup.refreshSeconds, 60);
    assert.equal(setup.accounts.length, 20);
    assert.deepEqual(
      setup.accounts.map(({ user, host, port, transport }) => ({ user, host, port, transport }))[19],
      { user: 'bootstrap', host: 'sip.example', port: 5060, transport: 'udp' },
    );
    assert.equal(snom.recogniseUserAgent(phone.userAgent(model, '000413aabbcc'))?.model, model);
  });
});
