import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { Fragment, useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { type EventQuery, listEvents } from '../../events/list.js';
import { sentenceOf } from '../../events/sentence.js';
import { useAddressState, type Values } from '../../parts/address-state.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { At, When } from '../../parts/times.js';
import { useSession } from '../../session/session.js';
import { EVENTS } from '../../texts/events.js';
import { number, texts, useLanguage, useTexts } from '../../texts/texts.js';
import './audit.css';

const TEXTS = texts({
  en: {
    title: 'Audit log',
    none: 'No event matches.',
    clear: 'Clear filters',
    filters: 'Filters',
    type: 'Type',
    any: 'any',
    mac: 'Device',
    actor: 'Actor',
    tenantId: 'Tenant',
    time: 'Time',
    event: 'Event',
    only: (what: string, value: string) => `Only ${what} ${value}`,
    takeOff: (what: string, value: string) => `Take off the filter ${what}: ${value}`,
    raw: 'Raw event',
    older: 'Older',
    export: 'Export as CSV',
    seal: 'Seal',
    sealed: (position: string) => `Sealed up to event ${position}.`,
    verified: 'Verified',
    notVerified: 'Not verified since this process began.',
    whole: 'Everything fits.',
    broken: 'Broken:',
    verify: 'Verify now',
    stopped: 'The log is not as it was left: nothing is sealed any further.',
  },
  de: {
    title: 'Protokoll',
    none: 'Kein Ereignis passt.',
    clear: 'Filter leeren',
    filters: 'Filter',
    type: 'Art',
    any: 'alle',
    mac: 'Gerät',
    actor: 'Wer',
    tenantId: 'Mandant',
    time: 'Zeit',
    event: 'Ereignis',
    only: (what: string, value: string) => `Nur ${what} ${value}`,
    takeOff: (what: string, value: string) => `Filter ${what}: ${value} entfernen`,
    raw: 'Rohes Ereignis',
    older: 'Ältere',
    export: 'Als CSV exportieren',
    seal: 'Siegel',
    sealed: (position: string) => `Versiegelt bis Ereignis ${position}.`,
    verified: 'Geprüft',
    notVerified: 'Nicht geprüft, seit dieser Prozess läuft.',
    whole: 'Alles passt.',
    broken: 'Gebrochen:',
    verify: 'Jetzt prüfen',
    stopped: 'Das Protokoll ist nicht, wie es verlassen wurde: es wird nicht weiter versiegelt.',
  },
});

const FILTERS = ['type', 'mac', 'actor', 'tenantId'] as const;

function searchOf(values: Values): URLSearchParams {
  return new URLSearchParams(queryOf(values));
}

function queryOf(values: Values): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of FILTERS) if (values[name] !== undefined) query[name] = values[name];
  // The API says what is wrong with a type or id that was typed into the address.
  return query;
}

