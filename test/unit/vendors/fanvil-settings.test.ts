/** Fanvil: how each wish is said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { fanvil } from '../../../src/vendors/fanvil/index.js';
import type { FullView, MinimalView } from '../../../src/vendors/vendor.js';
import { everything, read } from './fanvil-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';
import { plain } from './xml-text.js';

const minimal = (changes: Partial<MinimalView> = {}): Map<string, string> =>
  read(fanvil.renderMinimal(aMinimalView(changes)));
const full = (changes: Partial<FullView> = {}): Map<string, string> =>
  read(fanvil.renderFull(aFullView(changes)));
const at = (values: Map<string, string>, above: string, ...names: string[]): (string | undefined)[] =>
  names.map((name) => values.get(`${above}/${name}`));

describe('Fanvil elements', () => {
  test('of the minimal configuration show the exact text', () => {
    const phone = minimal({ model: 'X3S', displayText: 'Authentication blocked' });
    assert.equal(phone.get('phone/display/LCDTitle'), 'Authentication blocked');
    assert.equal(phone.get('sip/line[1]/DisplayName'), 'Authentication blocked');
    assert.deepEqual(at(phone, 'dsskey/internal[1]/Fkey[1]', 'Type', 'Value', 'Title'), [
      '2',
      'SIP1',
      'Authentication blocked',
    ]);
  });

  test('give time to key an emergency number before the service is dialled', () => {
    const phone = minimal();
    assert.deepEqual(at(phone, 'sip/line[1]', 'EnableHotline', 'HotlineNum', 'WarmLineTime'), [
      '1',
      '*89',
      '3',
    ]);
    assert.deepEqual(at(phone, 'sip/line[2]', 'EnableHotline', 'HotlineNum'), ['0', '']);
    assert.equal(phone.get('phone/EmergencyCall'), '112,911');
    assert.deepEqual(at(phone, 'sip/line[1]', 'DTMFMode', 'VoiceCodecMap'), ['1', 'PCMA,PCMU']);
  });

  test('keep the URL with the token from being replaced, and nobody else configures the phone', () => {
    for (const phone of [minimal(), full()]) {
      assert.deepEqual(at(phone, 'ap', 'pnp/PNPEnable', 'opt/DHCPOption', 'SaveProvisionInfo'), [
        '0',
        '0',
        '1',
      ]);
      assert.equal(phone.get('tr069/EnableTR069'), '0');
      assert.equal(phone.get('cti/EnabledActiveUri'), '0');
      assert.equal(phone.get('Version'), '2.0002');
    }
    assert.deepEqual(at(minimal(), 'ap', 'FlashServerIP', 'FlashProtocol', 'FlashMode', 'FlashInterval'), [
      'https://prov.example/bootstraptoken',
      '5',
      '2',
      '1',
    ]);
    assert.deepEqual(
      at(
        full({ provisioningUrl: 'http://10.0.0.1:8080/t/' }),
        'ap',
        'FlashServerIP',
        'FlashProtocol',
        'FlashInterval',
      ),
      ['http://10.0.0.1:8080/t', '4', '5'],
    );
  });

  test('have no password that everybody knows', () => {
    const phone = minimal({ phonePassword: 'menu-minimal' });
    for (const path of [
      'phone/MenuPassword',
      'phone/KeyLockPassword',
      'web/account[1]/Password',
      'web/account[2]/Password',
    ]) {
      assert.equal(phone.get(path), 'menu-minimal', path);
    }
  });

  test('put the keys of the lines first, and the others after them, over all pages', () => {
    const keys = Array.from({ length: 12 }, (_, index) => ({
      kind: index === 0 ? ('blf' as const) : ('speed-dial' as const),
      label: `K${index}`,
      value: String(200 + index),
      line: 2,
    }));
    const desk = full({ model: 'X5S', keys, lines: someLines(2) });
    const key = (path: string): (string | undefined)[] =>
      at(desk, `dsskey/${path}`, 'Type', 'Value', 'Title');
    assert.deepEqual(key('internal[1]/Fkey[2]'), ['2', 'SIP2', 'LABEL-1-secretish']);
    assert.deepEqual(key('internal[1]/Fkey[3]'), ['1', '200@2/ba', 'K0']);
    assert.deepEqual(key('internal[2]/Fkey[1]'), ['1', '206@2/f', 'K6']);
    const side = full({ model: 'X6U Pro', keys, lines: someLines(5) });
    assert.deepEqual(at(side, 'dsskey/dssSide[1]/Fkey[5]', 'Value'), ['SIP5']);
    assert.deepEqual(at(side, 'dsskey/internal[1]/Fkey[1]', 'Value'), ['200@2/ba']);
  });

  test('say what was wished for beyond the lines', () => {
    const phone = read(fanvil.renderFull(everything({ model: 'X6U', codecs: ['opus', 'g722'] })));
    assert.deepEqual(at(phone, 'phone/xmlContact[1]', 'Name', 'Addr'), [
      'BOOK-secretish',
      'https://books.example/secretish.xml',
    ]);
    assert.equal(
      phone.get('AUTOUPDATE_CONFIG_MODULE/Auto_Image_URL'),
      'https://prov.example/files/fanvil/secretish.z',
    );
    assert.equal(phone.get('mm/SelectYourTone'), '2');
    assert.deepEqual(at(phone, 'sip/line[2]', 'VoiceCodecMap', 'MWINum', 'Subscribe'), [
      'OPUS,G722',
      '*98secretish',
      '1',
    ]);
    assert.deepEqual(at(phone, 'dot1x/sslMode', 'PermissionCTF', 'CommonName'), ['1', '1']);
    assert.deepEqual(at(phone, 'sip/line[1]', 'RegisterAddr', 'Transport', 'ProxyAddr', 'ProxyPort'), [
      'pbx-0-secretish.example',
      '3',
      'proxy-0-secretish.example',
      '5070',
    ]);
  });

  test('name languages as the series does', () => {
    const language = (model: string, tag: string): string | undefined =>
      full({ model, language: tag }).get('phone/display/DefaultLanguage');
    assert.equal(language('X3S', 'fr-CA'), '4');
    assert.equal(language('V62', 'fr'), '5');
    assert.equal(language('X6U Pro', 'fr'), 'fr');
    assert.equal(language('X3S', 'xx'), '0');
    assert.equal(language('X6U', 'xx'), 'en');
  });

  test('know the zones of the world', () => {
    const clock = (timezone: string | null): (string | undefined)[] => {
      const phone = full({ timezone });
      return at(
        phone,
        'phone/date',
        'TimeZone',
        'TimeZoneName',
        'EnableDST',
        'DSTStartWeek',
        'DSTStartWday',
        'DSTEndMon',
      );
    };
    assert.deepEqual(clock('Europe/Berlin'), ['4', 'UTC+1', '2', '-1', '0', '10']);
    assert.deepEqual(clock('America/New_York'), ['-20', 'UTC-05', '2', '2', '0', '11']);
    assert.deepEqual(clock('Asia/Kolkata'), ['22', 'UTC+5:30', '0', undefined, undefined, undefined]);
    assert.deepEqual(clock('UTC').slice(0, 3), ['0', 'UTC', '0']);
    assert.deepEqual(clock(null), Array(6).fill(undefined));
  });

  test('let free parameters into their place, and never touch what the gate owns', () => {
    const phone = read(fanvil.renderFull(everything({ model: 'X3S' })));
    assert.equal(phone.get('phone/softkey/DesktopSoftkey'), 'raw-secretish');
    assert.equal(phone.get('phone/softkey/SoftkeyMode'), '1-secretish');
    assert.equal(phone.get('sip/line[1]/PickupNum'), '*8secretish');
    assert.equal(phone.get('net/MTU'), '1400secretish');
    for (const path of [
      'Version',
      'ap/FlashServerIP',
      'AP/flashserverip',
      'ap[1]/FlashServerIP',
      'sip/line[99]/RegisterUser',
      'ap/FlashServerIP/x',
    ]) {
      assert.match(fanvil.rawFault(path, 'X3S')!, /sets itself/, path);
    }
    assert.match(fanvil.rawFault('sip/line[1]', 'X3S')!, /others in it/);
    for (const path of [
      '',
      '/net',
      'net/',
      'net MTU',
      'net/<x>',
      'net[x]/MTU',
      '*',
      'phone/*',
      'a/'.repeat(9) + 'a',
    ]) {
      assert.match(fanvil.rawFault(path, 'X3S')!, /no path/, path);
    }
    const sneaked = full({ raw: new Map([['ap[1]/FlashServerIP', 'evil.example']]) });
    assert.equal([...sneaked.values()].includes('evil.example'), false);
    assert.equal(
      minimal({ rawNames: ['ap/FlashServerIP', '<x>'] }).get('ap/FlashServerIP'),
      'https://prov.example/bootstraptoken',
    );
  });

  test('are well-formed and say what the labels say, whatever that is', () => {
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, '\u202eright to left', 'x'.repeat(1000)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const wish = (label: string, value: string): FullView['keys'] => [{ kind: 'blf', label, value, line: 1 }];
    const calm = full({ model: 'X1S', keys: wish('a', 'b') });
    const told = new Map([
      ['phone/display/LCDTitle', 'label'],
      ['sip/line[1]/DisplayName', 'displayName'],
      ['sip/line[1]/RegisterPswd', 'password'],
      ['sip/line[1]/ProxyPswd', 'password'],
      ['dsskey/internal[1]/Fkey[1]/Title', 'label'],
      ['dsskey/internal[1]/Fkey[2]/Title', 'label'],
    ] as const);
    fc.assert(
      fc.property(texts, texts, texts, texts, (label, displayName, password, value) => {
        const said = { label, displayName, password };
        const view = aFullView({ model: 'X1S', lines: [aLine(said)], keys: wish(label, value) });
        const document = fanvil.renderFull(view);
        const values = read(document);
        assert.deepEqual([...values.keys()], [...calm.keys()]);
        for (const [path, text] of values) {
          const source = told.get(path as never);
          if (source !== undefined) assert.equal(text, plain(said[source]), path);
          else if (path.endsWith('Fkey[2]/Value'))
            assert.equal(text, `${plain(value.replaceAll(/[@/]/g, ''))}@1/ba`);
          else assert.equal(text, calm.get(path), path);
        }
        assert.deepEqual(document, fanvil.renderFull(view), 'same input, same bytes');
      }),
      { numRuns: 200 },
    );
  });
});
