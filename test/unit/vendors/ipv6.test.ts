/** Servers at IPv6 addresses, as each family is told of them and as its phones read it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readHostPort } from '../../../src/configuration/views.js';
import { vendorOf } from '../../../src/vendors/index.js';
import { RENDERED_MODELS, RenderedPhone } from './rendered-phone.js';
import { aFullView, aLine, aMinimalView } from './views.js';

const ADDRESS = '2001:db8::1';
const PROVISIONING = `https://[${ADDRESS}]:8443/token/`;
/** What follows an address without brackets in a URI cannot be told from it. */
const UNBRACKETED = /(?:@|sip:|\/\/)[0-9a-f]*:[0-9a-f:]*:/i;

describe('an IPv6 address', () => {
  for (const [vendor, model] of RENDERED_MODELS) {
    test(`is understood by ${vendor} ${model}, as the service’s, a line’s and a proxy’s`, async () => {
      for (const written of [ADDRESS, `[${ADDRESS}]`]) {
        const account = { ...aMinimalView().account, host: written, port: 5070, plainPort: 5070 };
        const waiting = await new RenderedPhone(vendor, model).minimal({
          account,
          provisioningUrl: PROVISIONING,
        });
        const [own] = waiting.accounts;
        assert.deepEqual([own?.host, own?.port], [ADDRESS, 5070], written);
        assert.equal(waiting.provisioningUrl?.replace(/\/*$/, '/'), PROVISIONING);

        const registrar = { host: written, port: 5070 };
        const line = aLine({ ...registrar, transport: 'udp', outboundProxy: null });
        const [first] = (await new RenderedPhone(vendor, model).full({ lines: [line] })).accounts;
        assert.deepEqual([first?.host, first?.port], [ADDRESS, 5070], written);

        const family = vendorOf(vendor)!;
        const proxied = { ...line, outboundProxy: { host: written, port: 5071 } };
        for (const { body } of [
          family.renderMinimal(aMinimalView({ model, account, provisioningUrl: PROVISIONING })),
          family.renderFull(aFullView({ model, lines: [proxied], provisioningUrl: PROVISIONING })),
        ])
          assert.doesNotMatch(body, UNBRACKETED);
      }
    });
  }

  test('stands in brackets in the URI of a Panasonic', () => {
    const { body } = vendorOf('panasonic')!.renderMinimal(
      aMinimalView({ account: { ...aMinimalView().account, host: '::1' } }),
    );
    assert.match(body, /^SIP_URI_1="sip:bootstrap@\[::1\]"\r$/m);
    assert.match(body, /^SIP_RGSTR_ADDR_1="::1"\r$/m);
  });

  test('is read out of a registrar with its port', () => {
    assert.deepEqual(readHostPort('[2001:db8::1]:5070'), { host: '[2001:db8::1]', port: 5070 });
    assert.deepEqual(readHostPort('[::1]'), { host: '[::1]', port: null });
  });
});
