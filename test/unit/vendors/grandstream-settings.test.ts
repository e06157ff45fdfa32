/** Grandstream: how each wish is said in the P-values of each series. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { grandstream } from '../../../src/vendors/grandstream/index.js';
import { everything, read } from './grandstream-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';
import { plain } from './xml-text.js';

describe('Grandstream P-values', () => {
  test('have as many accounts as the model, and no others are switched on', () => {
    const active = (model: string): string[] => {
      const phone = read(grandstream.renderFull(aFullView({ model, lines: someLines(20) })));
      return ['P271', 'P401', 'P501', 'P601', 'P701', 'P801', 'P1701', 'P1801', 'P50601', 'P51101'].filter(
        (name) => phone.get(name) === '1',
      );
    };
    assert.deepEqual(active('GXP1610'), ['P271']);
    assert.deepEqual(active('GRP2603'), ['P271', 'P401', 'P501', 'P601', 'P701', 'P801']);
    assert.deepEqual(active('GXP2160'), ['P271', 'P401', 'P501', 'P601', 'P1701', 'P1801']);
    assert.deepEqual(active('GXP2170').slice(-2), ['P50601', 'P51101']);
    const minimal = read(grandstream.renderMinimal(aMinimalView({ model: 'GXP2170' })));
    assert.equal(minimal.get('P271'), '1');
    for (const name of ['P401', 'P501', 'P601', 'P1701', 'P1801', 'P50601', 'P51101']) {
      assert.equal(minimal.get(name), '0', name);
    }
  });

  test('say the same wish in the numbers of each series', () => {
    const of = (model: string): Map<string, string> =>
      read(grandstream.renderMinimal(aMinimalView({ model, refreshSeconds: 60 })));
    assert.equal(of('GRP2614').get('P194'), '1', 'phones: every so many minutes');
    assert.equal(of('HT801').get('P194'), '3', 'adapters: every so many minutes');
    assert.equal(of('GRP2614').get('P193'), '60', 'an hour is the shortest');
    assert.deepEqual([of('GRP2614').get('P2301'), of('GRP2614').get('P2302')], ['0', '1'], 'RFC 4733');
    assert.equal(of('HT801').get('P850'), '101', 'RFC 4733');
    assert.equal(of('GRP2614').get('P1650'), '2', 'no web page');
  });

  test('take a NOTIFY without a challenge, from the SIP server only, and no factory reset by SIP', () => {
    const phone = read(grandstream.renderMinimal(aMinimalView({ model: 'GRP2614' })));
    assert.deepEqual(
      ['P4428', 'P2347', 'P2447', 'P26015'].map((name) => phone.get(name)),
      ['1', '1', '1', '0'],
    );
    const adapter = read(grandstream.renderMinimal(aMinimalView({ model: 'HT802' })));
    assert.deepEqual(
      ['P4428', 'P243', 'P743', 'P26015'].map((name) => adapter.get(name)),
      ['1', '1', '1', '0'],
    );
  });

  test('give time to key an emergency number, or dial nothing by themselves', () => {
    const minimal = (model: string): Map<string, string> =>
      read(grandstream.renderMinimal(aMinimalView({ model })));
    const grp = minimal('GRP2614');
    assert.deepEqual([grp.get('P71'), grp.get('P8388')], ['*89', '3']);
    assert.equal(grp.get('P8385'), '112,911');
    const gxp = minimal('GXP1628');
    assert.deepEqual([gxp.get('P71'), gxp.get('P8388')], ['', '0']);
    assert.deepEqual(
      ['P1365', 'P1366', 'P1467', 'P1468'].map((name) => gxp.get(name)),
      ['10', '0', 'Authenticate *89', '*89'],
    );
    assert.equal(minimal('GXV3370').get('P71'), '', 'a phone that nobody knows');
    assert.equal(minimal('GRP2670').get('P71'), '*89');
    const ht802 = minimal('HT802');
    assert.deepEqual(
      ['P71', 'P4045', 'P771', 'P4046'].map((name) => ht802.get(name)),
      ['*89', '3', '*89', '3'],
    );
    const ht818 = minimal('HT818');
    assert.deepEqual(
      ['P71', 'P4045', 'P4210', 'P4217', 'P4602', 'P4067'].map((name) => ht818.get(name)),
      ['', '3', '*89', '*89', '1', 'bootstrap'],
    );
  });

  test('put the other keys after those of the lines', () => {
    const keys = [
      { kind: 'blf', label: 'Bob', value: '202', line: 1 },
      { kind: 'speed-dial', label: 'Door', value: '203', line: 2 },
    ] as const;
    const of = (model: string, names: string[]): (string | undefined)[] => {
      const phone = read(grandstream.renderFull(aFullView({ model, keys, lines: someLines(2) })));
      return names.map((name) => phone.get(name));
    };
    const third = ['P1367', 'P1368', 'P1469', 'P1470'];
    const fourth = ['P1369', 'P1370', 'P1471', 'P1472'];
    assert.deepEqual(of('GRP2614', [...third, ...fourth]), ['1', '0', 'Bob', '202', '0', '1', 'Door', '203']);
    assert.deepEqual(of('GXP2130', [...third, ...fourth]), [
      '11',
      '0',
      'Bob',
      '202',
      '0',
      '1',
      'Door',
      '203',
    ]);
    const side = ['P323', 'P301', 'P302', 'P303', 'P324', 'P304', 'P305', 'P306'];
    assert.deepEqual(of('GXP1628', side), ['1', '0', 'Bob', '202', '0', '1', 'Door', '203']);
    assert.deepEqual(of('GXP1630', third), ['10', '1', 'Door', '203'], 'a small line key cannot watch');
  });

  test('put lines at two servers into the two profiles of a large adapter', () => {
    const lines = [
      aLine({ host: 'a.example', sipUser: 'one' }),
      aLine({ host: 'b.example', sipUser: 'two', transport: 'tcp' }),
      aLine({ host: 'a.example', sipUser: 'three' }),
      aLine({ host: 'c.example', sipUser: 'four' }),
    ];
    const adapter = read(grandstream.renderFull(aFullView({ model: 'HT814', lines })));
    const values = (...numbers: number[]): (string | undefined)[] =>
      numbers.map((number) => adapter.get(`P${number}`));
    assert.deepEqual(values(47, 130, 747, 830), ['a.example:5061', '2', 'b.example:5061', '1']);
    assert.deepEqual(values(4060, 4061, 4062, 4063), ['one', 'two', 'three', '']);
    assert.deepEqual(values(4150, 4151, 4152, 4595, 4598), ['0', '1', '0', '1', '0']);
    assert.deepEqual(values(35, 34, 735), ['', '', ''], 'a profile is nobody');
  });

  test('say what was wished for beyond the lines', () => {
    const phone = read(
      grandstream.renderFull(everything({ model: 'GRP2614', codecs: ['opus', 'g722'], srtp: 'required' })),
    );
    const values = (...numbers: number[]): (string | undefined)[] =>
      numbers.map((number) => phone.get(`P${number}`));
    assert.deepEqual(values(330, 331, 332), ['3', 'books.example/secretish', '720']);
    assert.deepEqual(values(192, 6767, 238), ['prov.example/files/grandstream/secretish', '2', '0']);
    assert.deepEqual(values(57, 58, 59, 98), ['123', '9', '9', '9']);
    assert.deepEqual(values(183, 443), ['2', '2']);
    assert.deepEqual(values(33, 99, 426, 415), ['*98secretish', '1', '*98secretish', '1']);
    assert.deepEqual(values(343, 346, 348), [
      'f1=425,f2=425;',
      'f1=425,f2=425,c=100/400;',
      'f1=425,f2=425,c=48/48;',
    ]);
    assert.deepEqual(values(1650, 8463, 1345), ['0', '1', 'raw-secretish']);
    const trusts = [null, false, true].map((verify) =>
      read(grandstream.renderFull(aFullView({ serverTrust: { verify, caUrl: null } }))).get('P8463'),
    );
    assert.deepEqual(trusts, [undefined, '0', '1'], 'none is made more trusting that nobody wished to be');
    const adapter = read(grandstream.renderFull(everything({ model: 'HT802', toneCountry: 'GB' })));
    assert.equal(adapter.get('P4000'), 'f1=350@-13,f2=440@-13,c=0/0;');
    assert.equal(adapter.get('P4001'), 'f1=400@-13,f2=450@-13,c=400/200-400/2000;');
    assert.equal(adapter.get('P57'), '8', 'narrow band');
  });

  test('know the zones of the world', () => {
    const clock = (timezone: string | null): (string | undefined)[] => {
      const phone = read(grandstream.renderFull(aFullView({ timezone })));
      return [phone.get('P64'), phone.get('P246')];
    };
    assert.deepEqual(clock('Europe/Berlin'), ['customize', 'MTZ-1MDT-2,M3.5.0/02:00:00,M10.5.0/03:00:00']);
    assert.deepEqual(clock('America/New_York'), ['customize', 'MTZ+5MDT+4,M3.2.0/02:00:00,M11.1.0/02:00:00']);
    assert.deepEqual(clock('Asia/Kolkata'), ['customize', 'MTZ-5:30']);
    assert.deepEqual(clock('Australia/Lord_Howe'), [
      'customize',
      'MTZ-10:30MDT-11,M10.1.0/02:00:00,M4.1.0/02:00:00',
    ]);
    assert.deepEqual(clock('UTC'), ['customize', 'MTZ+0']);
    assert.deepEqual(clock('Atlantis/Capital'), [undefined, undefined]);
  });

  test('let no free parameter touch what the gate owns', () => {
    assert.equal(grandstream.rawFault('P1345', 'GRP2614'), null);
    assert.match(grandstream.rawFault('P237', 'GRP2614')!, /sets itself/);
    assert.match(grandstream.rawFault('P4060', 'HT818')!, /sets itself/);
    for (const name of ['p1345', 'P', 'P0', 'P1345>', '1345', 'account.1.enable']) {
      assert.match(grandstream.rawFault(name, null)!, /no parameter name/, name);
    }
    const names = read(grandstream.renderMinimal(aMinimalView({ rawNames: ['P237', '<x>'] })));
    assert.equal(names.get('P237'), 'prov.example/bootstraptoken');
    const sneaked = aFullView({ raw: new Map([['P237', 'evil.example']]) });
    assert.equal(read(grandstream.renderFull(sneaked)).get('P237'), 'prov.example/proventoken');
  });

  test('are well-formed and say what the labels say, whatever that is', () => {
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, '\u202eright to left', 'x'.repeat(1000)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const calm = read(
      grandstream.renderFull(aFullView({ keys: [{ kind: 'blf', label: 'a', value: 'b', line: 1 }] })),
    );
    const told = new Set(['P270', 'P3', 'P34', 'P1467', 'P1468']);
    fc.assert(
      fc.property(texts, texts, texts, texts, (label, displayName, password, value) => {
        const view = aFullView({
          lines: [aLine({ label, displayName, password })],
          keys: [{ kind: 'blf', label, value, line: 1 }],
        });
        const full = grandstream.renderFull(view);
        const parameters = read(full);
        assert.deepEqual([...parameters.keys()], [...calm.keys()]);
        for (const [name, text] of parameters) if (!told.has(name)) assert.equal(text, calm.get(name), name);
        assert.deepEqual(
          ['P270', 'P3', 'P34', 'P1467', 'P1468'].map((name) => parameters.get(name)),
          [label, displayName, password, label, value].map(plain),
        );
        assert.deepEqual(full, grandstream.renderFull(view), 'same input, same bytes');
      }),
      { numRuns: 200 },
    );
  });

  test('tell the port of an IPv6 address from the address', () => {
    const account = { ...aMinimalView().account, host: '2001:db8::7' };
    assert.equal(read(grandstream.renderMinimal(aMinimalView({ account }))).get('P47'), '[2001:db8::7]:5060');
  });
});
