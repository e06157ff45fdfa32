import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import type { GigasetModel } from './models.js';

/** What is owned on a model: to be written, and to be looked through. */
export interface Owned {
  list: ParameterList;
  groups: readonly (readonly OwnedParameter[])[];
}

/** Makes what is owned once for each model. */
export function ownedOnce(
  groupsOf: (model: GigasetModel) => readonly (readonly OwnedParameter[])[],
): (model: GigasetModel) => Owned {
  const known = new Map<GigasetModel, Owned>();
  return (model) => {
    const before = known.get(model);
    if (before !== undefined) return before;
    const groups = groupsOf(model);
    const owned = { list: new ParameterList(groups), groups };
    known.set(model, owned);
    return owned;
  };
}

/** The numbers from `first` on. */
export function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}
