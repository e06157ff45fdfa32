/** Reads Grandstream documents as the phones do, and has a view with everything in it. */
import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { FullView } from '../../../src/vendors/vendor.js';
import { aFullView, someLines } from './views.js';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});

/** The parameters of a document; each of them once. */
export function read(document: { body: string }): Map<string, string> {
  assert.equal(XMLValidator.validate(document.body), true);
  const root = (parser.parse(document.body) as { gs_provision: Record<string, unknown> }).gs_provision;
  const config = root['config'] as Record<string, unknown>;
  assert.equal(config['@version'], '1', 'in version 2 a phone passes over P-values');
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(config)) {
    if (!/^P\d+$/.test(name)) continue;
    assert.equal(typeof value, 'string', `${name} stands there once, and has no elements in it`);
    parameters.set(name, value as string);
  }
  return parameters;
}

/** What a phone holds after it applied one document after the other: what is absent stays. */
export function apply(...documents: { body: string }[]): Map<string, string> {
  return new Map(documents.flatMap((document) => [...read(document)]));
}

/** With everything in it that a phone can be told. */
export const everything = (changes: Partial<FullView> = {}): FullView =>
  aFullView({
    lines: someLines(20),
    keys: [
      { kind: 'blf', label: 'KEY-secretish', value: '202', line: 1 },
      { kind: 'speed-dial', label: 'Doorbell-secretish', value: '203', line: 1 },
    ],
    phoneBook: { name: 'Company', url: 'https://books.example/secretish/phonebook.xml' },
    voicemailNumber: '*98secretish',
    firmwareUrl: 'https://prov.example/files/grandstream/secretish/grp2614fw.bin',
    toneCountry: 'DE',
    webInterface: true,
    serverTrust: { verify: true, caUrl: null },
    raw: new Map([['P1345', 'raw-secretish']]),
    rawNames: ['P1345'],
    ...changes,
  });
