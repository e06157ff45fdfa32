import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { loadTemplates } from '../../../src/configuration/load-templates.js';
import type { OwnTemplates } from '../../../src/configuration/own-templates.js';
import { StartupFault } from '../../../src/domain/startup-fault.js';
import { snom } from '../../../src/vendors/snom/index.js';
import { yealink } from '../../../src/vendors/yealink/index.js';
import { aFullView, aLine, aMinimalView } from '../vendors/views.js';

type Files = Record<string, string | Buffer>;

function makeFolder(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'dialgate-templates-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

interface Loaded {
  templates: OwnTemplates;
  lines: string[];
}

async function load(files: Files): Promise<Loaded> {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  return { templates: await loadTemplates(makeFolder(files), log), lines };
}

/** What keeps Dialgate from starting, one problem a line. */
async function problems(files: Files): Promise<string[]> {
  const folder = makeFolder(files);
  try {
    await loadTemplates(folder, pino({ level: 'silent' }));
  } catch (error) {
    assert.ok(error instanceof StartupFault, String(error));
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replace(`${folder}/`, ''));
  }
  return [];
}

const minimalOf = (templates: OwnTemplates): string => templates.renderMinimal(yealink, aMinimalView()).body;

describe('a template', () => {
  test('extends what the family writes', async () => {
    const { templates } = await load({
      'yealink/full.liquid':
        '{{ base }}{% for line in lines %}# {{ line.label | line }}\n{% endfor %}{% render "_clock", zone: timezone %}',
      'yealink/_clock.liquid': '{% if zone %}# {{ zone }}\n{% endif %}',
    });
    const view = aFullView({ lines: [aLine({ label: 'An\r\nna' }), aLine({ label: 'Ben' })] });
    const own = yealink.renderFull(view);
    assert.deepEqual(templates.renderFull(yealink, view), {
      ...own,
      body: `${own.body}# An na\n# Ben\n# Europe/Berlin\n`,
    });
    assert.equal(
      minimalOf(templates),
      yealink.renderMinimal(aMinimalView()).body,
      'the other stays as it is',
    );
    assert.equal(templates.renderFull(snom, view).body, snom.renderFull(view).body, 'so do other vendors’');
  });

  test('replaces it', async () => {
    const { templates } = await load({
      'snom/minimal.liquid':
        '<x a="{{ account.password | xml }}" b="{{ account.user }}">{{ displayText | xml }}</x>\n',
    });
    const view = aMinimalView({ account: { ...aMinimalView().account, password: '"<&>\'' } });
    assert.deepEqual(templates.renderMinimal(snom, view), {
      contentType: snom.renderMinimal(view).contentType,
      body: '<x a="&quot;&lt;&amp;&gt;&apos;" b="bootstrap">Authentication needed</x>\n',
    });
  });

  test('of the minimal configuration has nothing of the full one to take from', async () => {
    for (const name of ['lines', 'keys', 'raw', 'phoneBook', 'voicemailNumber']) {
      assert.deepEqual(await problems({ 'yealink/minimal.liquid': `{{ base }}\n{{ ${name} }}` }), [
        `yealink/minimal.liquid:2: undefined variable: ${name}`,
      ]);
    }
  });

  test('makes the same bytes of the same view', async () => {
    const { templates } = await load({ 'yealink/full.liquid': '{{ base }}{{ mac }} {{ raw | json }}' });
    const view = aFullView({
      raw: new Map([
        ['b', '1'],
        ['a', '2'],
      ]),
    });
    assert.equal(templates.renderFull(yealink, view).body, templates.renderFull(yealink, view).body);
    for (const filter of ['date: "%s"', 'sample', 'date_to_rfc822']) {
      const [problem] = await problems({ 'yealink/full.liquid': `{{ base | ${filter} }}` });
      assert.match(problem ?? '', /undefined filter/, filter);
    }
  });

  test('gets at nothing but its view', async () => {
    for (const [expression, what] of [
      ['{{ lines.constructor }}', 'lines.constructor'],
      ['{{ base.__proto__ }}', 'base.__proto__'],
      ['{{ account.constructor.prototype }}', 'account'],
      ['{{ process.env }}', 'process'],
    ] as const) {
      const [problem] = await problems({ 'yealink/full.liquid': expression });
      assert.match(problem ?? '', new RegExp(`(?:undefined|unknown) variable: ${what}`), expression);
    }
    for (const path of ['../../master.key', '/etc/passwd', '../snom/_part', 'http://evil.example/x']) {
      const files = { 'yealink/full.liquid': `{% include "${path}" %}`, 'snom/_part.liquid': 'x' };
      const [problem] = await problems(files);
      assert.match(problem ?? '', /^yealink\/full\.liquid:1: ENOENT/, path);
    }
  });
});

