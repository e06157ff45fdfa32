/** Free parameters (`settings.raw`) of all families: none of them reaches what the gate owns, however its name is spelled. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { vendorOf } from '../../../src/vendors/index.js';

interface Names {
  /** Free on any model: what there is no setting for. */
  free: readonly string[];
  /** Ours in other cases, with other numbers, in other sections, or on other models. */
  kept: readonly string[];
  /** A small model, of which the largest would have more. */
  small: string;
}

const NAMES: Record<VendorId, Names> = {
  yealink: {
    free: ['features.dnd.allow', 'account.1.missed_calllog', 'static.network.vlan.internet_port_vid'],
    kept: [
      'auto_provision.server.url',
      'STATIC.auto_provision.server.URL',
      'account.01.password',
      'account.999.sip_server.2.address',
      'expansion_module.9.key.80.type',
      'static.zero_touch.enable',
      'static.managementserver.url',
      'dm.enable',
    ],
    small: 'T19P_E2',
  },
  cisco: {
    free: ['GPP_A', 'Hook_Flash_Timer_Min', 'Interdigit_Long_Timer'],
    kept: [
      'PROFILE_RULE_D',
      'Profile_Rule_E',
      'password_2_',
      'auth_resync-reboot_1_',
      'Router-Configuration',
      'DHCPv6_Option_To_Use',
      'TR-069',
    ],
    small: 'SPA1001',
  },
  patton: {
    free: ['dns-client server', 'no snmp', 'system hostname'],
    kept: ['adm', 'superuser eve', 'no no administrator', 'prof', 'contex', 'auth', 'rel', 'exi'],
    small: 'SN4112',
  },
  snom: {
    free: ['ringer_animation', 'user_ringer[2]', 'action_setup_url'],
    kept: [
      'SETTING_SERVER',
      'setting_server[1]',
      'user_pass[99]',
      'subscr_sip_hs_idx[3]',
      'firmware_status',
      'functionKeys',
    ],
    small: 'D120',
  },
  poly: {
    free: ['up.headsetMode', 'reg.1.callsPerLineKey', 'device.sec.TLS.customCaCert1'],
    kept: [
      'DEVICE.prov.serverName',
      'device.prov.redunAttemptLimit',
      'reg.17.address',
      'REG.01.auth.password',
      'reg.1.server.4.address',
      'call.autoOffHook.20.contact',
      'dialplan.routing.emergency.1.server.1',
      'prov.quickSetup.enabled',
      'httpd.ta.enabled',
    ],
    small: 'VVX101',
  },
  panasonic: {
    free: ['LDAP_ENABLE', 'DIAL_TONE2_FRQ', 'NUM_PLAN_PICKUP_DIRECT'],
    kept: [
      'SIP_PASS_17',
      'EMERGENCY_CALL9',
      'HOTLINE_NUMBER_1',
      'DIAL_PLAN',
      'LINE_ID_1',
      'OUTGOING_CALL_LINE_HS1',
      'CFG_CONFIGDATA_FILE_PATH',
      'OPTION43_ENABLE',
      'ACS_URL',
    ],
    small: 'KX-HDV100',
  },
  gigaset: {
    free: ['Telephony.0.AreaCode', 'SystemSettings.global.Syslog'],
    kept: [
      'provisioning.GLOBAL.provisioningserver',
      'Provisioning.global.sub.ProvisioningServer',
      'SipAccount.1.AuthPassword',
      'SipProvider.99.Domain',
      'WebUIAccounts.1.Username',
    ],
    small: 'N610',
  },
  grandstream: {
    free: ['P1345', 'P51', 'P78'],
    kept: ['P237', 'P601', 'P50606', 'P22296', 'P8459', 'P1801'],
    small: 'GRP2601',
  },
  fanvil: {
    free: ['phone/softkey/DesktopSoftkey', 'sip/line[1]/PickupNum', 'net/vlan/WanVlan'],
    kept: [
      'AP[1]/flashserverip',
      'ap/SomethingNew',
      'sysConf/ap/FlashServerIP',
      'SIP_CONFIG_MODULE/SIP1_Register_User',
      'AUTOUPDATE_CONFIG_MODULE/Auto_Server_Url',
      'tr069/ACSServerURL',
      'sip/line[99]/RegisterPswd/x',
      'web/account[3]/Password',
    ],
    small: 'X1S',
  },
};

describe('free parameters', () => {
  for (const [id, { free, kept, small }] of Object.entries(NAMES) as [VendorId, Names][]) {
    test(`of ${id} leave alone what Dialgate sets, on the smallest model and on any`, () => {
      for (const model of [null, small]) {
        for (const name of free) assert.equal(vendorOf(id)?.rawFault(name, model), null, name);
        for (const name of kept) assert.notEqual(vendorOf(id)?.rawFault(name, model), null, name);
      }
    });
  }

  test('have names, and names alone', () => {
    for (const [id, { free }] of Object.entries(NAMES) as [VendorId, Names][]) {
      for (const name of [
        '',
        ' ',
        `${free[0]}\n`,
        `${free[0]} = x\ny`,
        `${free[0]}>`,
        `${free[0]}="x" ${free[0]}`,
        `${free[0]}\u0000`,
        `<${free[0]}`,
        '__proto__\u2028',
      ]) {
        assert.notEqual(vendorOf(id)?.rawFault(name, null), null, `${id} ${JSON.stringify(name)}`);
      }
    }
  });
});
