import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import type { Values } from '../../parts/address-state.js';
import { number, useLanguage, useTexts } from '../../texts/texts.js';
import { type DeviceQuery, filterOf } from './filter.js';
import { DEVICES } from './texts.js';

/** The views that everyone has: each is a filter, so a link to it is a link like any other. */
const VIEWS = [
  { name: 'all', search: '', filter: {} },
  { name: 'needsYou', search: 'attention=true', filter: { attention: true } },
  { name: 'waiting', search: 'waiting=true', filter: { waiting: true } },
  { name: 'locked', search: 'state=failed', filter: { state: 'failed' } },
  { name: 'blocked', search: 'state=blocked', filter: { state: 'blocked' } },
  { name: 'stuck', search: 'stuck=true', filter: { stuck: true } },
] as const satisfies readonly { name: string; search: string; filter: DeviceQuery }[];

/** Views as tabs, each with the number of its devices. */
export function Views({ values }: { values: Values }) {
  const t = useTexts(DEVICES);
  const language = useLanguage();
  const { data } = useQuery({
    queryKey: ['live', 'devices', 'views'],
    queryFn: () => Promise.all(VIEWS.map(({ filter }) => total(filter))),
  });
  const here = JSON.stringify({ ...filterOf(values), sort: undefined });
  return (
    <nav className="tabs" aria-label={t.views}>
      {VIEWS.map(({ name, search, filter }, index) => (
        <Link
          key={name}
          className="tab"
          to={search === '' ? '/devices' : `/devices?${search}`}
          aria-current={here === JSON.stringify(filter) ? 'page' : undefined}
        >
          {t[name]}
          <span>{data === undefined ? '' : number(language, data[index] ?? 0)}</span>
        </Link>
      ))}
    </nav>
  );
}

async function total(filter: DeviceQuery): Promise<number> {
  const query = { ...filter, limit: 1 };
  return (await answerOf(api.GET('/api/v1/devices', { params: { query } }))).total;
}
