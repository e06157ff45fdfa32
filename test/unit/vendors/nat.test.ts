/**
 * What keeps a phone behind a NAT reachable: answers to the port that they are asked from (RFC
 * 3581), and a sign of life now and then.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { vendorOf } from '../../../src/vendors/index.js';
import { aFullView, aLine, aMinimalView } from './views.js';

test('both configurations keep the way through a NAT open, in each family’s own words', () => {
  for (const [vendor, model, ...said] of [
    ['yealink', 'T46U', 'account.1.nat.rport = 1', 'account.1.nat.udp_update_time = 25'],
    ['yealink', 'W70B', 'account.1.nat.rport = 1', 'account.1.nat.udp_update_enable = 1'],
    ['snom', 'D785', '<keepalive_interval idx="1" perm="R">25<'],
    ['snom', 'M700', '<keepalive_interval idx="1">on<'],
    ['poly', 'VVX450', 'nat.keepalive.interval="25"'],
    ['cisco', 'ATA191', '<NAT_Keep_Alive_Enable_1_>Yes<', '<Handle_VIA_rport>Yes<'],
    ['cisco', 'PAP2T', '<NAT_Keep_Alive_Enable_2_>Yes<', '<NAT_Keep_Alive_Intvl>25<'],
    ['patton', 'SN4112', 'nat-traversal keep-alive'],
    ['grandstream', 'GRP2614', '<P52>2<'],
    ['grandstream', 'HT802', '<P52>2<'],
    ['fanvil', 'X4U', '<EnableRport>1<', '<NATUDPUpdate>2<', '<UDPUpdateTTL>25<'],
    ['panasonic', 'KX-HDV130', 'SIP_ADD_RPORT_1="Y"', 'PORT_PUNCH_INTVL_1="25"'],
    ['panasonic', 'KX-TGP550', 'SIP_ADD_RPORT_1="Y"', 'PORT_PUNCH_INTVL_1="25"'],
  ] as readonly (readonly [VendorId, string, ...string[]])[]) {
    const family = vendorOf(vendor)!;
    const lines = [aLine({ transport: 'udp' })];
    const documents = [
      family.renderMinimal(aMinimalView({ model })),
      family.renderFull(aFullView({ model, lines })),
    ];
    for (const { body } of documents) {
      const plain = body.replaceAll('\n', '');
      for (const text of said) assert.ok(plain.includes(text), `${vendor} ${model}: ${text}`);
    }
  }
});
