/** The simulated Cisco ATA: it finds its configuration and understands what we write. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cisco as phone } from '../../../softphone/families/cisco.js';
import type { Settings } from '../../../softphone/phone-setup.js';
import { cisco } from '../../../src/vendors/cisco/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

describe('A simulated Cisco ATA', () => {
  /** Serves what the names say; answers the phone's settings and what it asked for. */
  const provision = async (files: Record<string, string>, settings: Settings = new Map()) => {
    const asked: string[] = [];
    const had = await phone.provision({
      macHex: '000e08012345',
      model: 'SPA112',
      settings,
      fetch: async (name) => {
        asked.push(name);
        return files[name] ?? null;
      },
    });
    return { had, asked, settings };
  };

  test('finds its configuration by the file of its model, in one resync', async () => {
    const common = cisco.renderCommon!(
      { name: 'spa112.cfg', query: new URLSearchParams() },
      'https://prov.example',
    );
    const { had, asked, settings } = await provision({
      'spa112.cfg': common.body,
      'https://prov.example/000e08012345.xml': cisco.renderMinimal(aMinimalView()).body,
    });
    assert.ok(had);
    assert.deepEqual(asked, ['spa112.cfg', 'https://prov.example/000e08012345.xml']);
    assert.deepEqual(phone.setup(settings), {
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
      warmLine: '*89',
    });
  });

  test('has its lines when it has proved itself, and loses them again', async () => {
    const minimal = cisco.renderMinimal(aMinimalView()).body;
    const full = cisco.renderFull(aFullView({ lines: someLines(2) })).body;
    const { settings } = await provision({ '000e08012345.xml': minimal });
    const first = await provision({ 'https://prov.example/bootstraptoken/000e08012345.xml': full }, settings);
    assert.deepEqual(first.asked, ['https://prov.example/bootstraptoken/000e08012345.xml']);
    const setup = phone.setup(settings);
    assert.deepEqual(
      setup.accounts.map(({ user, authUser }) => [user, authUser]),
      [
        ['user-0-secretish', 'auth-0-secretish'],
        ['user-1-secretish', 'auth-1-secretish'],
      ],
    );
    assert.equal(setup.warmLine, null);
    await provision({ 'https://prov.example/proventoken/000e08012345.xml': minimal }, settings);
    assert.deepEqual(
      phone.setup(settings).accounts.map(({ user }) => user),
      ['bootstrap'],
    );
  });
});
