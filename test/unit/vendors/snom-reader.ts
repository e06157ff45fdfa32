import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

type Node = Record<string, string>;
type Sections = Partial<Record<string, Record<string, Node[]>>>;

const SECTIONS = ['settings', 'phone-settings', 'functionKeys', 'gui-languages', 'certificates', 'tbook'];

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  alwaysCreateTextNode: true,
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && !SECTIONS.includes(name),
});

/**
 * What a snom holds: settings by name and index (`user_name[1]`), keys by index, languages and
 * authorities by URL.
 */
export interface SnomPhone {
  settings: Map<string, string>;
  permissions: Map<string, string | undefined>;
  keys: Map<string, { label: string; value: string; context: string }>;
  languages: Map<string, string>;
  authorities: Set<string>;
}

/** What it holds after it applied one document after the other: what is absent stays. */
export function applySnom(...documents: { body: string }[]): SnomPhone {
  const phone: SnomPhone = {
    settings: new Map(),
    permissions: new Map(),
    keys: new Map(),
    languages: new Map(),
    authorities: new Set(),
  };
  for (const { body } of documents) {
    assert.equal(XMLValidator.validate(body), true);
    const root = (parser.parse(body) as { settings: Sections }).settings;
    for (const [name, entries] of Object.entries(root['phone-settings'] ?? {})) {
      if (!Array.isArray(entries)) continue;
      for (const entry of entries) {
        const setting = entry['@idx'] === undefined ? name : `${name}[${entry['@idx']}]`;
        phone.settings.set(setting, textOf(entry));
        phone.permissions.set(setting, entry['@perm']);
      }
    }
    for (const key of root['functionKeys']?.['fkey'] ?? []) {
      phone.keys.set(key['@idx']!, { label: key['@label']!, value: textOf(key), context: key['@context']! });
    }
    for (const file of root['gui-languages']?.['language'] ?? [])
      phone.languages.set(file['@name']!, file['@url']!);
    for (const file of root['certificates']?.['certificate'] ?? []) phone.authorities.add(file['@url']!);
  }
  return phone;
}

const textOf = (node: Node): string => node['#text'] ?? '';

/** A text as XML can say it: runs of what it cannot, and of ends of lines, are a space. */
export function plainText(text: string): string {
  let said = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const sayable =
      (code >= 0x20 && code < 0x7f) ||
      (code > 0x9f && code < 0xd800 && code !== 0x2028 && code !== 0x2029) ||
      (code > 0xdfff && code < 0xfffe) ||
      code > 0xffff;
    said += sayable ? character : '\0';
  }
  return said.replaceAll(/\0+/g, ' ');
}
