/** Panasonic: what its configurations say. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { panasonic } from '../../../src/vendors/panasonic/index.js';
import type { FullView, KeyView, MinimalView } from '../../../src/vendors/vendor.js';
import { apply, type Phone, read } from './panasonic-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';

const minimal = (changes: Partial<MinimalView> = {}): Phone =>
  apply(panasonic.renderMinimal(aMinimalView(changes)));
const full = (changes: Partial<FullView> = {}): Phone => apply(panasonic.renderFull(aFullView(changes)));

/** The values of some parameters. */
const pick = (phone: Phone, ...names: string[]): (string | undefined)[] =>
  names.map((name) => phone.get(name));

describe('Panasonic configurations', () => {
  test('show the exact text, and a short one on handsets', () => {
    assert.equal(
      minimal({ displayText: 'Authorize provisioning!' }).get('DISPLAY_NAME_1'),
      'Authorize provisioning!',
    );
    assert.equal(minimal({ model: 'KX-TGP600' }).get('DISPLAY_NAME_1'), 'Auth needed');
    assert.equal(minimal().get('PHONE_NUMBER_1'), '*89');
  });

  test('give time to key an emergency number before the service is dialled', () => {
    const hotline = ['HOTLINE_ENABLE', 'HOTLINE_NUMBER', 'HOTLINE_TIM'];
    assert.deepEqual(pick(minimal(), ...hotline), ['Y', '*89', '3']);
    assert.deepEqual(pick(full(), ...hotline), ['N', '', '']);
    const phone = minimal({ model: 'KX-UT136' });
    assert.equal(phone.has('HOTLINE_ENABLE'), false);
    assert.deepEqual(
      pick(phone, 'FLEX_BUTTON_FACILITY_ACT2', 'FLEX_BUTTON_QUICK_DIAL2', 'FLEX_BUTTON_LABEL2'),
      ['X_PANASONIC_IPTEL_ONETOUCH', '*89', 'Auth *89'],
    );
    assert.deepEqual(pick(phone, 'DIAL_PLAN_1', 'DIAL_PLAN_NOT_MATCH_ENABLE_1'), ['*89|112|911', 'Y']);
    assert.deepEqual(pick(phone, 'EMERGENCY_CALL1', 'EMERGENCY_CALL2', 'EMERGENCY_CALL3'), [
      '112',
      '911',
      '',
    ]);
  });

  test('fetch every minute, or as often as they are told, where the token is and nothing else', () => {
    const interval = 'CFG_CYCLIC_INTVL';
    assert.deepEqual(pick(minimal(), 'CFG_CYCLIC', interval, 'CFG_RESYNC_TIME'), ['Y', '1', '']);
    assert.equal(full().get(interval), '300');
    assert.equal(full({ refreshSeconds: 1e9 }).get(interval), '40320');
    for (const phone of [minimal(), full()]) {
      assert.match(
        phone.get('CFG_STANDARD_FILE_PATH')!,
        /^https:\/\/prov\.example\/\w+token\/Config\{MAC\}\.cfg$/,
      );
      assert.deepEqual(pick(phone, 'CFG_PRODUCT_FILE_PATH', 'CFG_MASTER_FILE_PATH'), ['', '']);
      assert.deepEqual(
        pick(
          phone,
          'OPTION66_ENABLE',
          'OPTION159_PROV_ENABLE',
          'OPTION160_PROV_ENABLE',
          'SIPPNP_PROV_ENABLE',
        ),
        ['N', 'N', 'N', 'N'],
      );
      assert.equal(phone.get('CFG_RESYNC_FROM_SIP'), panasonic.resync.event);
    }
    assert.deepEqual(
      [minimal(), full()].map((phone) => phone.get('SIP_DETECT_SSAF_1')),
      ['Y', 'N'],
    );
  });

  test('say the line as it is', () => {
    assert.deepEqual(
      pick(
        full(),
        'SIP_URI_1',
        'SIP_AUTHID_1',
        'SIP_RGSTR_ADDR_1',
        'SIP_RGSTR_PORT_1',
        'SIP_OUTPROXY_ADDR_1',
        'SIP_TRANSPORT_1',
      ),
      ['sip:k201a@pbx.example', 'k201auth', 'pbx.example', '5061', 'proxy.example', '2'],
    );
    const line = aLine({ port: null, outboundProxy: null, transport: 'udp' });
    assert.deepEqual(
      pick(full({ lines: [line] }), 'SIP_RGSTR_PORT_1', 'SIP_DNSSRV_ENA_1', 'SIP_TRANSPORT_1'),
      ['5060', 'Y', '0'],
    );
  });

  test('have keys in the words of the series, after those of the lines', () => {
    const keys: KeyView[] = [
      { kind: 'blf', label: 'Bernd at the door', value: '202', line: 1 },
      { kind: 'speed-dial', label: 'Taxi', value: '19410', line: 1 },
    ];
    const layout = (model: string): string[] => {
      const phone = full({ model, lines: someLines(2), keys });
      return [1, 2, 3, 4, 5].map((key) =>
        ['FACILITY_ACT', 'FACILITY_ARG', 'QUICK_DIAL', 'LABEL']
          .map((entry) => phone.get(`FLEX_BUTTON_${entry}${key}`)!.replace('X_PANASONIC_IPTEL_', ''))
          .join('/'),
      );
    };
    const lines = ['1//LABEL-0-se', '2//LABEL-1-se'];
    assert.deepEqual(layout('KX-HDV330'), [
      ...lines.map((line) => `LINE/${line}`),
      'BLF/202//Bernd at t',
      'ONETOUCH//19410/Taxi',
      '///',
    ]);
    assert.deepEqual(layout('KX-UT136'), [
      ...lines.map((line) => `DN/${line}`),
      'CONTACT/202//Bernd at t',
      'ONETOUCH//19410/Taxi',
      '///',
    ]);
  });

  test('say what is wished of codecs and SRTP', () => {
    const codecsOf = (phone: Phone): string =>
      [0, 1, 2, 3, 4]
        .map((codec) => `${phone.get(`CODEC_ENABLE${codec}_1`)}${phone.get(`CODEC_PRIORITY${codec}_1`)}`)
        .join(' ');
    assert.equal(codecsOf(minimal()), 'N255 Y1 N255 N255 Y2');
    assert.equal(codecsOf(full({ codecs: ['g722', 'opus', 'g729'] })), 'Y1 N255 N255 Y2 N255');
    const old = full({ model: 'KX-TGP500', codecs: ['pcma', 'g722'] });
    assert.deepEqual(pick(old, 'SDP_CODEC0_1', 'SDP_PTYPE0_1', 'SDP_CODEC1_1', 'SDP_CODEC2_1'), [
      'PCMA',
      '8',
      'G722',
      '',
    ]);
    const srtp = (changes: Partial<FullView>): string | undefined => full(changes).get('SRTP_CONNECT_MODE_1');
    assert.deepEqual([srtp({}), srtp({ srtp: 'required' }), srtp({ srtp: 'off' })], ['1', '0', '2']);
    assert.equal(srtp({ lines: [aLine({ transport: 'tcp' })] }), '2');
  });

  test('know the tones of a country', () => {
    const phone = full({ toneCountry: 'GB' });
    assert.deepEqual(
      pick(phone, 'DIAL_TONE1_FRQ', 'DIAL_TONE1_TIMING', 'BUSY_TONE_TIMING', 'RINGBACK_TONE_TIMING'),
      ['350,440', '60,0', '60,375,315', '60,400,200,400,1940'],
    );
    const old = full({ model: 'KX-TGP550', toneCountry: 'US' });
    assert.deepEqual(pick(old, 'DIAL_TONE_TIMING', 'BUSY_TONE_TIMING', 'RINGING_TONE_TIMING'), [
      '0,0',
      '500,500',
      '2000,4000',
    ]);
    assert.equal(full({ toneCountry: 'XX' }).has('BUSY_TONE_FRQ'), false);
  });

  test('take the version of a firmware from the name of its file', () => {
    const firmware = (firmwareUrl: string | null): (string | undefined)[] =>
      pick(full({ firmwareUrl }), 'FIRM_UPGRADE_ENABLE', 'FIRM_VERSION', 'FIRM_FILE_PATH');
    const url = 'https://prov.example/files/panasonic/KX-HDV130-08.000.fw';
    assert.deepEqual(firmware(url), ['Y', '08.000', url]);
    assert.deepEqual(firmware(null), ['N', '', '']);
  });

  test('give each handset its line, and all of them the first one to authenticate', () => {
    const waiting = minimal({ model: 'KX-TGP600' });
    assert.deepEqual(
      pick(waiting, 'INCOMING_CALL_GROUP_1', 'INCOMING_CALL_GROUP_2', 'DEFAULT_LINE_SELECT_HS8'),
      ['1,1,1,1,1,1,1,1', '0,0,0,0,0,0,0,0', '1,0,0,0,0,0,0,0'],
    );
    const proved = full({ model: 'KX-TGP550', lines: someLines(2) });
    assert.deepEqual(
      pick(
        proved,
        'INCOMING_CALL_GROUP_1',
        'INCOMING_CALL_GROUP_2',
        'OUTGOING_CALL_LINE_HS2',
        'OUTGOING_CALL_LINE_BS',
      ),
      ['1,0,1,1,1,1,1', '0,1,0,0,0,0,0', '0,1,0,0,0,0,0,0', '1,0,0,0,0,0,0,0'],
    );
  });

  test('know the zones of the world', () => {
    const clock = (timezone: string | null): (string | undefined)[] =>
      pick(
        full({ timezone }),
        'TIME_ZONE',
        'DST_ENABLE',
        'DST_OFFSET',
        'DST_START_ORDINAL_DAY',
        'DST_START_DAY_OF_WEEK',
        'DST_STOP_TIME',
      );
    assert.deepEqual(clock('Europe/Berlin'), ['60', 'Y', '60', '5', '0', '180']);
    assert.deepEqual(clock('America/New_York'), ['-300', 'Y', '60', '2', '0', '120']);
    assert.deepEqual(clock('Australia/Lord_Howe'), ['630', 'Y', '30', '1', '0', '120']);
    assert.deepEqual(clock('Asia/Kolkata'), ['330', 'N', undefined, undefined, undefined, undefined]);
    assert.deepEqual(clock(null), Array(6).fill(undefined));
  });

  test('keep to their lines whatever the texts say', () => {
    const names = [...full().keys()];
    const texts = fc.oneof(
      fc.constantFrom(
        ...HOSTILE_TEXTS,
        'x'.repeat(1000),
        '株'.repeat(400),
        '\u202e\u200ftxet \u2066rtl',
        '"\r\nSIP_PASS_2="x',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(texts, texts, texts, texts, (label, displayName, password, value) => {
        const view = aFullView({
          lines: [aLine({ label, displayName, password })],
          keys: [{ kind: 'blf', label, value, line: 1 }],
          phoneBook: { name: label, url: value },
        });
        const document = panasonic.renderFull(view);
        const phone = read(document);
        assert.deepEqual([...phone.keys()], names);
        assert.equal(phone.get('CFG_STANDARD_FILE_PATH'), 'https://prov.example/proventoken/Config{MAC}.cfg');
        assert.equal(phone.get('SIP_PASS_2'), '');
        assert.deepEqual(document, panasonic.renderFull(view), 'same input, same bytes');
      }),
      { numRuns: 100 },
    );
  });

  test('pass harmless texts on unchanged, and cut those that are too long between characters', () => {
    const line = aLine({ displayName: 'Zoë Müller = #1 <&> 株', password: '😀'.repeat(300) });
    const phone = full({ lines: [line] });
    assert.equal(phone.get('DISPLAY_NAME_1'), line.displayName);
    assert.equal(phone.get('SIP_PASS_1'), '😀'.repeat(130));
    assert.equal(full({ lines: [aLine({ displayName: 'the "boss"' })] }).get('DISPLAY_NAME_1'), "the 'boss'");
  });
});

describe('Panasonic free parameters', () => {
  test('follow ours, and are cleared when the phone falls back', () => {
    const { body } = panasonic.renderFull(aFullView({ raw: new Map([['LDAP_ENABLE', 'Y']]) }));
    assert.ok(body.endsWith('\r\nLDAP_ENABLE="Y"\r\n\r\n'));
    assert.equal(minimal({ rawNames: ['LDAP_ENABLE'] }).get('LDAP_ENABLE'), '');
  });

  test('are refused where they are ours, or no name', () => {
    assert.equal(panasonic.rawFault('LDAP_ENABLE', null), null);
    for (const name of [
      'SIP_PASS_1',
      'CFG_STANDARD_FILE_PATH',
      'ADMIN_PASS',
      'OPTION66_ENABLE',
      'ldap_enable',
      '',
      'A B',
      'A"',
      'A'.repeat(33),
    ]) {
      assert.notEqual(panasonic.rawFault(name, null), null, name);
    }
  });

  test('that became ours are left out', () => {
    assert.equal(full({ raw: new Map([['SIP_PASS_1', 'stolen']]) }).get('SIP_PASS_1'), 'S1p-secret');
    assert.equal(minimal({ rawNames: ['SIP_PASS_1'] }).get('SIP_PASS_1'), 'bootstrap-pass');
  });
});
