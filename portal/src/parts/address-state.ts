import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

export type Values = Readonly<Record<string, string>>;

/** How an address takes the place of the one before. */
interface Manner {
  /** In place of it: back goes to what was before both. */
  replace?: boolean;
  /** On the same page of the list, with the same rows selected. */
  isSamePage?: boolean;
}

export type SetValues = (changes: Values, manner?: Manner) => void;

/** What belongs to one page of a list, and goes when another set of rows is shown. */
const OF_A_PAGE = ['cursor', 'page', 'selected'];

/**
 * What a list shows, kept in the address bar alone: back, reload and a link in a ticket show the
 * same rows. Setting a value to the empty string takes it out; whatever changes, the list begins
 * anew unless `isSamePage`, or `cursor` is set in the same call.
 */
export function useAddressState(): [Values, SetValues] {
  const search = useSearch();
  const [location, navigate] = useLocation();
  const values = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const set = useCallback(
    (changes: Values, { replace = false, isSamePage = false }: Manner = {}) => {
      const next = new URLSearchParams(search);
      if (!isSamePage) {
        for (const name of OF_A_PAGE) if (!('cursor' in changes) || name === 'cursor') next.delete(name);
      }
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      navigate(text === '' ? location : `${location}?${text}`, { replace });
    },
    [search, location, navigate],
  );
  return [values, set];
}
