import type { Device } from '../../parts/state-badge.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { DeviceRow } from './device-row.js';
import { DEVICES } from './texts.js';

interface TableProps {
  items: readonly Device[];
  active: number;
  selected: ReadonlySet<string>;
  sort: string;
  isStale: boolean;
  onSort: (sort: string) => void;
  onToggle: (mac: string) => void;
  onMenu: (device: Device, button: HTMLElement) => void;
  onToggleAll: (macs: readonly string[], isOn: boolean) => void;
}

const SORTABLE = ['label', 'state', 'lastSeenAt', 'createdAt'] as const;

/** A page of devices. A heading sorts, and says how. */
export function DeviceTable(props: TableProps) {
  const { items, active, selected, sort, isStale, onSort, onToggle, onMenu, onToggleAll } = props;
  const t = useTexts(DEVICES);
  const parts = useTexts(PARTS);
  const macs = items.map(({ mac }) => mac);
  const areAllSelected = macs.every((mac) => selected.has(mac));
  const column = (name: (typeof SORTABLE)[number], text: string) => {
    const order = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none';
    return (
      <th key={name} scope="col" aria-sort={order}>
        <button type="button" onClick={() => onSort(order === 'ascending' ? `-${name}` : name)}>
          {text}
          <span aria-hidden="true">{order === 'none' ? '' : order === 'ascending' ? ' ↑' : ' ↓'}</span>
        </button>
      </th>
    );
  };
  return (
    <div className="panel scrolls">
      <table className="list devices" aria-busy={isStale}>
        <caption className="hidden">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <label className="tick">
                <span className="hidden">{parts.selectAll}</span>
                <input
                  type="checkbox"
                  checked={areAllSelected}
                  onChange={(event) => onToggleAll(macs, event.target.checked)}
                />
              </label>
            </th>
            {column('label', t.phone)}
            <th scope="col">{t.modelAndNumber}</th>
            <th scope="col">{t.where}</th>
            {column('state', t.display)}
            <th scope="col">{t.way}</th>
            {column('lastSeenAt', t.lastSeen)}
            <th scope="col">
              <span className="hidden">{t.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((device, index) => (
            <DeviceRow
              key={device.mac}
              device={device}
              isActive={index === active}
              isSelected={selected.has(device.mac)}
              onToggle={onToggle}
              onMenu={onMenu}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
