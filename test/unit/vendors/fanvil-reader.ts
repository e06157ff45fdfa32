/** Reads Fanvil documents as the phones do, and has a view with everything in it. */
import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { FullView } from '../../../src/vendors/vendor.js';
import { aFullView, someLines } from './views.js';

type Element = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});

/**
 * The values of a document by their paths (`sip/line[1]/RegisterUser`); each element stands there
 * once.
 */
export function read(document: { body: string }): Map<string, string> {
  assert.equal(XMLValidator.validate(document.body), true);
  const values = new Map<string, string>();
  const seen = new Set<string>();
  const walk = (elements: Element[], above: string): void => {
    for (const element of elements) {
      const name = Object.keys(element).find((key) => key !== ':@')!;
      if (name === '#text' || name.startsWith('?')) continue;
      const index = (element[':@'] as Record<string, string> | undefined)?.['index'];
      const path = `${above}${name}${index === undefined ? '' : `[${index}]`}`;
      assert.ok(!seen.has(path), `${path} stands there twice`);
      seen.add(path);
      const below = element[name] as Element[];
      const texts = below.filter((one) => Object.hasOwn(one, '#text')).map((one) => String(one['#text']));
      if (texts.length === below.length && !texts.some((text) => text.includes('\n')))
        values.set(path, texts.join(''));
      else walk(below, `${path}/`);
    }
  };
  const root = (parser.parse(document.body) as Element[]).find((element) =>
    Object.hasOwn(element, 'sysConf'),
  );
  walk(root!['sysConf'] as Element[], '');
  return values;
}

/** What a phone holds after it applied one document after the other: what is absent stays. */
export function apply(...documents: { body: string }[]): Map<string, string> {
  return new Map(documents.flatMap((document) => [...read(document)]));
}

const RAW = {
  'phone/softkey/DesktopSoftkey': 'raw-secretish',
  'phone/softkey/SoftkeyMode': '1-secretish',
  'sip/line[1]/PickupNum': '*8secretish',
  'net/MTU': '1400secretish',
};
export const RAW_NAMES = Object.keys(RAW);

/** With everything in it that a phone can be told. */
export const everything = (changes: Partial<FullView> = {}): FullView =>
  aFullView({
    lines: someLines(24),
    keys: Array.from({ length: 200 }, (_, at) => ({
      kind: at % 2 === 0 ? 'blf' : 'speed-dial',
      label: `KEY-${at}-secretish`,
      value: `${at}-secretish`,
      line: 1,
    })),
    phoneBook: { name: 'BOOK-secretish', url: 'https://books.example/secretish.xml' },
    voicemailNumber: '*98secretish',
    firmwareUrl: 'https://prov.example/files/fanvil/secretish.z',
    toneCountry: 'DE',
    serverTrust: { verify: true, caUrl: null },
    raw: new Map(Object.entries(RAW)),
    rawNames: RAW_NAMES,
    ...changes,
  });
