/** A simulated Grandstream phone, given our documents. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grandstream as simulated } from '../../../softphone/families/grandstream.js';
import type { PhoneSetup } from '../../../softphone/phone-setup.js';
import { parseMac } from '../../../src/domain/mac.js';
import { grandstream } from '../../../src/vendors/grandstream/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

const MAC = parseMac('c074ad0b63ee')!;

describe('a simulated Grandstream phone', () => {
  const macHex = 'c074ad0b63ee';

  /** What it asked for and what it then is, given one document after the other. */
  async function setUp(...documents: { body: string }[]): Promise<{ asked: string[]; setup: PhoneSetup }> {
    const settings = new Map<string, string>();
    const asked: string[] = [];
    for (const { body } of documents) {
      const fetch = (name: string): Promise<string | null> => {
        asked.push(name);
        return Promise.resolve(name === 'cfgc074ad0b63ee.xml' ? body : null);
      };
      assert.equal(await simulated.provision({ macHex, model: 'GRP2614', settings, fetch }), true);
    }
    return { asked, setup: simulated.setup(settings) };
  }
  const view = { mac: MAC, model: 'GRP2614' };

  test('shows the text and dials the service after a while', async () => {
    const minimal = aMinimalView({ ...view, displayText: 'Authentication failed' });
    const { asked, setup } = await setUp(grandstream.renderMinimal(minimal));
    assert.deepEqual(asked, ['cfgc074ad0b63ee', 'cfgc074ad0b63ee.xml']);
    assert.equal(setup.display, 'Authentication failed');
    assert.equal(setup.warmLine, '*89');
    assert.equal(setup.refreshSeconds, 3600);
    assert.equal(setup.provisioningUrl, 'https://prov.example/bootstraptoken');
    assert.deepEqual(setup.accounts, [
      {
        label: 'Authentication failed',
        user: 'bootstrap',
        authUser: 'bootstrap',
        password: 'bootstrap-pass',
        host: 'sip.example',
        port: 5060,
        transport: 'udp',
      },
    ]);
  });

  test('has its lines, and loses them again', async () => {
    const full = grandstream.renderFull(aFullView({ ...view, lines: someLines(6) }));
    const { setup } = await setUp(grandstream.renderMinimal(aMinimalView(view)), full);
    assert.equal(setup.accounts.length, 6);
    assert.equal(setup.accounts[5]?.user, 'user-5-secretish');
    assert.equal(setup.warmLine, null);
    const fallen = await setUp(full, grandstream.renderMinimal(aMinimalView(view)));
    assert.equal(fallen.setup.accounts.length, 1);
  });

  test('refuses a file for another MAC', async () => {
    await assert.rejects(setUp(grandstream.renderMinimal(aMinimalView())), /another phone/);
  });
});
