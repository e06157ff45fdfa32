/**
 * The minimal configuration where phones are told to use TLS: those that do not speak it must reach
 * the service all the same.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { vendorOf } from '../../../src/vendors/index.js';
import { aMinimalView } from './views.js';

const account = { ...aMinimalView().account, transport: 'tls', port: 5061, plainPort: 5070 } as const;
const minimal = (id: VendorId, model: string): string =>
  vendorOf(id)!.renderMinimal(aMinimalView({ model, account })).body;

test('phones that do not speak TLS are told of the plain port, the others of that of TLS', () => {
  for (const [id, model, ...said] of [
    ['yealink', 'T46U', 'account.1.sip_server.1.port = 5061', 'account.1.sip_server.1.transport_type = 2'],
    ['yealink', 'W70B', 'template.1.sip_server.1.port = 5061', 'template.1.sip_server.1.transport_type = 2'],
    ['snom', 'D785', 'sip.example:5061;transport=tls'],
    ['snom', 'M700', '<srv_sip_transport idx="1">tls<'],
    ['poly', 'VVX450', 'reg.1.server.1.port="5061"', 'reg.1.server.1.transport="TLS"'],
    ['cisco', 'ATA191', '<Proxy_1_>sip.example:5061<', '<SIP_Transport_2_>TLS<'],
    ['cisco', 'PAP2T', '<Proxy_1_>sip.example:5070<', '<SIP_Transport_2_>UDP<'],
    ['cisco', 'SPA2102', '<Proxy_2_>sip.example:5070<', '<SIP_Transport_1_>UDP<'],
    ['patton', 'SN4112', 'remote sip.example 5070', 'preferred-transport-protocol udp'],
    ['panasonic', 'KX-HDV130', 'SIP_RGSTR_PORT_1="5061"', 'SIP_TRANSPORT_1="2"'],
    ['panasonic', 'KX-UT113', 'SIP_RGSTR_PORT_1="5070"', 'SIP_TRANSPORT_1="0"'],
    ['panasonic', 'KX-TGP550', 'SIP_RGSTR_PORT_1="5070"', 'SIP_TRANSPORT_1="0"'],
    ['gigaset', 'N510', `SIP_REGISTRAR_PORT" class="symb_item" value='0x13ce'`],
    ['gigaset', 'N720', `uiSIP_REGISTRAR_PORT" class="symb_item" value='0x13ce'`],
    ['gigaset', 'N870', 'SipProvider.0.RegServerPort" value="5061"', 'TransportProtocol" value="3"'],
    ['grandstream', 'GRP2614', '<P47>sip.example:5061<', '<P130>2<'],
    ['fanvil', 'X4U', '<RegisterPort>5061<', '<Transport>3<'],
  ] as const) {
    const document = minimal(id, model);
    for (const text of said) assert.ok(document.includes(text), `${id} ${model}: ${text}`);
  }
});
