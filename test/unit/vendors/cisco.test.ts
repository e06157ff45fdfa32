/** Cisco and Linksys ATAs: what both configurations say, and what the one leaves of the other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { cisco } from '../../../src/vendors/cisco/index.js';
import { FEATURES, type FullView } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';

const MODELS = ['SPA112', 'ATA192', 'PAP2T', 'SPA-2102', 'SPA3102', null, 'a model nobody knows'];

const XML = new XMLParser({ preserveOrder: true, parseTagValue: false, trimValues: false });
type Node = Record<string, Node[]> & { '#text'?: string };

/**
 * The leaves of a profile by their path, in the order of the file; the declaration and white space
 * between elements do not count.
 */
function read(document: { body: string }): Map<string, string> {
  assert.equal(XMLValidator.validate(document.body), true);
  const [declaration, profile, ...others] = (XML.parse(document.body) as Node[]).filter(
    (node) => !('#text' in node),
  );
  assert.ok(declaration !== undefined && '?xml' in declaration);
  assert.deepEqual(others, []);
  const leaves = new Map<string, string>();
  const visit = (nodes: Node[], path: string): void => {
    for (const node of nodes) {
      const [name, children] = Object.entries(node)[0] as [string, Node[]];
      if (name === '#text') continue;
      if (children.some((child) => !('#text' in child))) visit(children, `${path}${name}/`);
      else {
        assert.ok(!leaves.has(path + name), `${path}${name} is there once`);
        leaves.set(path + name, children.map((child) => String(child['#text'])).join(''));
      }
    }
  };
  visit(profile!['flat-profile']!, '');
  return leaves;
}

/**
 * What an ATA holds after it applied one document after the other: what is absent stays, an empty
 * element empties.
 */
function apply(...documents: { body: string }[]): Map<string, string> {
  const held = new Map<string, string>();
  for (const document of documents) {
    for (const [name, value] of read(document)) {
      if (value === '') held.delete(name);
      else held.set(name, value);
    }
  }
  return held;
}

/** Everything that can be set, with texts found nowhere else. */
const richView = (changes: Partial<FullView> = {}): FullView =>
  aFullView({
    lines: someLines(20),
    keys: [1, 2].map((line) => ({
      kind: 'speed-dial',
      label: 'KEY-secretish',
      value: '0123-secretish',
      line,
    })),
    phoneBook: { name: 'BOOK-secretish', url: 'https://book-secretish.example/' },
    voicemailNumber: '99-secretish',
    firmwareUrl: 'https://prov.example/files/cisco/fw-secretish.bin',
    languageUrl: 'https://prov.example/files/cisco/lang-secretish.xml',
    srtp: 'required',
    webInterface: true,
    rawNames: ['GPP_A'],
    raw: new Map([['GPP_A', 'raw-secretish']]),
    ...changes,
  });