/** Every event as a sentence, the newest first and live, with the raw event behind it. */
export function AuditLog() {
  const t = useTexts(TEXTS);
  const language = useLanguage();
  const { role } = useSession();
  const [values, set] = useAddressState();
  const [openAt, setOpenAt] = useState<number | null>(null);
  const filter: EventQuery = queryOf(values);
  const query = useInfiniteQuery({
    queryKey: ['live', 'audit', filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      listEvents({ ...filter, order: 'desc', limit: 100, ...(pageParam !== '' && { cursor: pageParam }) }),
    getNextPageParam: ({ cursor, items }) => (items.length === 100 ? cursor : null),
  });
  const events = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <div className="head wrap">
        <h1>{t.title}</h1>
        <span className="grow" />
        <a className="btn" href={`/api/v1/events.csv?${searchOf(values)}`}>
          {t.export}
        </a>
      </div>
      {(role === 'admin' || role === 'auditor') && <Seal />}
      <div className="filters" role="group" aria-label={t.filters}>
        <label className="row">
          <span className="muted">{t.type}</span>
          <select
            className="input fits"
            value={values['type'] ?? ''}
            onChange={(event) => set({ type: event.target.value })}
          >
            <option value="">{t.any}</option>
            {Object.keys(EVENTS.en)
              .filter((name) => name.includes('.'))
              .map((name) => (
                <option key={name}>{name}</option>
              ))}
          </select>
        </label>
        {FILTERS.filter((name) => name !== 'type').map((name) => {
          const value = values[name];
          return (
            value !== undefined && (
              <button
                key={name}
                className="chip set"
                type="button"
                aria-label={t.takeOff(t[name], value)}
                onClick={() => set({ [name]: '' })}
              >
                {t[name]}: {value}
                <X size={12} aria-hidden="true" />
              </button>
            )
          );
        })}
      </div>
      <Loaded query={query}>
        {() =>
          events.length === 0 ? (
            <Empty title={t.none}>
              <Link className="btn" to="/audit">
                {t.clear}
              </Link>
            </Empty>
          ) : (
            <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.title}>
              <table className="list audit">
                <thead>
                  <tr>
                    <th scope="col">{t.time}</th>
                    <th scope="col">{t.event}</th>
                    <th scope="col">{t.mac}</th>
                    <th scope="col">{t.actor}</th>
                  </tr>
                </thead>
                <tbody>
                  {events.map((event) => {
                    const { text, detail } = sentenceOf(event, language);
                    const isOpen = openAt === event.position;
                    return (
                      <Fragment key={event.position}>
                        <tr>
                          <td>
                            <At at={event.at} />
                          </td>
                          <td>
                            <button
                              className="two plain"
                              type="button"
                              aria-expanded={isOpen}
                              onClick={() => setOpenAt(isOpen ? null : event.position)}
                            >
                              <b>{text}</b>
                              <span>{detail}</span>
                            </button>
                          </td>
                          <td>
                            {event.mac !== null && (
                              <button
                                className="link mono"
                                type="button"
                                aria-label={t.only(t.mac, event.mac)}
                                onClick={() => set({ mac: event.mac ?? '' })}
                              >
                                {event.mac}
                              </button>
                            )}
                          </td>
                          <td>
                            <button
                              className="link"
                              type="button"
                              aria-label={t.only(t.actor, event.actor)}
                              onClick={() => set({ actor: event.actor })}
                            >
                              {event.actor}
                            </button>
                          </td>
                        </tr>
                        {isOpen && (
                          <tr>
                            <td colSpan={4}>
                              <pre className="raw" aria-label={t.raw}>
                                {JSON.stringify(event, null, 2)}
                              </pre>
                            </td>
                          </tr>
                        )}
                      </Fragment>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {query.hasNextPage && (
        <p>
          <button className="btn" type="button" onClick={() => void query.fetchNextPage()}>
            {t.older}
          </button>
        </p>
      )}
    </>
  );
}

function Seal() {
  const t = useTexts(TEXTS);
  const language = useLanguage();
  const query = useQuery({
    queryKey: ['live', 'seal'],
    queryFn: () => answerOf(api.GET('/api/v1/audit/seal')),
  });
  const { data } = query;
  if (data === undefined) return null;
  const fault = data.verified?.fault ?? null;
  return (
    <p className={`note ${data.isStopped || fault !== null ? 'tone-stop' : 'tone-calm'}`}>
      <span>
        <b>{t.seal}.</b> {data.isStopped ? t.stopped : t.sealed(number(language, data.position))}{' '}
        {data.verified === null ? (
          t.notVerified
        ) : (
          <>
            {t.verified} <When at={data.verified.at} />:{' '}
            {fault === null ? t.whole : `${t.broken} ${fault.message}`}
          </>
        )}
      </span>
      <span className="grow" />
      <button
        className="btn sm"
        type="button"
        disabled={data.running !== null}
        onClick={() => void api.POST('/api/v1/audit/verify').then(() => query.refetch())}
      >
        {t.verify}
      </button>
    </p>
  );
}
