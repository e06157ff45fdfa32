/** How a simulated Poly takes its configurations. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { poly as simulated } from '../../../softphone/families/poly.js';
import { parseMac } from '../../../src/domain/mac.js';
import { poly } from '../../../src/vendors/poly/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

const MAC = parseMac('64167f000001')!;

describe('A simulated Poly', () => {
  const query = new URLSearchParams();
  const own = ['64167f000001.cfg', poly.renderBoot!(MAC).body] as const;
  const common = [
    '000000000000.cfg',
    poly.renderCommon!({ name: '000000000000.cfg', query }, 'https://prov.example').body,
  ] as const;
  const files = (configuration: { body: string }, master: readonly [string, string]): Map<string, string> =>
    new Map([master, ['64167f000001-reg.cfg', configuration.body]]);
  const phoneWith = (served: { current: Map<string, string> }) => ({
    macHex: '64167f000001',
    model: 'VVX450',
    settings: new Map<string, string>(),
    fetch: (name: string) => Promise.resolve(served.current.get(name) ?? null),
  });

  test('shows the text, and has its lines once it has proved itself', async () => {
    const served = { current: files(poly.renderMinimal(aMinimalView()), common) };
    const phone = phoneWith(served);
    assert.equal(await simulated.provision(phone), true);
    const waiting = simulated.setup(phone.settings);
    assert.equal(waiting.display, 'Authentication needed');
    assert.deepEqual(
      waiting.accounts.map(({ user, transport, port }) => [user, transport, port]),
      [['bootstrap', 'udp', 5060]],
    );
    assert.equal(waiting.provisioningUrl, 'https://prov.example/bootstraptoken/');
    assert.equal(waiting.refreshSeconds, 3601);
    assert.equal(waiting.warmLine, null);

    served.current = files(poly.renderFull(aFullView({ lines: someLines(3) })), own);
    assert.equal(await simulated.provision(phone), true);
    const proved = simulated.setup(phone.settings);
    assert.deepEqual(
      proved.accounts.map(({ user }) => user),
      ['user-0-secretish', 'user-1-secretish', 'user-2-secretish'],
    );
    assert.equal(proved.provisioningUrl, 'https://prov.example/proventoken/');

    served.current = files(poly.renderMinimal(aMinimalView({ displayText: 'Authentication failed' })), own);
    await simulated.provision(phone);
    assert.equal(simulated.setup(phone.settings).accounts.length, 1);
    assert.equal(simulated.setup(phone.settings).display, 'Authentication failed');
    served.current = new Map();
    assert.equal(await simulated.provision(phone), false);
  });

  test('is recognised by what it says it is', () => {
    const facts = poly.recogniseUserAgent(simulated.userAgent('VVX450', '64167f000001'));
    assert.deepEqual(facts, { model: 'VVX450', firmware: '6.4.3.5059', mac: MAC });
  });
});
