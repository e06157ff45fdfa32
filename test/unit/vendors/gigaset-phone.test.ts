/** Gigaset: what a base of each series makes of both configurations. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gigaset as softphone } from '../../../softphone/families/gigaset.js';
import type { PhoneSetup } from '../../../softphone/phone-setup.js';
import { parseMac } from '../../../src/domain/mac.js';
import { gigaset } from '../../../src/vendors/gigaset/index.js';
import type { RenderedDocument } from '../../../src/vendors/vendor.js';
import { aFullView, aMinimalView, someLines } from './views.js';

/** The softphone of this model, after it fetched these one after the other. */
async function play(
  model: string,
  ...documents: RenderedDocument[]
): Promise<{ setup: PhoneSetup; asked: string[] }> {
  const settings = new Map<string, string>();
  const asked: string[] = [];
  for (const document of documents) {
    const found = await softphone.provision({
      macHex: '805ec0112233',
      model,
      settings,
      fetch: (name) => {
        asked.push(name);
        const asFile = { name, query: new URLSearchParams() };
        const file = gigaset.recogniseFile(asFile);
        if (file?.kind === 'device') return Promise.resolve(document.body);
        return Promise.resolve(
          file?.kind === 'common' ? gigaset.renderCommon!(asFile, 'https://prov.example').body : null,
        );
      },
    });
    assert.ok(found);
  }
  return { setup: softphone.setup(settings), asked };
}

describe('the Gigaset softphone', () => {
  test('says who it is', () => {
    for (const model of ['N510', 'N720', 'N610']) {
      const facts = gigaset.recogniseUserAgent(softphone.userAgent(model, '7c2f8062a7b7'));
      assert.equal(facts?.model, model);
      assert.equal(facts.mac, parseMac('7c2f8062a7b7'));
    }
  });

  for (const model of ['N510', 'N720', 'N870']) {
    test(`make a handset of ${model} show the short text and reach the service, and then have its line`, async () => {
      const minimal = gigaset.renderMinimal(aMinimalView({ model, displayText: 'Authentication failed' }));
      const full = gigaset.renderFull(aFullView({ model, lines: someLines(3) }));
      const waiting = await play(model, minimal);
      assert.equal(waiting.setup.display, 'Auth failed');
      assert.equal(waiting.setup.provisioningUrl, 'https://prov.example/bootstraptoken/');
      assert.equal(waiting.setup.accounts.length, 1);
      const { user, password, host, port, transport } = waiting.setup.accounts[0]!;
      const { plainPort: _, ...given } = aMinimalView().account;
      assert.deepEqual({ user, password, host, port, transport }, given);
      assert.equal(waiting.asked.at(-1), model === 'N870' ? '805ec0112233.xml' : '805EC0112233.xml');
      assert.equal(waiting.setup.refreshSeconds, model === 'N510' ? 60 : null);

      const proved = await play(model, minimal, full);
      assert.deepEqual(
        proved.setup.accounts.map((account) => account.password),
        ['pass-0-secretish', 'pass-1-secretish', 'pass-2-secretish'],
      );
      assert.equal(proved.setup.provisioningUrl, 'https://prov.example/proventoken/');

      const back = await play(model, full, minimal);
      assert.deepEqual(new Set(back.setup.accounts.map((account) => account.user)), new Set(['bootstrap']));
      assert.equal(back.setup.accounts.length, model === 'N510' ? 1 : 3, 'each handset can call for help');
    });
  }

  test('sets nothing of a profile for another base', async () => {
    for (const model of ['N510', 'N720']) {
      const mac = parseMac('7c2f8062a7b7')!;
      const { setup } = await play(model, gigaset.renderMinimal(aMinimalView({ model, mac })));
      assert.deepEqual(setup.accounts, []);
      assert.equal(setup.provisioningUrl, null);
    }
  });

  test('of an N720 finds its configuration by the chain of files', async () => {
    const { asked } = await play('N720', gigaset.renderMinimal(aMinimalView({ model: 'N720' })));
    assert.deepEqual(
      asked,
      ['master', 'sifsroot', 'sih', 'sit', 'siu']
        .map((name) => `70/1/${name}.bin`)
        .concat('805EC0112233.xml'),
    );
  });
});
