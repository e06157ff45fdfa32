export interface Line {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Longer texts are compared line by line in their order alone: the table would be too large. */
const MAX_CELLS = 4_000_000;

/** What makes one text into another, line by line: their longest common subsequence stays. */
export function differenceOf(before: string, after: string): Line[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  if (a.length * b.length > MAX_CELLS) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push(removed(a[i++] ?? ''));
    else lines.push(added(b[j++] ?? ''));
  }
  return [...lines, ...a.slice(i).map(removed), ...b.slice(j).map(added)];
}

const added = (text: string): Line => ({ kind: 'added', text });
const removed = (text: string): Line => ({ kind: 'removed', text });
