import type { CommonView, FullView, Vendor } from './vendor.js';

/**
 * The free parameters of a document, by name and value: those that are set, which none is in the
 * minimal configuration, and then those that are not, or not any more, with what clears one of that
 * name: neither a phone that falls back nor an operator who takes one away leaves it behind. Less
 * any that the family does not let in: it may have been set for another model, or before the gate
 * came to own it.
 */
export function freeValues(
  view: CommonView & Partial<Pick<FullView, 'raw'>>,
  rawFault: Vendor['rawFault'],
  cleared: string | ((name: string) => string),
): [name: string, value: string][] {
  const clearedOf = typeof cleared === 'string' ? () => cleared : cleared;
  const others = view.rawNames.filter((name) => view.raw?.has(name) !== true);
  const values = [...(view.raw ?? []), ...others.map((name): [string, string] => [name, clearedOf(name)])];
  return values.filter(([name]) => rawFault(name, view.model) === null);
}