test('what is wrong with templates is said at once, with file and line', async () => {
  assert.deepEqual(
    await problems({
      'nokia/full.liquid': 'x',
      'snom/minimal.liquid': 'a\n\n{% if %}{% endif %}',
      'yealink/full.liquid': '{{ base }}\n{% include "_part" %}',
      'yealink/_part.liquid': 'x\n{{ nonsense }}\n',
      'yealink/standard.liquid': 'x',
      'yealink/notes.txt': 'x',
    }),
    [
      'nokia: there is no vendor family of this name',
      'snom/minimal.liquid:3: invalid value expression: ""',
      'yealink/notes.txt: is neither minimal.liquid nor full.liquid nor a part of one (_name.liquid)',
      'yealink/standard.liquid: is neither minimal.liquid nor full.liquid nor a part of one (_name.liquid)',
      'yealink/_part.liquid:2: undefined variable: nonsense',
    ],
  );
  const single: [template: string, problem: RegExp][] = [
    ['{{ base }}\n{{ base | nonsense }}', /^yealink\/full\.liquid:2: undefined filter: nonsense$/],
    ['{% nonsense %}', /^yealink\/full\.liquid:1: tag "nonsense" not found$/],
    [
      '{{ base }}{% if model == "T46U" %}\n{{ nonsense }}{% endif %}',
      /^yealink\/full\.liquid:2: unknown variable: nonsense$/,
    ],
    [
      '{% for line in lines %}\n{{ line.nonsense }}{% endfor %}',
      /^yealink\/full\.liquid:2: undefined variable: line.nonsense$/,
    ],
    ['{% for line in lines %}', /^yealink\/full\.liquid:1: tag .* not closed$/],
    ['{% for a in (1..100000000) %}x{% endfor %}', /^yealink\/full\.liquid:1: .*limit exceeded/],
    [
      '{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}',
      /has more than 500000 characters$|render limit exceeded$/,
    ],
    ['{% render "full" %}', /^yealink\/full\.liquid:1: /],
    ['x'.repeat(200_001), /limit exceeded/],
  ];
  for (const [template, expected] of single) {
    const [problem] = await problems({ 'yealink/full.liquid': template });
    assert.match(problem ?? 'none', expected, template.slice(0, 60));
  }
});

test('a template that is empty, or no text, is wrong too', async () => {
  assert.deepEqual(
    await problems({
      'snom/minimal.liquid': '',
      'yealink/_part.liquid': Buffer.from('M\xfcller', 'latin1'),
      'yealink/full.liquid': '{% if model == "none" %}{{ base }}{% endif %}\n',
    }),
    [
      'snom/minimal.liquid: the document is empty',
      'yealink/_part.liquid: is not in UTF-8',
      'yealink/full.liquid: the document is empty',
    ],
  );
  const { templates } = await load({ 'yealink/full.liquid': '\uFEFF{{ base }}' });
  const view = aFullView();
  assert.equal(
    templates.renderFull(yealink, view).body,
    yealink.renderFull(view).body,
    'no mark comes first',
  );
});

