import { KeyRound, LockKeyholeOpen, RefreshCw, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { number, useLanguage, useTexts } from '../../texts/texts.js';
import type { DeviceQuery } from './filter.js';
import { type Action, actionsOf, type Order } from './order.js';
import { BULK } from './texts.js';

const MenuButton = lazy(async () => ({ default: (await import('../../parts/menu-button.js')).MenuButton }));

const ICONS = {
  'reset-authentication': KeyRound,
  'suspend-authentication': LockKeyholeOpen,
  resync: RefreshCw,
} as const;

interface BulkBarProps {
  selected: readonly string[];
  /** What the devices on this page are called. */
  names: ReadonlyMap<string, string>;
  filter: DeviceQuery;
  /** How many the filter finds in all. */
  total: number;
  onOrder: (order: Order) => void;
  onClear: () => void;
}

/** What can be done to the devices that are selected, or to all that the filter finds. */
export function BulkBar({ selected, names, filter, total, onOrder, onClear }: BulkBarProps) {
  const t = useTexts(BULK);
  const parts = useTexts(PARTS);
  const language = useLanguage();
  const { role } = useSession();
  const [isAll, setAll] = useState(false);

  function order(action: Action) {
    const { sort: _sort, ...what } = filter;
    if (isAll) onOrder({ action, devices: { filter: what }, n: total });
    else {
      const devices = { macs: selected, names: selected.map((mac) => names.get(mac) ?? mac) };
      onOrder({ action, devices, n: selected.length });
    }
  }

  const actions = actionsOf(role);
  const shown = (Object.keys(ICONS) as (keyof typeof ICONS)[]).filter((one) => actions.includes(one));
  const others = actions.filter((one) => !(one in ICONS));
  return (
    <div className="bulk" role="region" aria-label={t.selection}>
      <b role="status">{isAll ? t.allSelected(number(language, total)) : parts.selected(selected.length)}</b>
      {!isAll && total > selected.length && (
        <button className="btn quiet sm" type="button" onClick={() => setAll(true)}>
          {t.selectAll(number(language, total))}
        </button>
      )}
      {shown.map((action) => {
        const Icon = ICONS[action];
        return (
          <button key={action} className="btn sm" type="button" onClick={() => order(action)}>
            <Icon size={14} aria-hidden="true" />
            {t.verb(action)}
          </button>
        );
      })}
      <Suspense>
        <MenuButton
          className="btn sm"
          label={parts.more}
          items={others.map((action) => ({ id: action, text: t.verb(action) }))}
          onChoose={(id) => order(id as Action)}
        />
      </Suspense>
      <button className="btn quiet sm icon" type="button" aria-label={t.clear} onClick={onClear}>
        <X size={15} aria-hidden="true" />
      </button>
    </div>
  );
}
