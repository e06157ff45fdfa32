import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Plus, Search, Upload, X } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { useNavigationCounts } from '../../navigation-counts.js';
import { useAddressState, type Values } from '../../parts/address-state.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { readMac } from '../../parts/mac.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { useScannedMac } from '../../parts/scanner.js';
import type { Device } from '../../parts/state-badge.js';
import { useSession } from '../../session/session.js';
import { number, useLanguage, useTexts } from '../../texts/texts.js';
import { DeviceTable } from './device-table.js';
import { filterOf, type DeviceQuery } from './filter.js';
import { Filters } from './filters.js';
import { type Action, actionsOf, type Order } from './order.js';
import { Pager, PAGE_SIZE } from './pager.js';
import { useSelection } from './selection.js';
import { BULK, DEVICES } from './texts.js';
import { Views } from './views.js';
import './devices.css';

const BulkBar = lazy(async () => ({ default: (await import('./bulk-bar.js')).BulkBar }));
const OrderDialog = lazy(async () => ({ default: (await import('./order.js')).OrderDialog }));
const RowMenu = lazy(async () => ({ default: (await import('../../parts/row-menu.js')).RowMenu }));
const AddDevice = lazy(async () => ({ default: (await import('./add-device.js')).AddDevice }));

/** The list of devices: views, filters, page, order and selection are all in the address bar. */
export function Devices() {
  const t = useTexts(DEVICES);
  const bulk = useTexts(BULK);
  const language = useLanguage();
  const { role } = useSession();
  const [values, set] = useAddressState();
  const [, navigate] = useLocation();
  const [isAdding, setAdding] = useState(false);
  const [order, setOrder] = useState<Order | null>(null);
  const [menu, setMenu] = useState<{ device: Device; button: HTMLElement } | null>(null);
  const counts = useNavigationCounts();
  const query = useDevices(values);
  const { items, total } = query.data ?? NONE;
  const { selected, select, toggle } = useSelection(values, set);

  const openMac = useCallback((mac: string) => navigate(`/devices/${mac}`), [navigate]);
  const openMenu = useCallback((device: Device, button: HTMLElement) => setMenu({ device, button }), []);
  useScannedMac(openMac);
  const active = useRowKeys({
    rows: items.length,
    open: (row) => openMac(items[row]?.mac ?? ''),
    select: (row) => toggle(items[row]?.mac ?? ''),
  });

  return (
    <>
      <div className="head wrap">
        <h1>{t.title}</h1>
        {query.data !== undefined && (
          <span className="muted">
            {t.found(number(language, total), number(language, counts['devices'] ?? total))}
          </span>
        )}
        <span className="grow" />
        {role !== 'support' && (
          <>
            <Link className="btn" to="/roll-out">
              <Upload size={15} aria-hidden="true" />
              {t.rollOut}
            </Link>
            <button className="btn primary" type="button" onClick={() => setAdding(true)}>
              <Plus size={15} aria-hidden="true" />
              {t.add}
            </button>
          </>
        )}
      </div>
      <Views values={values} />
      <div className="filter-row">
        <SearchField values={values} onSearch={(q) => set({ q }, { replace: true })} onMac={openMac} />
        <Filters values={values} onChange={set} />
      </div>
      <Loaded query={query}>
        {() =>
          items.length === 0 ? (
            <NoDevices values={values} onClear={() => navigate('/devices')} />
          ) : (
            <>
              <DeviceTable
                items={items}
                active={active}
                selected={selected}
                sort={values['sort'] ?? ''}
                isStale={query.isPlaceholderData}
                onSort={(sort) => set({ sort })}
                onToggle={toggle}
                onMenu={openMenu}
                onToggleAll={(macs, isOn) => select(new Set(isOn ? [...selected, ...macs] : []))}
              />
              <Pager
                values={values}
                total={total}
                shown={items.length}
                cursor={query.data?.cursor ?? null}
                onPage={(changes) => set(changes)}
              />
            </>
          )
        }
      </Loaded>
      <Suspense>
        {selected.size > 0 && (
          <BulkBar
            selected={[...selected]}
            names={new Map(items.map((device) => [device.mac, nameOf(device)]))}
            filter={filterOf(values)}
            total={total}
            onOrder={setOrder}
            onClear={() => select(new Set())}
          />
        )}
        {menu !== null && (
          <RowMenu
            trigger={menu.button}
            label={t.actionsFor(nameOf(menu.device))}
            items={actionsOf(role).map((action) => ({ id: action, text: bulk.verb(action) }))}
            onChoose={(id) => setOrder(orderOfOne(id as Action, menu.device))}
            onClose={() => setMenu(null)}
          />
        )}
        {order !== null && <OrderDialog order={order} onOrder={setOrder} onClose={() => setOrder(null)} />}
        {isAdding && <AddDevice onClose={() => setAdding(false)} />}
      </Suspense>
    </>
  );
}

const NONE = { items: [], total: 0 } as const satisfies { items: readonly Device[]; total: number };

function nameOf(device: Device): string {
  return device.label ?? device.mac;
}

function orderOfOne(action: Action, device: Device): Order {
  return { action, devices: { macs: [device.mac], names: [nameOf(device)] }, n: 1 };
}

function useDevices(values: Values) {
  const query: DeviceQuery = { ...filterOf(values), limit: PAGE_SIZE };
  if (values['cursor'] !== undefined) query.cursor = values['cursor'];
  return useQuery({
    queryKey: ['live', 'devices', query],
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(api.GET('/api/v1/devices', { params: { query } })),
  });
}

interface SearchFieldProps {
  values: Values;
  onSearch: (q: string) => void;
  onMac: (mac: string) => void;
}

/** What is typed searches; a whole MAC and Enter, as a barcode scanner types it, opens its device. */
function SearchField({ values, onSearch, onMac }: SearchFieldProps) {
  const t = useTexts(DEVICES);
  const q = values['q'] ?? '';
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => onSearch(text.trim()), 150);
    return () => clearTimeout(timer);
  }, [text, q, onSearch]);
  return (
    <div className="search in-view">
      <Search size={15} aria-hidden="true" />
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.searchHint}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const mac = readMac(text);
          if (event.key === 'Enter' && mac !== null) onMac(mac);
        }}
      />
    </div>
  );
}

function NoDevices({ values, onClear }: { values: Values; onClear: () => void }) {
  const t = useTexts(DEVICES);
  const isFiltered = Object.keys(filterOf(values)).length > 0;
  return isFiltered ? (
    <Empty title={t.noMatch}>
      <button className="btn" type="button" onClick={onClear}>
        <X size={14} aria-hidden="true" />
        {t.clear}
      </button>
    </Empty>
  ) : (
    <Empty title={t.none} hint={t.noneHint} link={{ to: '/roll-out', text: t.rollOut }} />
  );
}
