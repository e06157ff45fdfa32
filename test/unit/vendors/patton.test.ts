/**
 * Patton SmartNodes: which files they ask for, what both configurations say, and that the words
 * stay in their places.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseMac } from '../../../src/domain/mac.js';
import { patton } from '../../../src/vendors/patton/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';

const MAC = parseMac('00a0ba08933c')!;
const recognise = (name: string): RecognisedFile | null =>
  patton.recogniseFile({ name, query: new URLSearchParams() });

/** The commands of a script as words; quotes hold one together. Indentation does not count. */
function read(document: { body: string }): string[][] {
  const [header, ...lines] = document.body.split('\n');
  assert.equal(header, 'cli version 3.20');
  assert.equal(lines.pop(), '', 'the last line ends');
  return lines.map((line) => {
    assert.match(line, /^[ -~]*[!-~]$/, `printable ASCII: ${JSON.stringify(line)}`);
    const words = line.trim().match(/"[^"]*"|[^\s"]+/g) ?? [];
    assert.equal(words.join(' '), line.trim(), 'words are told apart by one space, and quotes come in pairs');
    return words.map((word) => word.replace(/^"(.*)"$/, '$1'));
  });
}

const has = (document: { body: string }, command: string): boolean =>
  read(document).some((words) => words.join(' ') === command);

