import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

export type Values = Readonly<Record<string, string>>;

/**
 * What a list shows, kept in the address bar alone: back, reload and a link in a ticket show the
 * same rows. Setting a value to the empty string takes it out; whatever changes, the page begins
 * anew unless `cursor` is set in the same call.
 */
export function useAddressState(): [Values, (changes: Values) => void] {
  const search = useSearch();
  const [location, navigate] = useLocation();
  const values = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const set = useCallback(
    (changes: Values) => {
      const next = new URLSearchParams(search);
      if (!('cursor' in changes)) for (const name of ['cursor', 'page']) next.delete(name);
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      navigate(text === '' ? location : `${location}?${text}`);
    },
    [search, location, navigate],
  );
  return [values, set];
}
