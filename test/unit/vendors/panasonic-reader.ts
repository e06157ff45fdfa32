/** A reader of Panasonic's format as its guides describe it. */
import assert from 'node:assert/strict';

export type Phone = Map<string, string>;

/** The parameters of a document, every line of which the phone would take. */
export function read({ body }: { body: string }): Phone {
  assert.ok(!/[^\r]\n|\r[^\n]/.test(body), 'every line ends with CR and LF');
  assert.ok(body.endsWith('\r\n\r\n'), 'the last line is empty');
  const [header, ...lines] = body.slice(0, -4).split('\r\n');
  assert.match(header!, /^# (?:Panasonic SIP Phone|PCC) Standard Format File # DO NOT CHANGE THIS LINE!$/);
  const parameters: Phone = new Map();
  for (const line of lines) {
    const [, name, value] = /^([A-Z][A-Z0-9_]{0,31})="([^"]{0,500})"$/.exec(line) ?? [];
    assert.ok(name !== undefined && value !== undefined, `not a parameter: ${JSON.stringify(line)}`);
    assert.ok(Buffer.byteLength(line) + 2 <= 537, `too long: ${name}`);
    assert.ok(!parameters.has(name), `said twice: ${name}`);
    parameters.set(name, value);
  }
  return parameters;
}

/** What a phone holds after it applied one document after the other: what is absent stays. */
export function apply(...documents: { body: string }[]): Phone {
  return new Map(documents.flatMap((document) => [...read(document)]));
}
