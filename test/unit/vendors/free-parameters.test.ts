/**
 * Free parameters (`settings.raw`) of all families: none of them reaches what the gate owns,
 * however its name is spelled.
 */
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
    free: [
      'features.dnd.allow',
      'dialplan.block_out.number.1',
      'account.1.missed_calllog',
      'static.network.vlan.internet_port_vid',
    ],
    kept: [
      'auto_provision.server.url',
      'STATIC.auto_provision.server.URL',
      'account.01.password',
      'account.999.sip_server.2.address',
      'expansion_module.9.key.80.type',
      'static.zero_touch.enable',
      'static.managementserver.url',
      'dm.enable',
      'custom_mac_cfg.url',
      'static.custom_mac_cfg.url',
      'static.redirect.enable',
      'static.access_url',
      'static.configuration.url',
      'account.2.sip_server_host',
      'account.1.register_name',
      'account.1.outbound_proxy_fallback_interval',
      'dialplan.emergency.server.1.address',
      'hotdesking.dsskey_register_name_enable',
      'features.action_uri_limit_ip',
      'static.server_certificates.url',
    ],
    small: 'T19P_E2',
  },
  cisco: {
    free: [
      'GPP_A',
      'Proxy_Fallback_Intvl_1_',
      'Proxy_Redundancy_Method_1_',
      'Hook_Flash_Timer_Min',
      'Interdigit_Long_Timer',
    ],
    kept: [
      'PROFILE_RULE_D',
      'Profile_Rule_E',
      'password_2_',
      'auth_resync-reboot_1_',
      'Router-Configuration',
      'DHCPv6_Option_To_Use',
      'TR-069',
      'Proxy_01_',
      'PROXY_3_',
      'Proxy_24_',
      'Alternate_Proxy_1_',
      'Outbound_Proxy_002_',
      'GW1_Password_2_',
      'Gateway_1_',
      'VoIP_User_1_Password_2_',
      'IVR_Admin_Passwd',
      'Custom_CA_Rule',
      'Upgrade_Error_Retry_Delay',
      'Web_Remote_Management',
    ],
    small: 'SPA1001',
  },
  patton: {
    free: ['dns-client server', 'no snmp', 'system hostname'],
    kept: ['adm', 'superuser eve', 'no no administrator', 'prof', 'contex', 'auth', 'rel', 'exi'],
    small: 'SN4112',
  },
  snom: {
    free: [
      'ringer_animation',
      'user_ringer',
      'user_symmetrical_rtp[1]',
      'codec1_name[1]',
      'user_ringer[2]',
      'action_setup_url',
    ],
    kept: [
      'SETTING_SERVER',
      'setting_server[1]',
      'user_pass[99]',
      'subscr_sip_hs_idx[3]',
      'firmware_status',
      'functionKeys',
      'user_host1',
      'USER_HOST12',
      'user_pass_2',
      'user_failover_identity[1]',
      'setting_server2',
      'http_client_user',
      'http_client_pass',
      'update_server',
      'emergency_proxy',
      'challenge_response',
      'srv_sip_server_2',
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
      'CONFIG_FILES',
      'CONFIG_FILES_VVX450',
      'config_files',
      'APP_FILE_PATH',
      'OVERRIDES_DIRECTORY',
      'CALL_LISTS_DIRECTORY',
      'voIpProt.server.1.address',
      'voIpProt.SIP.outboundProxy.address',
      'reg.2.auth.domain',
      'reg.1.outboundProxy.failOver.failBack.mode',
      'upgrade.custom.server.url',
      'device.baseProfile',
      'device.loginCred.user',
      'dialplan.1.digitmap',
      'sec.TLS.profileSelection.provisioning',
    ],
    small: 'VVX101',
  },
  panasonic: {
    free: ['LDAP_ENABLE', 'DIAL_TONE2_FRQ', 'NUM_PLAN_PICKUP_DIRECT'],
    kept: [
      'SIP_PASS_17',
      'SIP_PASS_01',
      'SIP_PASS',
      'SIP_2NDPRSNC_ADDR_1',
      'HTTP_USER_AGENT',
      'FIRM_UPGRADE_RTRY',
      'PROVISION_RETRY',
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
    free: ['Telephony.0.AreaCode', 'SystemSettings.global.Syslog', 'SipAccount.00001.CallWaiting'],
    kept: [
      'provisioning.GLOBAL.provisioningserver',
      'Provisioning.global.sub.ProvisioningServer',
      'SipAccount.1.AuthPassword',
      'SipProvider.99.Domain',
      'WebUIAccounts.1.Username',
      'SipAccount.1.Password',
      'sipaccount.00001.username',
      'SipAccount.00002.LoginName',
      'SipAccount.1.sub.AuthPassword',
      'SipProvider.0.RegServerAddress2',
      'SipProvider.0.FailoverServerAddress',
      'Redirect.0.Server',
    ],
    small: 'N610',
  },
  grandstream: {
    free: ['P1345', 'P51', 'P78'],
    kept: ['P237', 'P601', 'P50606', 'P22296', 'P8459', 'P1801', 'P4503', 'P4505', 'P6769'],
    small: 'GRP2601',
  },
  fanvil: {
    free: [
      'phone/softkey/DesktopSoftkey',
      'sip/line[1]/ServerType',
      'sip/line[1]/PickupNum',
      'net/vlan/WanVlan',
    ],
    kept: [
      'AP[1]/flashserverip',
      'ap/SomethingNew',
      'sysConf/ap/FlashServerIP',
      'SIP_CONFIG_MODULE/SIP1_Register_User',
      'AUTOUPDATE_CONFIG_MODULE/Auto_Server_Url',
      'tr069/ACSServerURL',
      'sip/line[99]/RegisterPswd/x',
      'web/account[3]/Password',
      'web/account[3]/Other',
      'sip/line[1]/ServerAddress',
      'sip/line[2]/BackupPort',
      'sip/line[1]/AuthUser',
      'SIP/Line[1]/RegisterSomething',
      'cms/ServerAddr',
      'fdcms/Url',
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
