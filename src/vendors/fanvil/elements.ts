import type { OwnedParameter } from '../parameter-list.js';
import { type NameOf, owned, type Table, verbatim } from '../parameter-table.js';
import { escapeXml } from '../xml.js';

/**
 * An element of the format by its path, such as `sip/line[1]`, and the values that stand in it. One
 * that has others below it comes before those.
 */
export type Element = readonly [path: string, table: Table<never[]>];

/** Names of what stands in an element: `sip/line[1]/RegisterUser`. */
export function below(path: string): NameOf {
  return (entry) => (path === '' ? entry : `${path}/${entry}`);
}

/**
 * The values in elements as parameters, named by their paths. Among them stand the tags of the
 * elements, as parameters that no document sets; and before the end of an element a place for free
 * ones (`sip/line[1]/*`), for an element must not stand twice.
 */
export function parametersOf(elements: readonly Element[]): OwnedParameter[][] {
  const groups: OwnedParameter[][] = [];
  const open: string[] = [];
  const closeUntil = (path: string): void => {
    for (let last = open.at(-1); last !== undefined && !path.startsWith(`${last}/`); last = open.at(-1)) {
      groups.push([freePlace(last), verbatim(`</${last}>`, closeTag(lastSegment(last)))]);
      open.pop();
    }
  };
  for (const [path, table] of elements) {
    closeUntil(path);
    open.push(path);
    groups.push([
      verbatim(`<${path}>`, openTag(lastSegment(path))),
      ...owned(table, (name, value) => writeLeaf(lastSegment(name), value), below(path)),
    ]);
  }
  closeUntil('');
  return groups;
}

/** Where free parameters go; the value is written as it is. */
export function freePlace(path: string): OwnedParameter {
  return verbatim(freePlaceName(path));
}

export function freePlaceName(path: string): string {
  return below(path)('*');
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A parameter by the segments of its path below some element. */
export type PlacedParameter = readonly [segments: readonly string[], value: string];

/**
 * Free parameters of an element that are not where the family has any: those of the same new
 * element together.
 */
export function writeElements(parameters: readonly PlacedParameter[]): string {
  const bySegment = new Map<string, PlacedParameter[]>();
  for (const [[segment, ...rest], value] of parameters) {
    if (segment === undefined) continue;
    bySegment.set(segment, [...(bySegment.get(segment) ?? []), [rest, value]]);
  }
  let text = '';
  for (const [segment, inside] of bySegment) {
    for (const [rest, value] of inside) if (rest.length === 0) text += writeLeaf(segment, value);
    const deeper = inside.filter(([rest]) => rest.length > 0);
    if (deeper.length > 0) text += openTag(segment) + writeElements(deeper) + closeTag(segment);
  }
  return text;
}

function writeLeaf(segment: string, value: string): string {
  return `${openTag(segment).trimEnd()}${escapeXml(value)}${closeTag(segment)}`;
}

/** `line[1]` is `<line index="1">`. */
function openTag(segment: string): string {
  return `<${segment.replace(/\[(\d+)\]$/, ' index="$1"')}>\n`;
}

function closeTag(segment: string): string {
  return `</${segment.replace(/\[\d+\]$/, '')}>\n`;
}
