import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import { answerOf, api, type Schemas } from '../../api/client.js';
import { listEvents } from '../../events/list.js';
import { sentenceOf } from '../../events/sentence.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { type Device, StateBadge } from '../../parts/state-badge.js';
import { At, When } from '../../parts/times.js';
import { WayDots } from '../../parts/way.js';
import { useSession } from '../../session/session.js';
import { number, useLanguage, useTexts } from '../../texts/texts.js';
import { groupByCause } from './causes.js';
import { OVERVIEW } from './texts.js';
import './overview.css';

/** What needs a person now; live. */
export function Overview() {
  const t = useTexts(OVERVIEW);
  const language = useLanguage();
  const figures = useFigures();
  const needed = useNeeded();
  const count = needed.data?.total ?? 0;
  const waiting = figures.data?.[1] ?? 0;
  const calm = waiting === 0 ? t.nothing : t.onlyWaiting(number(language, waiting));
  const headline =
    needed.data === undefined ? t.title : count === 0 ? calm : t.needed(number(language, count));
  return (
    <>
      <div className="head">
        <h1>{headline}</h1>
      </div>
      <Warnings />
      <Loaded query={figures}>
        {(data) => (
          <div className="figures">
            {FIGURES.map(({ name, search }, index) => (
              <Link key={name} className="panel figure" to={`/devices${search}`}>
                <b>{number(language, data[index] ?? 0)}</b>
                <span>{t[name]}</span>
              </Link>
            ))}
          </div>
        )}
      </Loaded>
      <div className="cols">
        <section className="panel" aria-labelledby="needs">
          <header>
            <h2 id="needs">{t.needsYou}</h2>
            <span className="grow" />
            <Link className="link" to="/devices?waiting=true">
              {t.allWaiting}
            </Link>
          </header>
          <Loaded query={needed}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty title={t.nobodyStuck} hint={t.nothingHint} />
              ) : (
                <Causes devices={items} />
              )
            }
          </Loaded>
        </section>
        <div className="grid">
          <WrongPins />
          <Service />
        </div>
      </div>
    </>
  );
}

const FIGURES = [
  { name: 'all', search: '', filter: {} },
  { name: 'waiting', search: '?waiting=true', filter: { waiting: true } },
  { name: 'locked', search: '?state=failed', filter: { state: 'failed' } },
  { name: 'blocked', search: '?state=blocked', filter: { state: 'blocked' } },
  { name: 'served', search: '?state=successful', filter: { state: 'successful' } },
] as const;

function useFigures() {
  return useQuery({
    queryKey: ['live', 'overview', 'figures'],
    queryFn: () =>
      Promise.all(
        FIGURES.map(async ({ filter }) => {
          const query = { ...filter, limit: 1 };
          return (await answerOf(api.GET('/api/v1/devices', { params: { query } }))).total;
        }),
      ),
  });
}

/** Phones that were seen and go no further, and those with a flag: the ones a person can help. */
function useNeeded() {
  return useQuery({
    queryKey: ['live', 'overview', 'needed'],
    queryFn: async () => {
      const [flagged, stuck] = await Promise.all([
        ask({ attention: true }),
        ask({ waiting: true, stuck: true }),
      ]);
      const items = new Map([...flagged.items, ...stuck.items].map((device) => [device.mac, device]));
      return { items: [...items.values()], total: Math.max(items.size, flagged.total, stuck.total) };
    },
  });
}

/** Grouped: seven phones behind one address that never register are one row, not seven. */
function Causes({ devices }: { devices: readonly Device[] }) {
  const t = useTexts(OVERVIEW);
  return (
    <ul className="causes">
      {groupByCause(devices).map(({ key, first, others, search }) => (
        <li key={key}>
          <div className="two">
            <Link className="row wrap" to={others === 0 ? `/devices/${first.mac}` : `/devices?${search}`}>
              <b>{first.label ?? first.mac}</b>
              {others > 0 && <span>{t.andOthers(others, first.lastSeenAddress)}</span>}
              <StateBadge device={first} />
            </Link>
            <span>
              {first.stuck?.cause ?? t.flag(first.attention ?? '')}
              {first.stuck !== null && (
                <>
                  {' · '}
                  <When at={first.stuck.since} />
                </>
              )}
            </span>
          </div>
          <span className="grow" />
          <span className="muted small">
            {[first.tenantName, first.siteName].filter(Boolean).join(' / ')}
          </span>
          <WayDots device={first} />
        </li>
      ))}
    </ul>
  );
}

/** Warnings that cost emergency calls come first, in the words of /readyz. */
function Warnings() {
  const t = useTexts(OVERVIEW);
  const { data } = useQuery({
    queryKey: ['live', 'readyz'],
    queryFn: async () => (await (await fetch('/readyz')).json()) as Schemas['Ready'],
  });
  const warnings = [...(data?.warnings ?? [])].sort(
    (a, b) => Number(b.includes('EMERGENCY')) - Number(a.includes('EMERGENCY')),
  );
  if (warnings.length === 0) return null;
  return (
    <ul className="warnings" aria-label={t.warnings}>
      {warnings.map((warning) => (
        <li key={warning} className="note tone-warn">
          <TriangleAlert size={16} aria-hidden="true" />
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}

function WrongPins() {
  const t = useTexts(OVERVIEW);
  const language = useLanguage();
  const query = useQuery({
    queryKey: ['live', 'events', 'wrong'],
    queryFn: () =>
      listEvents({
        type: ['pap.wrong', 'code.wrong', 'budget.spent', 'device.blocked', 'call.emergency'],
        order: 'desc',
        limit: 6,
      }),
  });
  return (
    <section className="panel" aria-labelledby="wrong">
      <header>
        <h2 id="wrong">{t.wrong}</h2>
      </header>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="body muted">{t.noWrong}</p>
          ) : (
            <ul className="short-log">
              {items.map((event) => (
                <li key={event.position}>
                  <span className="muted">
                    <At at={event.at} />
                  </span>
                  <span>
                    {sentenceOf(event, language).text}
                    {event.mac !== null && (
                      <>
                        {' '}
                        <Link className="link mono" to={`/devices/${event.mac}`}>
                          {event.mac}
                        </Link>
                      </>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Service() {
  const t = useTexts(OVERVIEW);
  const { role } = useSession();
  const { data } = useQuery({
    queryKey: ['live', 'ready'],
    queryFn: async () => {
      const response = await fetch('/readyz');
      return { isReady: response.ok, detail: ((await response.json()) as { detail?: string }).detail ?? '' };
    },
  });
  return (
    <section className="panel" aria-labelledby="service">
      <header>
        <h2 id="service">{t.service}</h2>
        <span className="grow" />
        {role === 'admin' && (
          <Link className="link" to="/installation">
            {t.details}
          </Link>
        )}
      </header>
      <p className="body">
        {data === undefined ? '' : data.isReady ? t.ready : `${t.notReady} ${data.detail}`}
      </p>
    </section>
  );
}

async function ask(filter: { attention?: boolean; waiting?: boolean; stuck?: boolean }) {
  const query = { ...filter, limit: 200, sort: '-lastSeenAt' } as const;
  return answerOf(api.GET('/api/v1/devices', { params: { query } }));
}
