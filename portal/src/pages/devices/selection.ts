import { useCallback, useMemo } from 'react';
import type { SetValues, Values } from '../../parts/address-state.js';
import { readMac } from '../../parts/mac.js';

/** An address has room for so many; more than these are selected by the filter. */
const AT_MOST = 300;

/** The rows that are selected, by MAC; they are part of the address. */
export function useSelection(values: Values, set: SetValues) {
  const text = values['selected'] ?? '';
  const selected = useMemo(
    () =>
      new Set(
        text
          .split(',')
          .flatMap((digits) => readMac(digits) ?? [])
          .slice(0, AT_MOST),
      ),
    [text],
  );
  const select = useCallback(
    (macs: ReadonlySet<string>) => {
      const digits = [...macs].slice(0, AT_MOST).map((mac) => mac.replaceAll(':', ''));
      set({ selected: digits.join(',') }, { replace: true, isSamePage: true });
    },
    [set],
  );
  const toggle = useCallback(
    (mac: string) => {
      const next = new Set(selected);
      if (!next.delete(mac)) next.add(mac);
      select(next);
    },
    [selected, select],
  );
  return { selected, select, toggle };
}
