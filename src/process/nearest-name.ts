/**
 * The name that takes the fewest changes of a letter to come to; the first of several. For messages
 * about a name that is wrong.
 */
export function nearestName<T extends string>(wrong: string, names: readonly T[]): T | undefined {
  let nearest: T | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const changes = countChanges(wrong.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [nearest, fewest] = [name, changes];
  }
  return nearest;
}

/** Levenshtein's distance: letters to insert, to take away or to exchange. */
function countChanges(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at++) {
      const exchanged = (row[at - 1] ?? 0) + (from[index] === to[at - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
