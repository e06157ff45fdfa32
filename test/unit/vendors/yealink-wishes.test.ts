/**
 * Yealink: what an operator may wish beyond the lines, and that nothing of it outlives the proof.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FEATURES } from '../../../src/vendors/vendor.js';
import { yealink } from '../../../src/vendors/yealink/index.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';
import { allWishes, oneWishEach } from './wishes.js';
import { applyYealink as apply, readYealink as read } from './yealink-reader.js';

const RAW = { 'features.dnd_mode': '1-secretish', 'account.1.ringtone.ring_type': 'Ring2.wav' };

describe('Wishes for a Yealink phone', () => {
  test('are fulfilled as far as its description says', () => {
    const plain = yealink.renderFull(aFullView({ model: 'T46U' })).body;
    const fulfilled = FEATURES.filter(
      (feature) =>
        yealink.renderFull(aFullView({ model: 'T46U', ...oneWishEach(RAW)[feature] })).body !== plain,
    );
    assert.deepEqual(fulfilled, yealink.description.supports);
  });

  test('become these parameters', () => {
    const phone = apply(
      yealink.renderFull(aFullView({ model: 'T46U', lines: someLines(2), ...allWishes(RAW) })),
    );
    for (const [name, value] of [
      ['linekey.1.type', '15'],
      ['linekey.2.type', '15'],
      ['linekey.3.type', '16'],
      ['linekey.3.line', '1'],
      ['linekey.3.value', '202'],
      ['linekey.3.label', 'Bernd'],
      ['linekey.4.type', '13'],
      ['linekey.4.line', '2'],
      ['linekey.4.value', '0301234'],
      ['linekey.5.type', '0'],
      ['features.remote_phonebook.enable', '1'],
      ['remote_phonebook.data.1.name', 'Company'],
      ['remote_phonebook.data.1.url', 'https://book.example/secretish.xml'],
      ['voice_mail.number.1', '*98'],
      ['voice_mail.number.2', '*98'],
      ['account.2.subscribe_mwi', '1'],
      ['static.firmware.url', 'https://prov.example/files/firmware-secretish.rom'],
      ['gui_lang.url', 'https://prov.example/files/language-secretish.lang'],
      ['account.1.codec.opus.priority', '1'],
      ['account.1.codec.g729.priority', '2'],
      ['account.1.codec.pcmu.priority', '3'],
      ['account.1.codec.g722.enable', '0'],
      ['account.2.srtp_encryption', '2'],
      ['voice.tone.country', 'Great Britain'],
      ['static.wui.https_enable', '1'],
      ['static.wui.http_enable', '0'],
      ['static.security.trust_certificates', '1'],
      ['static.security.cn_validation', '1'],
      ['static.trusted_certificates.url', 'https://prov.example/files/ca-secretish.pem'],
      ['features.dnd_mode', '1-secretish'],
      ['account.1.ringtone.ring_type', 'Ring2.wav'],
    ] as const) {
      assert.equal(phone.get(name), value, name);
    }
  });

  for (const [model, lineKeys, modules] of [
    ['T46U', 27, 3 * 60],
    ['T48S', 29, 6 * 40],
    ['T87W', 95, 3 * 78],
    ['T31P', 2, 0],
    ['CP965', 0, 0],
  ] as const) {
    test(`for keys go on from the ${model} to its modules, and end with them`, () => {
      const keys = Array.from({ length: 400 }, (_, at) => ({
        kind: 'blf' as const,
        label: `Key ${at}`,
        value: String(at),
        line: 1,
      }));
      const phone = apply(yealink.renderFull(aFullView({ model, keys })));
      const set = [...phone].filter(([name, value]) => name.endsWith('.type') && value === '16');
      assert.equal(set.length, Math.max(0, lineKeys - 1) + modules);
      if (modules > 0) {
        assert.equal(phone.get('expansion_module.1.key.1.value'), String(lineKeys - 1));
        assert.equal(set.at(-1)?.[0].startsWith('expansion_module.'), true);
      }
    });
  }

  for (const model of ['T46U', 'T21P_E2', 'T48G', 'CP925', 'W60B', 'W90DM', null]) {
    test(`leave nothing on ${model} when it falls back`, () => {
      const wished = aFullView({ model, lines: someLines(20), ...allWishes(RAW) });
      const full = yealink.renderFull(wished);
      const minimal = yealink.renderMinimal(aMinimalView({ model, rawNames: Object.keys(RAW) }));
      assert.deepEqual([...read(full).keys()], [...read(minimal).keys()], 'both write the same parameters');
      const phone = apply(full, minimal);
      assert.deepEqual(phone, apply(minimal));
      assert.doesNotMatch([...phone.values()].join('\n'), /secretish|Bernd|Company|Great Britain|\*98/);
    });
  }

  test('make no phone more trusting that were not made', () => {
    for (const { body } of [yealink.renderFull(aFullView()), yealink.renderMinimal(aMinimalView())]) {
      assert.match(body, /^static\.security\.trust_certificates = %NULL%$/m);
    }
  });

  test('keep SRTP off where nobody is told its keys in secret', () => {
    const modes = (['tls', 'tcp', 'udp'] as const).map((transport) =>
      apply(yealink.renderFull(aFullView({ lines: [aLine({ transport })] }))).get(
        'account.1.srtp_encryption',
      ),
    );
    assert.deepEqual(modes, ['1', '0', '0']);
  });

  test('hold their lines whatever they say', () => {
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, '\u202e\u2066evil\u2069'.repeat(50), '😀'.repeat(1000)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const names = [...read(yealink.renderFull(aFullView({ ...allWishes({ 'features.a': 'x' }) }))).keys()];
    fc.assert(
      fc.property(texts, texts, texts, texts, (label, value, name, raw) => {
        const view = aFullView({
          ...allWishes({ 'features.a': raw }),
          keys: [{ kind: 'blf', label, value, line: 1 }],
          phoneBook: { name, url: value },
          voicemailNumber: value,
        });
        const parameters = read(yealink.renderFull(view));
        assert.deepEqual([...parameters.keys()], names);
        assert.equal(parameters.get('account.2.enable'), '0');
        assert.equal(parameters.get('account.1.password'), 'S1p-secret');
      }),
      { numRuns: 200 },
    );
  });
});

describe('Yealink DECT bases', () => {
  test('give each handset a line, and know each server once', () => {
    const lines = [aLine(), aLine({ sipUser: 'k202a' }), aLine({ host: 'other.example', transport: 'udp' })];
    const phone = apply(yealink.renderFull(aFullView({ model: 'W70B', lines })));
    for (const [name, value] of [
      ['account.1.sip_server.template', '1'],
      ['account.2.sip_server.template', '1'],
      ['account.3.sip_server.template', '2'],
      ['account.3.sip_server.1.address', 'other.example'],
      ['template.1.sip_server.1.address', 'pbx.example'],
      ['template.1.sip_server.1.transport_type', '2'],
      ['template.1.outbound.1.address', 'proxy.example'],
      ['template.2.sip_server.1.address', 'other.example'],
      ['template.2.sip_server.1.transport_type', '0'],
      ['handset.3.name', '201 Anna'],
      ['handset.3.incoming_lines', '3'],
      ['static.auto_provision.handset_configured.enable', '1'],
      ['custom.handset.language', '2'],
    ] as const) {
      assert.equal(phone.get(name), value, name);
    }
    assert.equal(phone.has('account.4.sip_server.template'), false);
  });

  test('with more servers than they know go without a template for the rest', () => {
    const phone = apply(yealink.renderFull(aFullView({ model: 'W90DM', lines: someLines(9) })));
    assert.equal(phone.get('account.5.sip_server.template'), '5');
    assert.equal(phone.has('account.6.sip_server.template'), false);
    assert.equal(phone.get('account.6.sip_server.1.address'), 'pbx-5-secretish.example');
  });

  test('let every handset call the service', () => {
    const phone = apply(yealink.renderMinimal(aMinimalView({ model: 'W60B' })));
    const lines = Array.from({ length: 8 }, (_, at) => phone.get(`handset.${at + 1}.dial_out_default_line`));
    assert.deepEqual(lines, Array(8).fill('1'));
  });
});

describe('Free parameters of Yealink phones', () => {
  test('may be what we do not set', () => {
    for (const name of [
      'features.dnd_mode',
      'account.3.ringtone.ring_type',
      'static.network.vlan.internet_port_vid',
    ]) {
      assert.equal(yealink.rawFault(name, 'T31P'), null, name);
    }
  });

  test('may not be what we set on this model or another, under its old name or spelled otherwise', () => {
    for (const name of [
      'account.1.password',
      'account.3.password',
      'Account.3.Password',
      'static.auto_provision.server.url',
      'auto_provision.server.url',
      'static.auto_provision.weekly.enable',
      'static.security.user_password',
      'security.user_password',
      'wui.http_enable',
      'linekey.30.type',
      'expansion_module.6.key.40.value',
      'handset.9.name',
      'template.1.sip_server.1.address',
      'account.2.transport',
      'account.1.auto_dial_enable',
      'static.custom_factory_configuration.url',
      'firmware.url',
    ]) {
      assert.match(yealink.rawFault(name, 'T31P') ?? '', /Dialgate sets itself/, name);
    }
  });

  test('have names of the format', () => {
    for (const name of ['', 'a b', 'a = b', '#a', 'a\nb', '1a', 'x'.repeat(101), 'include:config']) {
      assert.match(yealink.rawFault(name, null) ?? '', /no parameter name/, JSON.stringify(name));
    }
  });

  test('that are stored all the same are not written', () => {
    const raw = new Map([
      ['account.1.password', 'stolen'],
      ['a = b\naccount.1.label', 'stolen'],
    ]);
    assert.doesNotMatch(yealink.renderFull(aFullView({ raw })).body, /stolen/);
    assert.deepEqual(
      yealink.renderMinimal(aMinimalView({ rawNames: [...raw.keys()] })),
      yealink.renderMinimal(aMinimalView()),
    );
  });
});
