import type { OwnedParameter, Settings } from './parameter-list.js';
import type { ConfigurationView, FullView, MinimalView } from './vendor.js';

/** What clears a parameter that stays as the phone has it, unless a document sets it. */
export const LEFT = null;

/**
 * A row of a family's table: what clears the parameter and, where its value is a plain function of
 * what the document says (`Of`: the view, an account, a key, …), that function. A value of null
 * leaves the parameter cleared.
 */
export type Row<Of extends unknown[]> =
  string | null | readonly [cleared: string | null, value: (...of: Of) => string | null];

/**
 * The parameters that a phone has once, or once for each account or key, in the order of writing.
 */
export type Table<Of extends unknown[] = []> = Readonly<Record<string, Row<Of>>>;

/** The full name of an entry of a table, such as `account.3.label` of `label`. */
export type NameOf = (entry: string) => string;

const asItIs: NameOf = (entry) => entry;

/** The parameters that a table owns. */
export function owned(
  table: Table<never[]>,
  write: (name: string, value: string) => string,
  nameOf = asItIs,
): OwnedParameter[] {
  return Object.entries(table).map(([entry, row]) => {
    const name = nameOf(entry);
    return { name, cleared: isValued(row) ? row[0] : row, write: (value) => write(name, value) };
  });
}

/** A text among the parameters, such as a tag, or a place where a document puts some. */
export function verbatim(name: string, text = ''): OwnedParameter {
  return { name, cleared: text, write: (value) => value };
}

/** The values that the rows of a table take from what a document says. */
export function valuesOf<Of extends unknown[]>(table: Table<Of>, of: Of, nameOf = asItIs): Settings {
  const settings = new Map<string, string>();
  for (const [entry, valueOf] of valuesIn(table)) {
    const value = valueOf(...of);
    if (value !== null) settings.set(nameOf(entry), value);
  }
  return settings;
}

type Value<Of extends unknown[]> = readonly [entry: string, value: (...of: Of) => string | null];

/** A cache by table: each fetch writes a document, and a document takes its values from many. */
const picked = new WeakMap<object, unknown>();

function valuesIn<Of extends unknown[]>(table: Table<Of>): readonly Value<Of>[] {
  const before = picked.get(table);
  if (before !== undefined) return before as readonly Value<Of>[];
  const values = Object.entries(table).flatMap(([entry, row]): Value<Of>[] =>
    isValued(row) ? [[entry, row[1]]] : [],
  );
  picked.set(table, values);
  return values;
}

function isValued<Of extends unknown[]>(row: Row<Of>): row is Exclude<Row<Of>, string | null> {
  return typeof row === 'object' && row !== null;
}

/** The value of a row that only the full configuration sets. */
export function inFull<Of extends unknown[]>(
  value: (view: FullView, ...of: Of) => string | null,
): (view: ConfigurationView, ...of: Of) => string | null {
  return (view, ...of) => ('lines' in view ? value(view, ...of) : null);
}

/** The value of a row that only the minimal configuration sets. */
export function inMinimal<Of extends unknown[]>(
  value: (view: MinimalView, ...of: Of) => string | null,
): (view: ConfigurationView, ...of: Of) => string | null {
  return (view, ...of) => ('lines' in view ? null : value(view, ...of));
}

/**
 * The value of a row that makes a phone check certificates of servers. Where no check is wished
 * for, the row stays cleared: no phone becomes more trusting for a setting that was not made.
 */
export function certificateCheck(
  yes: string,
  no: string,
): (view: ConfigurationView, ...of: unknown[]) => string | null {
  return inFull(({ serverTrust: { verify } }) => (verify === null ? null : verify ? yes : no));
}

/** A time in whole minutes, at least one, for formats without seconds. */
export function minutesOf(seconds: number): number {
  return Math.max(1, Math.round(seconds / 60));
}

/** One item for each number from 1 on. */
export function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at + 1));
}

/** A family's name for a country, a language and the like; null for an unknown one. */
export function lookUp<T>(names: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(names, key) ? (names[key] ?? null) : null;
}

/** The model by the beginning of its name; of several that fit, the first in the list counts. */
export function byPrefix<M>(
  models: readonly (readonly [prefix: string, model: M])[],
  name: string,
): M | null {
  return models.find(([prefix]) => name.startsWith(prefix))?.[1] ?? null;
}
