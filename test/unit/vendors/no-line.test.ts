/** What a phone is given that has proved itself and has no line. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NO_LINE_TEXT } from '../../../src/domain/display.js';
import type { ServiceView } from '../../../src/vendors/vendor.js';
import { RENDERED_MODELS, RenderedPhone } from './rendered-phone.js';
import { aLine, aMinimalView } from './views.js';

const { account, serviceNumber } = aMinimalView();
const service: ServiceView = { displayText: NO_LINE_TEXT, serviceNumber, account };
const noLine = { lines: [], service };

describe('a phone without lines', () => {
  for (const [vendor, model] of RENDERED_MODELS) {
    test(`${vendor} ${model} keeps the account that calls for help, and says that it has no line`, async () => {
      const phone = new RenderedPhone(vendor, model);
      const waiting = await phone.minimal();
      const without = await phone.full(noLine);
      assert.deepEqual(
        without.accounts.map((one) => ({ ...one, label: '' })),
        waiting.accounts.map((one) => ({ ...one, label: '' })),
        'at every handset and port that had it before',
      );
      assert.ok(without.accounts.length > 0);
      assert.equal(without.warmLine, null, 'it is not asked to authenticate any more');
      if (waiting.display !== '') assert.match(without.display, /^No line(?: assigned)?$/);

      const lines = [aLine({ transport: 'udp' })];
      const withLine = await phone.full({ lines });
      assert.deepEqual(
        withLine.accounts.map(({ user }) => user),
        ['k201a'],
        'nothing of it is left once it has a line',
      );
      assert.deepEqual(await phone.full(noLine), without);
    });
  }

  test('speaks the plain transport where it knows no other', async () => {
    const tls: ServiceView = {
      ...service,
      account: { ...account, transport: 'tls', port: 5061, plainPort: 5070 },
    };
    for (const [vendor, model] of RENDERED_MODELS) {
      const phone = new RenderedPhone(vendor, model);
      const waiting = await phone.minimal({ account: tls.account });
      const without = await phone.full({ lines: [], service: tls });
      const places = (setup: typeof waiting): unknown =>
        setup.accounts.map(({ host, port, transport }) => [host, port, transport]);
      assert.deepEqual(places(without), places(waiting), `${vendor} ${model}`);
    }
  });
});
