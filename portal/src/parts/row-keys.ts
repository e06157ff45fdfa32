import { useEffect, useState } from 'react';
import { isTyping } from './shortcuts.js';

interface RowKeys {
  /** How many rows there are on this page. */
  rows: number;
  open: (row: number) => void;
  select: (row: number) => void;
}

/**
 * The keys of a list: `j` and `k` move, `x` selects, Enter opens. Answers the row that they are on;
 * -1: none yet.
 */
export function useRowKeys({ rows, open, select }: RowKeys): number {
  const [active, setActive] = useState(-1);
  const row = Math.min(active, rows - 1);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null) return;
      if (event.key === 'j') setActive(Math.min(row + 1, rows - 1));
      else if (event.key === 'k') setActive(Math.max(row - 1, 0));
      else if (event.key === 'x' && row >= 0) select(row);
      else if (event.key === 'Enter' && row >= 0 && event.target === document.body) open(row);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [row, rows, open, select]);
  return row;
}
