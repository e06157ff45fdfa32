/**
 * What an operator took away is cleared on the phone, in the words of its family; where what is
 * absent stays.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { vendorOf } from '../../../src/vendors/index.js';
import { aFullView } from './views.js';

/**
 * Of each family and kind of format: a model, a parameter of its own, and the line that clears it.
 */
const CLEARED: readonly [VendorId, string, string, string][] = [
  ['yealink', 'T46U', 'features.dnd_mode', 'features.dnd_mode = %NULL%'],
  ['snom', 'D785', 'ringer_animation', '<ringer_animation perm="R"></ringer_animation>'],
  ['snom', 'M700', 'repeater_legacy_support', '<repeater_legacy_support></repeater_legacy_support>'],
  ['panasonic', 'KX-HDV130', 'LDAP_SERVER', 'LDAP_SERVER=""'],
  ['poly', 'VVX450', 'call.rejectBusyOnDnd', 'call.rejectBusyOnDnd=""'],
  ['grandstream', 'GRP2614', 'P1345', '<P1345></P1345>'],
  ['fanvil', 'X4U', 'net/MTU', '<MTU></MTU>'],
  ['cisco', 'SPA122', 'GPP_A', '<GPP_A></GPP_A>'],
  ['gigaset', 'N510', 'BS_AE_SwConfig.ucX', 'ID="BS_AE_SwConfig.ucX" class="symb_item" value=\'0x0\''],
  ['gigaset', 'N670', 'DmGlobal.0.X', '<param name="DmGlobal.0.X" value=""/>'],
];

for (const [id, model, name, line] of CLEARED) {
  test(`${id} ${model} clears a free parameter that is set no more, and sets one that is`, () => {
    const vendor = vendorOf(id)!;
    const body = (raw: Record<string, string>): string =>
      vendor.renderFull(aFullView({ model, raw: new Map(Object.entries(raw)), rawNames: [name] })).body;
    assert.equal(vendor.rawFault(name, model), null);
    assert.ok(
      body({}).includes(line),
      body({})
        .split('\n')
        .find((one) => one.includes(name)) ?? 'absent',
    );
    const set = body({ [name]: 'free-value' });
    assert.ok(set.includes('free-value') && !set.includes(line));
  });
}
