/** snom: what an operator may wish beyond the lines, and that nothing of it outlives the proof. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { snom } from '../../../src/vendors/snom/index.js';
import { FEATURES } from '../../../src/vendors/vendor.js';
import { applySnom as apply, plainText as plain } from './snom-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';
import { allWishes, oneWishEach } from './wishes.js';

const RAW = { ringer_animation: 'on-secretish', 'user_ringer[2]': 'Ringer2' };

describe('Wishes for a snom', () => {
  test('are fulfilled as far as its description says', () => {
    const plainly = snom.renderFull(aFullView({ model: 'D785' })).body;
    const fulfilled = FEATURES.filter(
      (feature) =>
        snom.renderFull(aFullView({ model: 'D785', ...oneWishEach(RAW)[feature] })).body !== plainly,
    );
    assert.deepEqual(fulfilled, snom.description.supports);
  });

  test('become these settings', () => {
    const phone = apply(
      snom.renderFull(aFullView({ model: 'D785', lines: someLines(2), ...allWishes(RAW) })),
    );
    for (const [name, value] of [
      ['dkey_directory', 'url https://book.example/secretish.xml'],
      ['user_mailbox[1]', '*98'],
      ['user_mailbox[2]', '*98'],
      ['user_mailbox[3]', ''],
      ['firmware', 'https://prov.example/files/firmware-secretish.rom'],
      ['codec_priority_list[1]', 'opus,g729,pcmu,telephone-event'],
      ['user_srtp[2]', 'on'],
      ['user_savp[2]', 'mandatory'],
      ['tone_scheme', 'GBR'],
      ['webserver_type', 'https'],
      ['tls_server_authentication', 'on'],
      ['check_fqdn_against_server_cert', 'on'],
      ['ringer_animation', 'on-secretish'],
      ['user_ringer[2]', 'Ringer2'],
    ] as const) {
      assert.equal(phone.settings.get(name), value, name);
    }
    assert.deepEqual(phone.keys.get('1'), { label: 'LABEL-1-secretish', value: 'line', context: '2' });
    assert.deepEqual(phone.keys.get('2'), { label: 'Bernd', value: 'blf 202', context: '1' });
    assert.deepEqual(phone.keys.get('3'), { label: 'Taxi', value: 'speed 0301234', context: '2' });
    assert.deepEqual(phone.keys.get('4'), { label: '', value: 'none', context: 'active' });
    assert.deepEqual(
      phone.languages,
      new Map([['Deutsch', 'https://prov.example/files/language-secretish.lang']]),
    );
    assert.deepEqual(phone.authorities, new Set(['https://prov.example/files/ca-secretish.pem']));
  });

  test('for a key of a line that is not there go to whichever is active', () => {
    const keys = [{ kind: 'blf' as const, label: 'x', value: '1', line: 3 }];
    assert.equal(apply(snom.renderFull(aFullView({ keys }))).keys.get('1')?.context, 'active');
  });

  for (const [model, keys] of [
    ['D120', 4],
    ['D385', 102],
    ['D785', 78],
    ['snom D735', 86],
    ['715', 62],
    [null, 102],
  ] as const) {
    test(`for keys end with the ${keys} that ${model} has`, () => {
      const many = Array.from({ length: 200 }, (_, at) => ({
        kind: 'speed-dial' as const,
        label: '',
        value: String(at),
        line: 1,
      }));
      const phone = apply(snom.renderFull(aFullView({ model, keys: many })));
      assert.equal(phone.keys.size, keys);
      assert.equal(phone.keys.get(String(keys - 1))?.value, `speed ${keys - 2}`);
    });

    test(`leave no setting and no key on ${model} when it falls back`, () => {
      const full = snom.renderFull(aFullView({ model, lines: someLines(14), ...allWishes(RAW) }));
      const minimal = snom.renderMinimal(aMinimalView({ model, rawNames: Object.keys(RAW) }));
      const phone = apply(full, minimal);
      const held = JSON.stringify([[...phone.settings], [...phone.keys]]);
      assert.doesNotMatch(held, /secretish|Bernd|Taxi|\*98|Ringer2/);
      assert.equal(phone.settings.get('webserver_type'), 'off');
      // What cannot be taken back, and reveals nothing.
      const kept = ['tone_scheme', 'tls_server_authentication', 'check_fqdn_against_server_cert'];
      for (const name of kept) assert.ok(phone.settings.delete(name));
      assert.deepEqual(phone.settings, apply(minimal).settings);
      assert.deepEqual(phone.keys, apply(minimal).keys);
    });
  }

  test('make no phone more trusting that were not made', () => {
    for (const { body } of [snom.renderFull(aFullView()), snom.renderMinimal(aMinimalView())]) {
      assert.doesNotMatch(body, /tls_server_authentication|check_fqdn/);
    }
  });

  test('switch a check of servers off again where that is wished', () => {
    for (const [model, checks] of [
      ['D785', ['tls_server_authentication', 'check_fqdn_against_server_cert']],
      ['M700', ['tls_server_authentication']],
    ] as const) {
      const [strict, lax] = [true, false].map((verify) =>
        snom.renderFull(aFullView({ model, serverTrust: { verify, caUrl: null } })),
      );
      const { settings } = apply(strict!, lax!);
      for (const name of checks) assert.equal(settings.get(name), 'off', `${model} ${name}`);
    }
  });

  test('keep SRTP off where nobody is told its keys in secret', () => {
    const modes = (['tls', 'tcp', 'udp'] as const).map((transport) =>
      apply(snom.renderFull(aFullView({ lines: [aLine({ transport })] }))).settings.get('user_savp[1]'),
    );
    assert.deepEqual(modes, ['optional', 'off', 'off']);
  });

  test('stay where they belong whatever they say', () => {
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, '\u202e\u2066evil\u2069'.repeat(50), '😀'.repeat(1000)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const usual = apply(snom.renderFull(aFullView(allWishes({ ringer_animation: 'x' }))));
    fc.assert(
      fc.property(texts, texts, texts, (label, value, raw) => {
        const phone = apply(
          snom.renderFull(
            aFullView({
              ...allWishes({ ringer_animation: raw }),
              keys: [{ kind: 'blf', label, value, line: 1 }],
              phoneBook: { name: label, url: value },
              firmwareUrl: value,
              languageUrl: value,
              serverTrust: { verify: true, caUrl: value },
            }),
          ),
        );
        assert.deepEqual([...phone.settings.keys()], [...usual.settings.keys()]);
        assert.deepEqual([...phone.keys.keys()], [...usual.keys.keys()]);
        assert.equal(phone.settings.get('user_pass[1]'), 'S1p-secret');
        assert.equal(phone.settings.get('ringer_animation'), plain(raw));
        assert.equal(phone.keys.get('1')?.label, plain(label));
        assert.equal(phone.keys.get('1')?.value, `blf ${plain(value)}`);
        assert.deepEqual([...phone.authorities], [plain(value)]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('Free settings of a snom', () => {
  test('may be what we do not make, of the phone or of an identity', () => {
    for (const name of ['ringer_animation', 'user_ringer[2]', 'xml_notify', 'dhcp']) {
      assert.equal(snom.rawFault(name, 'D785'), null, name);
    }
  });

  test('may not be what we make, on a desk phone or a base', () => {
    for (const name of [
      'user_pass',
      'user_pass[12]',
      'User_Pass[1]',
      'setting_server',
      'provisioning_order',
      'prov_polling_enabled',
      'subscribe_config',
      'dhcp_option_pnp',
      'auto_resync_time',
      'webserver_user_password',
      'http_engineer_pass',
      'srv_sip_transport[1]',
      'admin_mode_password',
    ]) {
      assert.match(snom.rawFault(name, 'D785') ?? '', /Dialgate makes itself/, name);
    }
  });

  test('have names of the format', () => {
    for (const name of ['', 'a b', 'a[]', 'a[1', 'a><b', '1a', 'a[1234]', 'ä', 'x'.repeat(102)]) {
      assert.match(snom.rawFault(name, null) ?? '', /no setting name/, JSON.stringify(name));
    }
  });

  test('that are stored all the same are not written', () => {
    const raw = new Map([
      ['user_pass[1]', 'stolen'],
      ['a><b', 'stolen'],
    ]);
    for (const model of ['D785', 'M900']) {
      assert.doesNotMatch(snom.renderFull(aFullView({ model, raw })).body, /stolen/);
      assert.deepEqual(
        snom.renderMinimal(aMinimalView({ model, rawNames: [...raw.keys()] })),
        snom.renderMinimal(aMinimalView({ model })),
      );
    }
  });
});
