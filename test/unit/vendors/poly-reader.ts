/** A reader of Poly's format that knows what a phone keeps. */
import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  ignoreDeclaration: true,
  trimValues: false,
});

export type Phone = Map<string, string>;

/** All attributes of a document, for its elements mean nothing. */
export function read({ body }: { body: string }): Phone {
  assert.equal(XMLValidator.validate(body), true);
  const { polycomConfig } = parser.parse(body) as { polycomConfig: Record<string, string> };
  return new Map(Object.entries(polycomConfig));
}

/**
 * What a phone holds after it applied one document after the other: what is absent stays; the flash
 * is only written with `.set`.
 */
export function apply(...documents: { body: string }[]): Phone {
  const phone: Phone = new Map();
  for (const parameters of documents.map(read)) {
    assert.equal(parameters.get('device.set'), '1');
    for (const [name, value] of parameters) {
      if (name.endsWith('.set')) continue;
      if (name.startsWith('device.')) assert.equal(parameters.get(`${name}.set`), '1', name);
      phone.set(name, value);
    }
  }
  return phone;
}