test('one that has nothing to say of some phone is left out for that phone', async () => {
  const { templates } = await load({
    'yealink/full.liquid': '{% if timezone != "Asia/Tokyo" %}{{ base }}x{% endif %}',
  });
  const view = aFullView({ timezone: 'Asia/Tokyo' });
  assert.equal(templates.renderFull(yealink, view).body, yealink.renderFull(view).body);
});

test('one that takes the account away, with which help is called, is refused, or left out where it does', async () => {
  const fault = 'the document has no account to call for help with';
  assert.deepEqual(
    await problems({ 'yealink/minimal.liquid': '{{ displayText }}', 'snom/full.liquid': '{{ mac }}' }),
    [`snom/full.liquid: ${fault}`, `yealink/minimal.liquid: ${fault}`],
  );
  const { templates, lines } = await load({
    'yealink/full.liquid': '{{ provisioningUrl }}{% for line in lines %}{{ line.sipUser }}{% endfor %}',
  });
  assert.match(templates.renderFull(yealink, aFullView()).body, /k201a$/);
  const { account, serviceNumber } = aMinimalView();
  const service = { displayText: 'No line assigned', serviceNumber, account } as const;
  const without = aFullView({ lines: [], service });
  assert.equal(templates.renderFull(yealink, without).body, yealink.renderFull(without).body);
  assert.match(lines.join(''), new RegExp(fault));
});

test('what may be missing can be asked for', async () => {
  const guarded =
    '{{ base }}{% if phoneBook %}{{ phoneBook.url }}{% endif %}{% if lines[5] %}{{ lines[5].label }}{% endif %}';
  assert.deepEqual(await problems({ 'yealink/full.liquid': guarded }), []);
});

test('there need be no templates, and hidden files are nobody’s', async () => {
  assert.deepEqual(await problems({}), []);
  assert.deepEqual(await problems({ '.git/config': 'x', 'yealink/.full.liquid.swp': '{{ x' }), []);
  const none = await loadTemplates('/nonexistent/templates', pino({ level: 'silent' }));
  assert.equal(minimalOf(none), yealink.renderMinimal(aMinimalView()).body);
});

test('a folder that cannot be read keeps Dialgate from starting, with a word about it', async () => {
  const folder = makeFolder({ yealink: 'a file' });
  await assert.rejects(loadTemplates(folder, pino({ level: 'silent' })), StartupFault);
  const broken = makeFolder({ 'yealink/_a.liquid': 'x' });
  symlinkSync('nowhere', join(broken, 'yealink', 'full.liquid'));
  await assert.rejects(
    loadTemplates(broken, pino({ level: 'silent' })),
    /full\.liquid cannot be read \(ENOENT\)/,
  );
});

test('a template that fails with some phone’s view is left out, and logged once', async () => {
  // The examples have one key at most.
  const { templates, lines } = await load({
    'yealink/full.liquid': '{{ base }}{% if keys[1] %}{{ keys[1].nonsense }}{% endif %}',
  });
  const key = { kind: 'blf', label: 'K', value: '1', line: 1 } as const;
  const view = aFullView({ keys: [key, key] });
  for (let count = 0; count < 3; count++)
    assert.equal(templates.renderFull(yealink, view).body, yealink.renderFull(view).body);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /full\.liquid:1: undefined variable: keys/);
  assert.doesNotMatch(lines[0] ?? '', /S1p-secret/);
});

test('a document keeps the line ends of its family', async () => {
  const { templates } = await load({ 'yealink/full.liquid': '{{ base }}a\nb\r\nc\n' });
  const withCrlf = { ...yealink, renderFull: () => ({ contentType: 'text/plain', body: 'x\r\n' }) };
  assert.equal(templates.renderFull(withCrlf, aFullView()).body, 'x\r\na\r\nb\r\nc\r\n');
});
