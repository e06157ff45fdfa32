/** snom's DECT bases (M series): settings of their own within the same kind of file. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { snom } from '../../../src/vendors/snom/index.js';
import { golden } from './golden.js';
import { applySnom as apply, plainText as plain } from './snom-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';
import { allWishes } from './wishes.js';

const RAW = { repeater_legacy_support: 'on-secretish' };

describe('Configurations of snom bases', () => {
  test('are these files', () => {
    assert.equal(snom.renderMinimal(aMinimalView({ model: 'M300' })).body, golden('snom-m300-minimal.xml'));
    assert.equal(snom.renderFull(aFullView({ model: 'M300' })).body, golden('snom-m300-full.xml'));
  });

  for (const [model, extensions] of [
    ['M300', 20],
    ['M400', 20],
    ['Snom M700', 250],
    ['M900', 250],
  ] as const) {
    test(`write the same settings in both states on ${model}, ${extensions} extensions`, () => {
      const minimal = apply(snom.renderMinimal(aMinimalView({ model })));
      const full = apply(snom.renderFull(aFullView({ model, lines: someLines(300) })));
      assert.deepEqual([...minimal.settings.keys()], [...full.settings.keys()]);
      const names = [...full.settings.keys()];
      assert.equal(names.filter((name) => name.startsWith('user_active')).length, extensions);
      assert.equal(full.keys.size, 0);
    });

    test(`leave nothing of the full one when ${model} falls back`, () => {
      const full = snom.renderFull(aFullView({ model, lines: someLines(300), ...allWishes(RAW) }));
      assert.ok(full.body.includes('pass-0-secretish'));
      const minimal = snom.renderMinimal(aMinimalView({ model, rawNames: Object.keys(RAW) }));
      const { settings } = apply(full, minimal);
      assert.doesNotMatch([...settings.values()].join('\n'), /secretish|proventoken|menu-full|\*98/);
      for (const name of ['tone_scheme', 'tls_server_authentication']) assert.ok(settings.delete(name));
      assert.deepEqual(settings, apply(minimal).settings);
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const full = snom.renderFull(aFullView({ model, lines: [] }));
      const { settings } = apply(snom.renderMinimal(aMinimalView({ model })), full);
      assert.deepEqual(settings, apply(full).settings);
      assert.doesNotMatch([...settings.values()].join('\n'), /bootstrap|Auth|menu-minimal/);
    });
  }

  test('let the first twenty handsets show the short text and call the service', () => {
    const { settings } = apply(snom.renderMinimal(aMinimalView({ model: 'M900' })));
    for (const index of [1, 20]) {
      assert.equal(settings.get(`user_active[${index}]`), 'on');
      assert.equal(settings.get(`user_realname[${index}]`), 'Auth needed');
      assert.equal(settings.get(`subscr_sip_hs_idx[${index}]`), String(index));
    }
    assert.equal(settings.get('user_active[21]'), 'off');
    assert.equal(settings.get('user_host[2]'), '', 'all by one server');
  });

  test('give each handset a line, and know each server once', () => {
    const lines = [aLine(), aLine({ sipUser: 'k202a' }), aLine({ host: 'other.example', transport: 'udp' })];
    const wishes = { ...allWishes(RAW), srtp: null };
    const { settings } = apply(snom.renderFull(aFullView({ model: 'M400', lines, ...wishes })));
    for (const [name, value] of [
      ['user_name[2]', 'k202a'],
      ['subscr_sip_ua_data_server_id[2]', '1'],
      ['subscr_sip_ua_data_server_id[3]', '2'],
      ['subscr_sip_line_name[1]', '201 Anna'],
      ['user_host[1]', 'pbx.example:5061'],
      ['user_outbound[1]', 'proxy.example'],
      ['srv_sip_transport[1]', 'tls'],
      ['user_srtp[1]', 'on'],
      ['user_host[2]', 'other.example:5061'],
      ['srv_sip_transport[2]', 'udp'],
      ['user_srtp[2]', 'off'],
      ['codec_priority_list[1]', 'opus,g729,pcmu,telephone-event'],
      ['user_mailnumber[3]', '*98'],
      ['phonebook_server_location', '3'],
      ['phonebook_location', 'https://book.example/secretish.xml'],
      ['tone_scheme', 'GBR'],
      ['disable_http_server', 'disabled'],
      ['tls_server_authentication', 'on'],
      ['repeater_legacy_support', 'on-secretish'],
      ['auto_resync_period', '300'],
    ] as const) {
      assert.equal(settings.get(name), value, name);
    }
  });

  test('leave out lines for whose server there is no room', () => {
    const { settings } = apply(snom.renderFull(aFullView({ model: 'M300', lines: someLines(12) })));
    assert.equal(settings.get('user_active[10]'), 'on');
    assert.equal(settings.get('user_active[11]'), 'off');
  });

  test('say what the labels say, whatever that is', () => {
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, '\u202eevil'.repeat(200)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const usual = apply(snom.renderFull(aFullView({ model: 'M300' })));
    fc.assert(
      fc.property(texts, texts, texts, (label, displayName, password) => {
        const lines = [aLine({ label, displayName, password })];
        const { settings } = apply(snom.renderFull(aFullView({ model: 'M300', lines })));
        assert.deepEqual([...settings.keys()], [...usual.settings.keys()]);
        assert.equal(settings.get('user_realname[1]'), plain(displayName));
        assert.equal(settings.get('user_pass[1]'), plain(password));
      }),
      { numRuns: 100 },
    );
  });
});
