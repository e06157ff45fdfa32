/** A simulated Fanvil phone, given our documents. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fanvil as simulated } from '../../../softphone/families/fanvil.js';
import type { PhoneSetup } from '../../../softphone/phone-setup.js';
import { parseMac } from '../../../src/domain/mac.js';
import { fanvil } from '../../../src/vendors/fanvil/index.js';
import { aFullView, aMinimalView, someLines } from './views.js';

const macHex = '0c383e557eb1';
const view = { mac: parseMac(macHex)!, model: 'X4U' };

/** What it asked for and what it then is, given one document after the other. */
async function setUp(...documents: { body: string }[]): Promise<{ asked: string[]; setup: PhoneSetup }> {
  const settings = new Map<string, string>();
  const asked: string[] = [];
  for (const { body } of documents) {
    const fetch = (name: string): Promise<string | null> => {
      asked.push(name);
      return Promise.resolve(name === `${macHex}.cfg` ? body : null);
    };
    assert.equal(await simulated.provision({ macHex, model: 'X4U', settings, fetch }), true);
  }
  return { asked, setup: simulated.setup(settings) };
}

describe('a simulated Fanvil phone', () => {
  test('shows the text and dials the service after a while', async () => {
    const minimal = aMinimalView({ ...view, displayText: 'Authentication failed' });
    const { asked, setup } = await setUp(fanvil.renderMinimal(minimal));
    assert.deepEqual(asked, ['F0V0X4U00000.cfg', '0c383e557eb1.cfg']);
    for (const name of asked)
      assert.notEqual(fanvil.recogniseFile({ name, query: new URLSearchParams() }), null);
    assert.deepEqual(setup, {
      display: 'Authentication failed',
      accounts: [
        {
          label: 'Authentication failed',
          user: 'bootstrap',
          authUser: 'bootstrap',
          password: 'bootstrap-pass',
          host: 'sip.example',
          port: 5060,
          transport: 'udp',
        },
      ],
      provisioningUrl: 'https://prov.example/bootstraptoken',
      refreshSeconds: 3600,
      warmLine: '*89',
    });
  });

  test('has its lines, and loses them again', async () => {
    const minimal = fanvil.renderMinimal(aMinimalView(view));
    const full = fanvil.renderFull(aFullView({ ...view, lines: someLines(20) }));
    const { setup } = await setUp(minimal, full);
    assert.equal(setup.accounts.length, 12);
    assert.equal(setup.accounts[11]?.user, 'user-11-secretish');
    assert.equal(setup.warmLine, null);
    assert.deepEqual((await setUp(full, minimal)).setup, (await setUp(minimal)).setup);
  });
});
