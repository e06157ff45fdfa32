import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { Field } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { StateBadge } from '../../parts/state-badge.js';
import { Standing } from '../../parts/standing.js';
import { WayDots } from '../../parts/way.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { importFile, type ImportReport } from './import-file.js';
import { ROLL_OUT } from './texts.js';
import './roll-out.css';

const Cards = lazy(async () => ({ default: (await import('./cards.js')).Cards }));
const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

/** From a CSV file to running phones: choose, mend, import, print cards, watch. */
export function RollOut() {
  const t = useTexts(ROLL_OUT);
  const parts = useTexts(PARTS);
  const [tenantId, setTenantId] = useState('');
  const [text, setText] = useState('');
  const [report, setReport] = useState<ImportReport | null>(null);
  const [created, setCreated] = useState<readonly string[]>([]);
  const [error, setError] = useState<Error | null>(null);
  const [isPending, setPending] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const tenants = useQuery({
    queryKey: ['tenants', 'all'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });
  const tenant = tenantId === '' ? tenants.data?.items[0]?.id : tenantId;

  async function choose(file: File | undefined) {
    if (file === undefined) return;
    setText(await file.text());
    setReport(null);
  }

  async function send(dryRun: boolean) {
    setPending(true);
    setError(null);
    try {
      const answered = await importFile(text, { tenantId: tenant ?? null, dryRun });
      setReport(answered);
      if (!dryRun) setCreated(answered.created);
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setPending(false);
    }
  }

  if (isPrinting)
    return (
      <Suspense>
        <Cards macs={created} onClose={() => setPrinting(false)} />
      </Suspense>
    );
  return (
    <>
      <div className="head">
        <h1>{t.title}</h1>
      </div>
      <ol className="steps">
        <li className="panel">
          <header>
            <h2>{t.choose}</h2>
          </header>
          <div className="body grid">
            <Field label={t.tenant} hint={t.tenantHint}>
              {(attributes) => (
                <select
                  {...attributes}
                  className="input fits"
                  value={tenant ?? ''}
                  onChange={(event) => setTenantId(event.target.value)}
                >
                  {(tenants.data?.items ?? []).map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t.file}>
              {(attributes) => (
                <input
                  {...attributes}
                  type="file"
                  accept=".csv,text/csv"
                  onChange={(event) => void choose(event.target.files?.[0])}
                />
              )}
            </Field>
            <Field label={t.paste} hint={t.columns}>
              {(attributes) => (
                <textarea
                  {...attributes}
                  className="input mono sheet"
                  rows={8}
                  spellCheck={false}
                  value={text}
                  onChange={(event) => {
                    setText(event.target.value);
                    setReport(null);
                  }}
                />
              )}
            </Field>
            <div className="row wrap">
              <button
                className="btn"
                type="button"
                disabled={text.trim() === ''}
                aria-busy={isPending}
                onClick={() => void send(true)}
              >
                {isPending ? parts.pending : t.check}
              </button>
              <button
                className="btn primary"
                type="button"
                disabled={report === null || report.count === 0}
                onClick={() => void send(false)}
              >
                {t.importNow(report?.count ?? 0)}
              </button>
            </div>
            <Suspense>
              <Failure error={error} />
            </Suspense>
          </div>
        </li>
        {report !== null && <Report report={report} />}
        {created.length > 0 && (
          <>
            <li className="panel">
              <header>
                <h2>{t.cards}</h2>
              </header>
              <div className="body grid">
                <p>{t.cardsHint(created.length)}</p>
                <div>
                  <button className="btn" type="button" onClick={() => setPrinting(true)}>
                    {t.print}
                  </button>
                </div>
              </div>
            </li>
            <li className="panel">
              <header>
                <h2>{t.watch}</h2>
              </header>
              <Watched macs={created} />
            </li>
          </>
        )}
      </ol>
    </>
  );
}

function Report({ report }: { report: ImportReport }) {
  const t = useTexts(ROLL_OUT);
  return (
    <li className="panel" role="status">
      <header>
        <h2>{report.dryRun ? t.checked : t.imported}</h2>
      </header>
      <div className="body grid">
        <p>{t.result(report.count, report.errors.length)}</p>
        {report.ignoredColumns.length > 0 && (
          <p className="muted">{t.ignored(report.ignoredColumns.join(', '))}</p>
        )}
        {report.errors.length > 0 && (
          <ul className="failures">
            {report.errors.slice(0, 200).map(({ line, column, message }) => (
              <li key={`${line} ${column} ${message}`}>
                <b>{t.line(line)}</b> {column} {message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

/** The phones of this file, live. */
function Watched({ macs }: { macs: readonly string[] }) {
  const t = useTexts(ROLL_OUT);
  const query = useQuery({
    queryKey: ['live', 'rollout', macs],
    queryFn: () =>
      Promise.all(
        macs
          .slice(0, 50)
          .map((mac) => answerOf(api.GET('/api/v1/devices/{mac}', { params: { path: { mac } } }))),
      ),
  });
  return (
    <Loaded query={query}>
      {(devices) => (
        <>
          <p className="body" role="status">
            {t.served(devices.filter(({ progress }) => progress.fullAt !== null).length, devices.length)}
          </p>
          <ul className="watched">
            {devices.map((device) => (
              <li key={device.mac}>
                <Link className="two" to={`/devices/${device.mac}`}>
                  <b>{device.label ?? device.mac}</b>
                  <span>
                    <Standing device={device} />
                  </span>
                </Link>
                <span className="grow" />
                <WayDots device={device} />
                <StateBadge device={device} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Loaded>
  );
}