describe('Patton file names', () => {
  test('name a device in either case', () => {
    for (const name of ['00a0ba08933c.cfg', '00A0BA08933C.CFG']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
  });

  test('of firmware are absent, of anything else not its own', () => {
    assert.deepEqual(recognise('sn4110/bw'), { kind: 'absent' });
    for (const name of [
      '',
      '00a0ba08933.cfg',
      '01a0ba08933c.cfg',
      '00a0ba08933c.xml',
      '00a0ba08933c.cfg\n',
      'bw',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
  });

  test('come with these User-Agents', () => {
    const tail = 'H323 SIP FXS FXO; Hardware Version';
    assert.deepEqual(
      patton.recogniseUserAgent(
        `SmartNode (Model:SN4112/JS/EUI; Serial:00A0BA08933C; Software Version:R6.2 2012-09-11 ${tail}:4.4)`,
      ),
      { model: 'SN4112', firmware: '6.2', mac: MAC },
    );
    assert.deepEqual(
      patton.recogniseUserAgent(
        `SmartNode (Model:SN4316/JS; Serial:00A0BA0BA9A5; Software Version:R6.9 2016-07-05 ${tail}:2.3)`,
      ),
      { model: 'SN4316', firmware: '6.9', mac: parseMac('00a0ba0ba9a5') },
    );
    for (const other of ['', 'curl/7.88.1', 'SmartNode', 'Cisco/SPA525G-7.4.4 (CBT141900G7)']) {
      assert.equal(patton.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Patton configurations', () => {
  test('are these files', () => {
    assert.equal(
      patton.renderMinimal(aMinimalView({ model: 'SN4112' })).body,
      golden('patton-sn4112-minimal.cfg'),
    );
    assert.equal(
      patton.renderFull(aFullView({ model: 'SN4112/JS/EUI', toneCountry: 'DE', codecs: ['pcma', 'g729'] }))
        .body,
      golden('patton-sn4112-full.cfg'),
    );
  });

  test('are the same in every state of a phone that waits: there is no display, and a change would be a reload', () => {
    const needed = patton.renderMinimal(aMinimalView({ displayText: 'Authentication needed' }));
    assert.deepEqual(patton.renderMinimal(aMinimalView({ displayText: 'Authentication failed' })), needed);
  });

  for (const [model, ports] of [
    ['SN4112', 2],
    ['sn4114/JS', 4],
    ['SmartNode 4118', 8],
    ['SN4332', 32],
    [null, 2],
  ] as const) {
    test(`reach the service from each of the ${ports} ports of ${model}, and no line of another state`, () => {
      const minimal = patton.renderMinimal(aMinimalView({ model, rawNames: ['system hostname'] }));
      const commands = read(minimal).map((words) => words.join(' '));
      const count = (command: RegExp): number => commands.filter((line) => command.test(line)).length;
      assert.equal(count(/^port fxs 0 \d+$/), ports);
      assert.equal(count(/^route T3 dest-interface IF_SIP1 MT_SERVICE$/), ports);
      assert.equal(count(/^identity /), 1);
      assert.equal(count(/^shutdown$/), 0);
      assert.doesNotMatch(minimal.body, /hostname|webserver|PF_FIRMWARE|tone-set/);
    });

    test(`give ${model} as many lines as it has ports, and switch the others off`, () => {
      const all = patton.renderFull(aFullView({ model, lines: someLines(40) }));
      assert.equal(read(all).filter(([word]) => word === 'identity').length, ports);
      assert.doesNotMatch(all.body, /\*89|bootstrap|Authentication|menu-minimal|MT_SERVICE/);
      const none = patton.renderFull(aFullView({ model, lines: [] }));
      assert.equal(read(none).filter(([word]) => word === 'shutdown').length, ports);
      assert.doesNotMatch(none.body, /authentication-service|location-service/);
    });
  }

  test('dial what was keyed, and the service only when nothing was', () => {
    const minimal = patton.renderMinimal(aMinimalView());
    for (const command of ['map (.+) to \\1', 'map default to *89'])
      assert.ok(has(minimal, command), command);
    assert.ok(
      !/route (?!T3 |call |sip:)/.test(minimal.body),
      'no other route, or the call router would wait',
    );
  });

  test('fetch as often as they are told, from the URL with the token, and when a NOTIFY says so', () => {
    for (const [document, minutes, token] of [
      [patton.renderMinimal(aMinimalView()), '1 minute', 'bootstraptoken'],
      [patton.renderFull(aFullView()), '300 minutes', 'proventoken'],
    ] as const) {
      assert.ok(
        has(document, `timer TIMER_CONFIGURATION now + ${minutes} provisioning execute PF_CONFIGURATION`),
      );
      assert.ok(has(document, `location 1 https://prov.example/${token}/$(system.mac).cfg`));
      assert.ok(has(document, 'notify check-sync accept'));
      assert.ok(!document.body.includes('dhcp.66'));
    }
    assert.equal(patton.resync.event, 'check-sync');
  });

  test('know the zones of the world', () => {
    const clock = (timezone: string | null): string[] =>
      read(patton.renderFull(aFullView({ timezone })))
        .filter(([word]) => word === 'clock')
        .map((words) => words.slice(2).join(' '));
    assert.deepEqual(clock('America/New_York'), [
      'default-offset -05:00',
      'dst-rule SUMMER -04:00 from 02:00 mar second sunday until 02:00 nov first sunday',
    ]);
    assert.deepEqual(clock('Asia/Kolkata'), ['default-offset +05:30']);
    assert.deepEqual(clock('Atlantis/Capital'), []);
    assert.deepEqual(clock(null), []);
  });

  test('set what an operator wishes', () => {
    const full = patton.renderFull(
      aFullView({
        webInterface: true,
        firmwareUrl: 'https://prov.example/files/patton/sn4110/bw',
        raw: new Map([
          ['dns-client server', '192.0.2.1'],
          ['system hostname', 'front desk\nadministrator evil password x'],
          ['administrator', 'evil password x'],
        ]),
      }),
    );
    assert.ok(has(full, 'webserver port 80 language en'));
    assert.ok(has(full, 'location 1 https://prov.example/files/patton/sn4110/bw'));
    assert.ok(has(full, 'dns-client server 192.0.2.1'));
    assert.equal(read(full).filter(([word]) => word === 'administrator').length, 1);
  });

  test('take free commands, but none that the gate owns and none that does something', () => {
    assert.equal(patton.rawFault('dns-client server', null), null);
    assert.equal(patton.rawFault('no snmp', 'SN4112'), null);
    for (const name of [
      'administrator',
      'no administrator',
      'profile voip default',
      'context cs',
      'webserver',
    ]) {
      assert.match(patton.rawFault(name, null) ?? '', /Dialgate/, name);
    }
    assert.match(patton.rawFault('reload', null) ?? '', /does something/);
    for (const name of ['', ' a', 'A', 'a  b', 'a\nb', 'x'.repeat(101)]) {
      assert.match(patton.rawFault(name, null) ?? '', /no command/, JSON.stringify(name));
    }
  });

  test('keep every text in its own word, whatever it says', () => {
    const texts = fc.oneof(
      fc.constantFrom(
        ...HOSTILE_TEXTS,
        'a" password "x',
        'a\\',
        '# a',
        'a?',
        'x'.repeat(1000),
        '\u202Etxet\u202C',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const plain = read(patton.renderFull(aFullView({ lines: [aLine()] })));
    fc.assert(
      fc.property(texts, texts, texts, (label, displayName, password) => {
        const document = patton.renderFull(aFullView({ lines: [aLine({ label, displayName, password })] }));
        const commands = read(document);
        assert.equal(commands.length, plain.length);
        for (const [at, words] of commands.entries()) {
          const expected = plain[at]!;
          const isPassword = expected[0] === 'username';
          assert.deepEqual(
            isPassword ? words.slice(0, -1) : words,
            isPassword ? expected.slice(0, -1) : expected,
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  test('write passwords and users as they are, in quotes where they need them', () => {
    const lines = [aLine({ sipUser: '+49 30.1', authUser: 'Zoë', password: 'a b#c?' })];
    const { body } = patton.renderFull(aFullView({ lines }));
    assert.match(body, /^ {2}username Zoe password "a b#c\?"$/m);
    assert.match(body, /^ {4}subscriber-number "\+49 30\.1"$/m);
    assert.match(body, /^ {4}route sip:\.49\.30\.1@\.% dest-interface IF_FXS0$/m);
  });
});
