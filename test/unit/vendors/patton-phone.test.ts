/**
 * The simulated Patton SmartNode: it understands what we write, and a configuration replaces the
 * one before.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { patton as phone } from '../../../softphone/families/patton.js';
import type { PhoneSetup, Settings } from '../../../softphone/phone-setup.js';
import { patton } from '../../../src/vendors/patton/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

describe('A simulated SmartNode', () => {
  const provision = async (
    body: string | null,
    settings: Settings,
  ): Promise<{ asked: string[]; setup: PhoneSetup }> => {
    const asked: string[] = [];
    const fetch = async (name: string): Promise<string | null> => {
      asked.push(name);
      return body;
    };
    const had = await phone.provision({ macHex: '00a0ba08933c', model: 'SN4112', settings, fetch });
    assert.equal(had, body !== null);
    return { asked, setup: phone.setup(settings) };
  };

  test('waits with a warm line, has its lines, and loses them again', async () => {
    const settings: Settings = new Map();
    const minimal = patton.renderMinimal(aMinimalView()).body;
    const first = await provision(minimal, settings);
    assert.deepEqual(first.asked, ['00a0ba08933c.cfg']);
    assert.deepEqual(first.setup, {
      display: '',
      accounts: [
        {
          label: '',
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

    const second = await provision(patton.renderFull(aFullView({ lines: someLines(2) })).body, settings);
    assert.deepEqual(second.asked, ['https://prov.example/bootstraptoken/00a0ba08933c.cfg']);
    assert.deepEqual(
      second.setup.accounts.map(({ user, authUser, password, port, transport }) => [
        user,
        authUser,
        password,
        port,
        transport,
      ]),
      [
        ['user-0-secretish', 'auth-0-secretish', 'pass-0-secretish', 5070, 'udp'],
        ['user-1-secretish', 'auth-1-secretish', 'pass-1-secretish', 5071, 'tcp'],
      ],
    );
    assert.equal(second.setup.warmLine, null);

    const third = await provision(minimal, settings);
    assert.deepEqual(third.setup, first.setup);
    assert.doesNotMatch([...settings.keys()].join('\n'), /secretish|proventoken|menu-full/);
  });

  test('keeps what it has when the server has nothing', async () => {
    const settings: Settings = new Map();
    await provision(patton.renderMinimal(aMinimalView()).body, settings);
    const before = new Map(settings);
    await provision(null, settings);
    assert.deepEqual(settings, before);
  });
});
