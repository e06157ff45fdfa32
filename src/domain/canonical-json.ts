/**
 * JSON in its one spelling (RFC 8785): no white space, the keys of an object in order of their
 * UTF-16 code units, numbers and strings as ECMAScript writes them. The same value gives the same
 * text, in whatever order a database keeps its keys. Members that are undefined are absent, as with
 * JSON.stringify.
 *
 * @throws TypeError for what JSON has no word for: functions, NaN and the like.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  const isJson =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value));
  if (!isJson) throw new TypeError(`JSON has no ${typeof value} of this kind.`);
  return JSON.stringify(value);
}