describe('Cisco configurations', () => {
  test('are these files', () => {
    assert.equal(
      cisco.renderMinimal(aMinimalView({ model: 'SPA3102' })).body,
      golden('cisco-spa3102-minimal.xml'),
    );
    assert.equal(
      cisco.renderFull(aFullView({ model: 'SPA3102', toneCountry: 'DE', codecs: ['pcma', 'g729'] })).body,
      golden('cisco-spa3102-full.xml'),
    );
    assert.equal(
      cisco.renderMinimal(aMinimalView({ model: 'ATA191', displayText: 'Authentication blocked' })).body,
      golden('cisco-ata191-minimal.xml'),
    );
  });

  for (const model of MODELS) {
    test(`write the same parameters in both states on ${model}`, () => {
      const minimal = read(cisco.renderMinimal(aMinimalView({ model })));
      const full = read(cisco.renderFull(aFullView({ model, lines: someLines(20) })));
      assert.deepEqual([...minimal.keys()], [...full.keys()]);
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const full = cisco.renderFull(richView({ model }));
      assert.match(full.body, /pass-0-secretish/);
      assert.match(full.body, /0123-secretish/);
      assert.match(full.body, /raw-secretish/);
      const minimal = cisco.renderMinimal(aMinimalView({ model, rawNames: ['GPP_A'] }));
      assert.doesNotMatch(minimal.body, /secretish|proventoken|menu-full/);
      const held = apply(full, minimal);
      assert.deepEqual(held, apply(minimal));
      assert.doesNotMatch([...held.values()].join('\n'), /secretish|proventoken|menu-full/);
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const full = cisco.renderFull(aFullView({ model, lines: [] }));
      const held = apply(cisco.renderMinimal(aMinimalView({ model })), full);
      assert.deepEqual(held, apply(full));
      assert.doesNotMatch([...held.values()].join('\n'), /bootstrap|Authentication|\*89|menu-minimal/);
    });
  }

  test('reach the service from every port, of which one registers', () => {
    const held = apply(cisco.renderMinimal(aMinimalView()));
    for (const port of [1, 2]) {
      assert.equal(held.get(`Line_Enable_${port}_`), 'Yes');
      assert.equal(held.get(`User_ID_${port}_`), 'bootstrap');
      assert.equal(held.get(`Make_Call_Without_Reg_${port}_`), 'Yes');
    }
    assert.equal(held.get('Register_1_'), 'Yes');
    assert.equal(held.get('Register_2_'), 'No');
  });

  test('give time to key an emergency number before the service is dialled, and never dial at once', () => {
    const held = apply(cisco.renderMinimal(aMinimalView()));
    assert.equal(held.get('Dial_Plan_1_'), '(P3<:*89>|112S0|911S0|xx.|*[0-9*#].)');
    assert.equal(held.get('Emergency_Number_1_'), '112,911');
    const odd = aMinimalView({ emergencyNumbers: ['112', '1|<:666>', ''], serviceNumber: '*89' });
    assert.equal(apply(cisco.renderMinimal(odd)).get('Dial_Plan_1_'), '(P3<:*89>|112S0|xx.|*[0-9*#].)');
  });

  test('take a resync from the proxy only, and no other server from DHCP', () => {
    for (const document of [cisco.renderMinimal(aMinimalView()), cisco.renderFull(aFullView())]) {
      const parameters = read(document);
      assert.equal(parameters.get('Auth_Resync-Reboot_1_'), 'No');
      assert.equal(parameters.get('Restrict_Source_IP_1_'), 'Yes');
      assert.equal(parameters.get('DHCP_Option_To_Use'), '');
      assert.equal(parameters.get('Profile_Rule_B'), '');
      assert.equal(parameters.get('router-configuration/TR_069/TR_069_Status'), '0');
    }
    assert.equal(cisco.resync.event, 'resync');
  });

  test('ask for the file of the MAC below the token, whatever the URL has in it', () => {
    const rule = (url: string): string | undefined =>
      apply(cisco.renderFull(aFullView({ provisioningUrl: url }))).get('Profile_Rule');
    assert.equal(rule('https://prov.example:8443/t0ken/'), 'https://prov.example:8443/t0ken/$MA.xml');
    assert.equal(rule('https://prov.example/a$MA|b c/'), 'https://prov.example/a$$MA%7Cb%20c/$MA.xml');
  });

  test('know the zones of the world', () => {
    const clock = (timezone: string | null): (string | undefined)[] => {
      const held = apply(cisco.renderFull(aFullView({ timezone, model: 'ATA191' })));
      const router = 'router-configuration/Time_Setup';
      return [
        'Time_Zone',
        'Daylight_Saving_Time_Rule',
        `${router}/Time_Zone`,
        `${router}/Auto_Adjust_Clock`,
        `${router}/Daylight_Saving_Time_Rule`,
      ].map((name) => held.get(name));
    };
    const berlin = 'start=3/-1/7/2;end=10/-1/7/3;save=1';
    const newYork = 'start=3/8/7/2;end=11/1/7/2;save=1';
    assert.deepEqual(clock('Europe/Berlin'), ['GMT+01:00', berlin, '+01 2 2', '1', berlin]);
    assert.deepEqual(clock('America/New_York'), ['GMT-05:00', newYork, '-05 2 1', '1', newYork]);
    assert.deepEqual(clock('Asia/Kolkata'), ['GMT+05:30', undefined, '+05.5 1 0', '0', undefined]);
    assert.deepEqual(clock('UTC'), ['GMT', undefined, '+00 1 0', '0', undefined]);
    assert.deepEqual(clock('Australia/Lord_Howe'), [
      'GMT+10:30',
      'start=10/1/7/2;end=4/1/7/2;save=0:30',
      '+10 2 4',
      '1',
      'start=10/1/7/2;end=4/1/7/2;save=0:30',
    ]);
    assert.deepEqual(clock('Atlantis/Capital'), Array(5).fill(undefined));
    assert.deepEqual(clock(null), Array(5).fill(undefined));
  });

  test('set what an operator wishes', () => {
    const held = apply(
      cisco.renderFull(
        richView({
          model: 'ATA191',
          toneCountry: 'gb',
          codecs: ['g722', 'g729', 'pcmu'],
          serverTrust: { verify: true, caUrl: 'https://prov.example/files/ca.pem' },
        }),
      ),
    );
    assert.equal(held.get('Speed_Dial_2_1_'), '0123-secretish');
    assert.equal(held.get('Upgrade_Rule'), 'https://prov.example/files/cisco/fw-secretish.bin');
    assert.deepEqual(
      ['Preferred_Codec', 'Second_Preferred_Codec', 'Third_Preferred_Codec', 'G729a_Enable'].map((name) =>
        held.get(`${name}_1_`),
      ),
      ['G729a', 'G711u', 'Unspecified', 'Yes'],
    );
    assert.equal(held.get('Secure_Call_Option_1_'), 'Strict');
    assert.equal(held.get('Ring_Back_Tone'), '400@-19,450@-19;*(.4/.2/1+2,.4/2/1+2)');
    assert.equal(held.get('Dial_Tone'), '350@-19,440@-19;10(*/0/1+2)');
    assert.equal(held.get('router-configuration/Web_Management/Web_Utility_Access_HTTPS'), '1');
    assert.equal(held.get('Custom_CA_URL'), 'https://prov.example/files/ca.pem');
    assert.equal(held.get('TLS_Name_Validate_2_'), 'Yes');
    const lax = apply(cisco.renderFull(richView({ serverTrust: { verify: false, caUrl: null } })));
    assert.deepEqual(
      ['HTTPS_Name_Validate', 'TLS_Name_Validate_1_'].map((name) => lax.get(name)),
      ['No', 'No'],
    );
    assert.equal(held.get('GPP_A'), 'raw-secretish');
    assert.equal(held.get('Proxy_1_'), 'pbx-0-secretish.example:5061');
    assert.equal(held.get('SIP_Transport_1_'), 'TLS');
    assert.doesNotMatch([...held.values()].join('\n'), /BOOK|99-secretish|lang-secretish/);
    assert.ok(cisco.description.supports.every((feature) => FEATURES.includes(feature)));
  });

  test('take free parameters, but none that the gate owns', () => {
    assert.equal(cisco.rawFault('GPP_A', null), null);
    assert.equal(cisco.rawFault('Hook_Flash_Timer_Min', 'SPA112'), null);
    for (const name of [
      'Profile_Rule',
      'profile_rule_b',
      'Report_Rule',
      'Password_2_',
      'Auth_Resync-Reboot_1_',
      'router-configuration',
      'Web_Management',
      'Web_Login_Admin_Password',
    ]) {
      assert.match(cisco.rawFault(name, 'SPA3102') ?? '', /Dialgate/, name);
    }
    for (const name of ['', 'a b', '1st', 'a>', 'xmlfoo', 'x'.repeat(102)]) {
      assert.match(cisco.rawFault(name, null) ?? '', /no parameter name/, name);
    }
    const stale = aFullView({
      rawNames: ['Profile_Rule'],
      raw: new Map([['Profile_Rule', 'http://evil.example/']]),
    });
    assert.doesNotMatch(cisco.renderFull(stale).body, /evil/);
  });

  test('stay well-formed and change nothing else, whatever the texts say', () => {
    const texts = fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS, 'x'.repeat(1000), '\u202Etxet\u202C \u2066a\u2069'),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(texts, texts, texts, texts, (label, displayName, password, value) => {
        const changes: Partial<FullView> = {
          lines: [aLine({ label, displayName, password })],
          keys: [{ kind: 'speed-dial', label, value, line: 1 }],
        };
        const document = cisco.renderFull(aFullView(changes));
        const parameters = read(document);
        const plain = read(cisco.renderFull(aFullView()));
        assert.deepEqual([...parameters.keys()], [...plain.keys()]);
        for (const [name, text] of plain) {
          if (/^(?:Display_Name|Password|Speed_Dial_2)_1_$/.test(name)) continue;
          assert.equal(parameters.get(name), text, name);
        }
        assert.deepEqual(document, cisco.renderFull(aFullView(changes)), 'same input, same bytes');
      }),
      { numRuns: 100 },
    );
  });

  test('pass harmless texts on unchanged', () => {
    const displayName = 'Zoë Müller = #1 "株" <&> 😀';
    const held = apply(cisco.renderFull(aFullView({ lines: [aLine({ displayName })] })));
    assert.equal(held.get('Display_Name_1_'), displayName);
  });
});
