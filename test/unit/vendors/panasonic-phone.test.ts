/** How a simulated Panasonic takes its configurations. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { panasonic as simulated } from '../../../softphone/families/panasonic.js';
import { parseMac } from '../../../src/domain/mac.js';
import { panasonic } from '../../../src/vendors/panasonic/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

describe('A simulated Panasonic', () => {
  test('shows the text, and has its lines once it has proved itself', async () => {
    const common = panasonic.renderCommon!(
      { name: 'KX-HDV130.cfg', query: new URLSearchParams() },
      'https://prov.example',
    );
    const base = 'https://prov.example/';
    const served = new Map([
      ['KX-HDV130.cfg', common.body],
      [`${base}ConfigBCC342AABBCC.cfg`, panasonic.renderMinimal(aMinimalView()).body],
    ]);
    const asked: string[] = [];
    const phone = {
      macHex: 'bcc342aabbcc',
      model: 'KX-HDV130',
      settings: new Map<string, string>(),
      fetch: (name: string) => {
        asked.push(name);
        return Promise.resolve(served.get(name) ?? null);
      },
    };
    assert.equal(await simulated.provision(phone), true);
    assert.deepEqual(asked, [...served.keys()]);
    const waiting = simulated.setup(phone.settings);
    assert.equal(waiting.display, 'Authentication needed');
    assert.deepEqual(
      waiting.accounts.map(({ user, transport, port }) => [user, transport, port]),
      [['bootstrap', 'udp', 5060]],
    );
    assert.equal(waiting.provisioningUrl, `${base}bootstraptoken/`);
    assert.equal(waiting.refreshSeconds, 60);
    assert.equal(waiting.warmLine, '*89');

    served.set(
      `${base}bootstraptoken/ConfigBCC342AABBCC.cfg`,
      panasonic.renderFull(aFullView({ lines: someLines(3) })).body,
    );
    assert.equal(await simulated.provision(phone), true);
    const proved = simulated.setup(phone.settings);
    assert.deepEqual(
      proved.accounts.map(({ user, password }) => [user, password]),
      [
        ['user-0-secretish', 'pass-0-secretish'],
        ['user-1-secretish', 'pass-1-secretish'],
        ['user-2-secretish', 'pass-2-secretish'],
      ],
    );
    assert.equal(proved.provisioningUrl, `${base}proventoken/`);
    assert.equal(proved.warmLine, null);
    assert.equal(await simulated.provision(phone), false, 'there is nothing below the token');
  });

  test('is recognised by what it says it is', () => {
    const userAgent = simulated.userAgent('KX-HDV130', 'bcc342aabbcc');
    const facts = { model: 'KX-HDV130', firmware: '08.000', mac: parseMac('bcc342aabbcc') };
    assert.deepEqual(panasonic.recogniseUserAgent(userAgent), facts);
  });
});
