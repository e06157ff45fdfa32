/** Poly: what its configurations say. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { poly } from '../../../src/vendors/poly/index.js';
import type { FullView, KeyView } from '../../../src/vendors/vendor.js';
import { apply, type Phone } from './poly-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';

const minimal = (changes: Parameters<typeof aMinimalView>[0] = {}): Phone =>
  apply(poly.renderMinimal(aMinimalView(changes)));
const full = (changes: Partial<FullView> = {}): Phone => apply(poly.renderFull(aFullView(changes)));

describe('Poly configurations', () => {
  test('show the exact text, and dial the service by a key, never at once', () => {
    const phone = minimal({ displayText: 'Authentication blocked' });
    assert.equal(phone.get('reg.1.label'), 'Authentication blocked');
    assert.equal(phone.get('reg.1.displayName'), 'Authentication blocked');
    assert.equal(phone.get('softkey.1.action'), '*89$Tinvite$');
    assert.equal(phone.get('softkey.1.enable'), '1');
    for (const [name, value] of phone) {
      if (/^call\.autoOffHook\.\d+\.enabled$/.test(name)) assert.equal(value, '0', name);
    }
    assert.equal(phone.get('dialplan.digitmap'), '112|911|*89|xx.T|*xx.T');
    assert.equal(phone.get('dialplan.routing.emergency.2.value'), '911');
    assert.equal(phone.get('dialplan.routing.emergency.3.value'), '');
  });

  test('poll as fast as the phone can, and no faster than it takes', () => {
    assert.equal(minimal().get('prov.polling.period'), '3601');
    assert.equal(full().get('prov.polling.period'), '18000');
  });

  test('keep the token from DHCP and from the service of the maker', () => {
    for (const phone of [minimal(), full()]) {
      assert.match(phone.get('device.prov.serverName')!, /^https:\/\/prov\.example\/\w+token\/$/);
      assert.equal(phone.get('device.prov.serverType'), 'HTTPS');
      assert.equal(phone.get('device.dhcp.bootSrvUseOpt'), 'Static');
      assert.equal(phone.get('device.prov.ztpEnabled'), '0');
    }
  });

  test('lay the keys out after the lines', () => {
    const keys: KeyView[] = [
      { kind: 'blf', label: 'Bernd', value: '202', line: 1 },
      { kind: 'speed-dial', label: '24 h', value: '0170$1', line: 1 },
      { kind: 'blf', label: 'Carla', value: '203', line: 1 },
    ];
    const phone = full({ model: 'VVX450', lines: someLines(2), keys });
    const layout = [1, 2, 3, 4, 5, 6].map((key) =>
      ['category', 'index'].map((entry) => phone.get(`lineKey.${key}.${entry}`)).join(' '),
    );
    assert.deepEqual(layout, ['Line 1', 'Line 2', 'BLF 0', 'EFK 1', 'BLF 0', 'Unassigned ']);
    assert.equal(phone.get('lineKey.reassignment.enabled'), '1');
    assert.equal(phone.get('attendant.resourceList.2.address'), '203');
    assert.equal(phone.get('efk.efklist.1.mname'), '> 24 h');
    assert.equal(phone.get('efk.efklist.1.action.string'), '01701$Tinvite$');
    assert.equal(full().get('lineKey.reassignment.enabled'), '0');
  });

  test('say what is wished of codecs, SRTP, the web page and messages', () => {
    const codecsOf = (phone: Phone): (string | undefined)[] =>
      ['G722', 'G711_A', 'G711_Mu', 'G729_AB', 'Opus'].map((codec) => phone.get(`voice.codecPref.${codec}`));
    assert.deepEqual(codecsOf(minimal()), ['0', '1', '2', '0', '0']);
    assert.deepEqual(codecsOf(full({ codecs: ['opus', 'g722', 'g729'] })), ['2', '0', '0', '3', '1']);
    const srtp = (phone: Phone): (string | undefined)[] =>
      ['enable', 'offer', 'require'].map((entry) => phone.get(`reg.1.srtp.${entry}`));
    assert.deepEqual(srtp(full()), ['1', '1', '0'], 'TLS');
    assert.deepEqual(srtp(full({ lines: [aLine({ transport: 'udp' })] })), ['0', '0', '0']);
    assert.deepEqual(srtp(full({ srtp: 'required' })), ['1', '1', '1']);
    assert.deepEqual(srtp(full({ srtp: 'off' })), ['0', '0', '0']);
    const phone = full({ webInterface: true, voicemailNumber: '*98' });
    assert.equal(phone.get('httpd.enabled'), '1');
    assert.equal(phone.get('msg.mwi.1.callBack'), '*98');
    assert.equal(phone.get('msg.mwi.2.callBack'), '');
  });

  test('know the zones of the world', () => {
    const clock = (timezone: string | null): (string | undefined)[] => {
      const phone = full({ timezone });
      const change = (name: string): string =>
        ['month', 'date', 'time', 'dayOfWeek', 'dayOfWeek.lastInMonth']
          .map((entry) => phone.get(`tcpIpApp.sntp.daylightSavings.${name}.${entry}`) ?? '')
          .join(' ');
      return [
        phone.get('tcpIpApp.sntp.gmtOffset'),
        phone.get('tcpIpApp.sntp.daylightSavings.enable'),
        change('start').trim(),
        change('stop').trim(),
      ];
    };
    assert.deepEqual(clock('Europe/Berlin'), ['3600', '1', '3 22 2 1 1', '10 22 3 1 1']);
    assert.deepEqual(clock('America/New_York'), ['-18000', '1', '3 8 2 1 0', '11 1 2 1 0']);
    assert.deepEqual(clock('Asia/Kolkata'), ['19800', '0', '', '']);
    assert.deepEqual(
      clock('Australia/Lord_Howe'),
      ['39600', '0', '', ''],
      'half an hour it cannot say: what it is at present',
    );
    assert.deepEqual(clock(null), [undefined, undefined, '', '']);
  });

  test('are well-formed and say what the texts say, whatever that is', () => {
    const names = [...full({ keys: [] }).keys()];
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, 'x'.repeat(1000), '\u202e\u200ftxet \u2066rtl'),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(texts, texts, texts, texts, (label, displayName, password, value) => {
        const view = aFullView({
          lines: [aLine({ label, displayName, password })],
          keys: [
            { kind: 'blf', label, value, line: 1 },
            { kind: 'speed-dial', label, value, line: 1 },
          ],
          phoneBook: { name: label, url: value },
        });
        const document = poly.renderFull(view);
        const phone = apply(document);
        assert.deepEqual([...phone.keys()], names);
        assert.equal(phone.get('device.prov.serverName'), 'https://prov.example/proventoken/');
        assert.equal(phone.get('reg.1.auth.password'), plain(password));
        assert.equal(phone.get('reg.1.label'), plain(label));
        assert.equal(phone.get('reg.2.address'), '');
        assert.deepEqual(document, poly.renderFull(view), 'same input, same bytes');
      }),
      { numRuns: 60 },
    );
  });
});

test('no Poly is made more trusting that nobody wished to be', () => {
  const trusts = [null, false, true].map((verify) =>
    full({ serverTrust: { verify, caUrl: null } }).get('sec.TLS.SIP.strictCertCommonNameValidation'),
  );
  assert.deepEqual(trusts, [undefined, '0', '1']);
});

test('the phone book of a Poly is behind a soft key, whatever is in its address', () => {
  const phoneBook = { name: 'Company', url: 'https://book.example/$a?b=$c$' };
  const phone = full({ phoneBook });
  assert.equal(phone.get('softkey.2.action'), 'https://book.example/%24a?b=%24c%24');
  assert.equal(phone.get('mb.main.home'), phoneBook.url);
});

describe('Poly free parameters', () => {
  test('follow ours, and are cleared when the phone falls back', () => {
    const raw = new Map([
      ['device.net.lldpEnabled', '0'],
      ['up.headsetMode', '1'],
    ]);
    const { body } = poly.renderFull(aFullView({ raw }));
    assert.ok(
      body.endsWith(
        '  device.net.lldpEnabled.set="1"\n  device.net.lldpEnabled="0"\n  up.headsetMode="1"\n/>\n',
      ),
    );
    assert.equal(minimal({ rawNames: ['up.headsetMode'] }).get('up.headsetMode'), '');
  });

  test('are refused where they are ours, in either case, or no name', () => {
    assert.equal(poly.rawFault('up.headsetMode', null), null);
    assert.equal(poly.rawFault('reg.1.callsPerLineKey', null), null);
    for (const name of [
      'reg.1.auth.password',
      'REG.1.AUTH.USERID',
      'device.prov.serverName',
      'device.set',
      'device.prov.serverName.set',
      'prov.polling.period',
      'call.autoOffHook.1.enabled',
    ]) {
      assert.notEqual(poly.rawFault(name, null), null, name);
    }
    for (const name of ['', 'a b', 'a="b"', '1a', 'a\n', 'a>', 'x'.repeat(200)]) {
      assert.notEqual(poly.rawFault(name, null), null, name);
    }
  });

  test('that became ours are left out', () => {
    const raw = new Map([
      ['reg.1.label', 'stolen'],
      ['Device.Set', '0'],
    ]);
    assert.equal(full({ raw }).get('reg.1.label'), '201 Anna');
    assert.doesNotMatch(poly.renderFull(aFullView({ raw })).body, /stolen|Device\.Set/);
    assert.equal(minimal({ rawNames: ['reg.1.address'] }).get('reg.1.address'), 'bootstrap');
  });
});

/** A text as XML can say it: runs of what it cannot, and of ends of lines, are a space. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu, ' ');
}
