import type { OwnedParameter } from '../parameter-list.js';
import { escapeXml } from '../xml.js';

/**
 * An element of the format, such as `line`, with those below it: some with a value each, which a
 * document sets, and others like itself.
 */
export interface Branch {
  /** With an index, as a path says it: `line[1]`. */
  segment: string;
  /** By their names, and what clears them; null leaves them as the phone has them. */
  leaves: Readonly<Record<string, string | null>>;
  branches?: readonly Branch[];
}

/**
 * The leaves of a branch as parameters, named by their paths (`sip/line[1]/RegisterUser`). Among
 * them stand the tags of the branch, as parameters that nobody sets; and before its end a place for
 * free ones (`sip/line[1]/*`), for an element must not stand there twice.
 */
export function parametersOf(branch: Branch, above = ''): OwnedParameter[][] {
  const path = join(above, branch.segment);
  return [
    [
      markup(`<${path}>`, openTag(branch.segment)),
      ...Object.entries(branch.leaves).map(([name, cleared]): OwnedParameter => {
        const leaf = join(path, name);
        return { name: leaf, cleared, write: (value) => writeLeaf(name, value) };
      }),
    ],
    ...(branch.branches ?? []).flatMap((below) => parametersOf(below, path)),
    [freePlace(path), markup(`</${path}>`, closeTag(branch.segment))],
  ];
}

/** Where free parameters go; the value is written as it is. */
export function freePlace(path: string): OwnedParameter {
  return { name: freePlaceName(path), cleared: '', write: (value) => value };
}

export function freePlaceName(path: string): string {
  return join(path, '*');
}

function markup(name: string, text: string): OwnedParameter {
  return { name, cleared: '', write: () => text };
}

function join(above: string, segment: string): string {
  return above === '' ? segment : `${above}/${segment}`;
}

/** A parameter by the segments of its path below some element. */
export type PlacedParameter = readonly [segments: readonly string[], value: string];

/**
 * Free parameters of an element that are not where the family has any: those of the same new
 * element together.
 */
export function writeElements(parameters: readonly PlacedParameter[]): string {
  const bySegment = new Map<string, PlacedParameter[]>();
  for (const [[segment, ...below], value] of parameters) {
    if (segment === undefined) continue;
    bySegment.set(segment, [...(bySegment.get(segment) ?? []), [below, value]]);
  }
  let text = '';
  for (const [segment, below] of bySegment) {
    for (const [rest, value] of below) if (rest.length === 0) text += writeLeaf(segment, value);
    const deeper = below.filter(([rest]) => rest.length > 0);
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
