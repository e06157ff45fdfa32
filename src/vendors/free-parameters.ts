import type { OwnedParameter } from './parameter-list.js';
import type { ConfigurationView, Vendor } from './vendor.js';

/** What `rawFault` says of a name that is none of the family's format. */
export const NO_NAME = 'is no parameter name of this family';
/** What it says of one that both configurations write. */
export const OWNED = 'is a parameter that Dialgate sets itself';

/**
 * The free parameters of a document, by name and value: those that are set, which the minimal
 * configuration has none of, and then those that were set once, with the value that clears one of
 * that name. So neither a phone that falls back nor an operator who removes a parameter leaves it
 * behind. Those that the family refuses are left out: they may have been set for another model, or
 * before Dialgate owned them.
 */
export function freeValues(
  view: ConfigurationView,
  rawFault: Vendor['rawFault'],
  cleared: string | ((name: string) => string),
): [name: string, value: string][] {
  const raw = 'raw' in view ? view.raw : new Map<string, string>();
  const clearedOf = typeof cleared === 'string' ? () => cleared : cleared;
  const former = view.rawNames.filter((name) => !raw.has(name));
  const values = [...raw, ...former.map((name): [string, string] => [name, clearedOf(name)])];
  return values.filter(([name]) => rawFault(name, view.model) === null);
}

/** The free parameters of a document as they stand in it, after those that are owned. */
export function writeFree(
  view: ConfigurationView,
  rawFault: Vendor['rawFault'],
  cleared: string | ((name: string) => string),
  write: (name: string, value: string) => string,
): string {
  let text = '';
  for (const [name, value] of freeValues(view, rawFault, cleared)) text += write(name, value);
  return text;
}

/** The kinds of all parameters that are owned on any of some models, collected when first asked. */
export function ownedKinds<M>(
  models: readonly M[],
  groupsOf: (model: M) => readonly (readonly OwnedParameter[])[],
  kindOf: (name: string) => string,
): () => ReadonlySet<string> {
  let kinds: ReadonlySet<string> | null = null;
  return () =>
    (kinds ??= new Set(models.flatMap((model) => groupsOf(model).flat()).map(({ name }) => kindOf(name))));
}
