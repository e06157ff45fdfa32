/** Readers of both formats of the Gigaset bases, by their merge rules, for the tests. */
import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { RenderedDocument } from '../../../src/vendors/vendor.js';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name, _path, _isLeaf, isAttribute) =>
    !isAttribute && ['SYMB_ITEM', 'param', 'oper'].includes(name),
});

type Node = Record<string, string>;
/** What a base holds: its parameters, and the places for handsets that there are. */
export interface Base {
  parameters: Map<string, string>;
  places: Set<string>;
}

/**
 * What a base holds after it applied one document after the other: what is absent stays, unless its
 * place is given up.
 */
export function apply(...documents: RenderedDocument[]): Base {
  const base: Base = { parameters: new Map(), places: new Set() };
  for (const { body } of documents) {
    assert.equal(XMLValidator.validate(body), true);
    const root = parser.parse(body) as Record<string, Record<string, unknown>>;
    if (root['ProviderFrame'] === undefined)
      applyNvm(base, root['provisioning']!['nvm'] as Record<string, Node[]>);
    else applyFrame(base, body, root['ProviderFrame']['Provider'] as Record<string, Node & Node[]>);
  }
  return base;
}

function applyNvm(base: Base, nvm: Record<string, Node[]>): void {
  const operations = nvm['oper'] ?? [];
  const added = operations.filter((oper) => oper['@name'] === 'add_hs').map((oper) => oper['@value']!);
  if (operations.some((oper) => oper['@name'] === 'DeleteNotProvisionedHS')) base.places = new Set();
  for (const place of added) base.places.add(place);
  for (const { '@name': name, '@value': value } of nvm['param']!) base.parameters.set(name!, value!);
}

function applyFrame(base: Base, body: string, provider: Record<string, Node & Node[]>): void {
  assert.match(body, /^\p{ASCII}*$/u, 'the same in every encoding');
  assert.equal(provider['MAC_ADDRESS']!['@value'], '805EC0112233');
  const items = provider['SYMB_ITEM']!.map((item): [string, string] => [item['@ID']!, item['@value']!]);
  const url = provider['S_CONFIGFILE_URL'];
  if (url !== undefined) items.push(['S_CONFIGFILE_URL', url['@value']!]);
  for (const [name, value] of items) {
    assert.match(value, /^(?:"[^"]*"|0x[0-9a-f]+(?:,0x[0-9a-f]+)*)$/, name);
    base.parameters.set(name, value);
  }
}

/** What a full configuration can have besides lines. */
export const FULL_OF_EVERYTHING = {
  phoneBook: { name: 'Book-secretish', url: 'https://books.example/secretish.xml' },
  voicemailNumber: '*97secretish',
  firmwareUrl: 'https://prov.example/files/secretish-V2.65.0-build.8504c90.bin',
  toneCountry: 'DE',
  webInterface: true,
};

/** A text as XML can say it: runs of what it cannot, and of ends of lines, are a space. */
export function plain(text: string): string {
  const isSayable = (code: number): boolean =>
    (code >= 0x20 && code < 0x7f) ||
    (code > 0x9f && code < 0xd800 && code !== 0x2028 && code !== 0x2029) ||
    (code > 0xdfff && code < 0xfffe) ||
    code > 0xffff;
  const said = Array.from(text, (character) => (isSayable(character.codePointAt(0) ?? 0) ? character : '\0'));
  return said.join('').replaceAll(/\0+/g, ' ');
}
