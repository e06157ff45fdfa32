import assert from 'node:assert/strict';

/**
 * A reader of the format as the manual describes it: a header, `name = value`, comments; the last
 * of several wins.
 */
export function readYealink(document: { body: string }): Map<string, string> {
  const [header, ...lines] = document.body.split(/\r\n|\r|\n/);
  assert.equal(header, '#!version:1.0.0.1');
  assert.equal(lines.pop(), '', 'the last line ends');
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^([\w.]+) = (.+)$/.exec(line) ?? [];
      assert.ok(name !== undefined && value !== undefined, `not a parameter: ${JSON.stringify(line)}`);
      return [name, value];
    }),
  );
}

/**
 * What a phone holds after it applied one document after the other: what is absent stays, %NULL%
 * clears.
 */
export function applyYealink(...documents: { body: string }[]): Map<string, string> {
  const phone = new Map<string, string>();
  for (const document of documents) {
    for (const [name, value] of readYealink(document)) {
      if (value === '%NULL%') phone.delete(name);
      else phone.set(name, value);
    }
  }
  return phone;
}
