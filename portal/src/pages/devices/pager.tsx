import type { Values } from '../../parts/address-state.js';
import { PARTS } from '../../texts/parts.js';
import { number, useLanguage, useTexts } from '../../texts/texts.js';

export const PAGE_SIZE = 50;

interface PagerProps {
  values: Values;
  total: number;
  shown: number;
  cursor: string | null;
  onPage: (changes: Values) => void;
}

/** Forward by the cursor that the API answered; back by the browser, which has the pages before. */
export function Pager({ values, total, shown, cursor, onPage }: PagerProps) {
  const t = useTexts(PARTS);
  const language = useLanguage();
  const page = Number(values['page'] ?? 0);
  const from = page * PAGE_SIZE + 1;
  return (
    <div className="row pager">
      <span className="muted" role="status">
        {t.shown(from, from + shown - 1, number(language, total))}
      </span>
      <span className="grow" />
      <button className="btn sm" type="button" disabled={page === 0} onClick={() => window.history.back()}>
        {t.previous}
      </button>
      <button
        className="btn sm"
        type="button"
        disabled={cursor === null}
        onClick={() => onPage({ cursor: cursor ?? '', page: String(page + 1) })}
      >
        {t.next}
      </button>
    </div>
  );
}
