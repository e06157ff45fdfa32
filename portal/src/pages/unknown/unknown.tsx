import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { When } from '../../parts/times.js';
import { texts, useTexts } from '../../texts/texts.js';

const AddDevice = lazy(async () => ({ default: (await import('../devices/add-device.js')).AddDevice }));

const TEXTS = texts({
  en: {
    title: 'Unknown phones',
    why: 'Phones that asked for a configuration, and whose MAC is no device yet. A scanner is among them too: adopt only what you know.',
    none: 'No unknown phone has asked.',
    noneHint: 'A phone that is plugged in and pointed here before it is created appears on this page.',
    phone: 'Phone',
    address: 'Address',
    userAgent: 'Says that it is',
    times: 'Asked',
    first: 'First',
    last: 'Last',
    adopt: 'Adopt',
    adoptOf: (mac: string) => `Adopt ${mac}`,
  },
  de: {
    title: 'Unbekannte Telefone',
    why: 'Telefone, die eine Konfiguration wollten und deren MAC noch kein Gerät ist. Auch ein Scanner ist darunter: übernehmen Sie nur, was Sie kennen.',
    none: 'Kein unbekanntes Telefon hat gefragt.',
    noneHint: 'Ein Telefon, das angeschlossen ist, bevor es angelegt wurde, erscheint auf dieser Seite.',
    phone: 'Telefon',
    address: 'Adresse',
    userAgent: 'Nennt sich',
    times: 'Gefragt',
    first: 'Zuerst',
    last: 'Zuletzt',
    adopt: 'Übernehmen',
    adoptOf: (mac: string) => `${mac} übernehmen`,
  },
});

/** Phones that asked and are no devices; each is adopted into a tenant. */
export function UnknownPhones() {
  const t = useTexts(TEXTS);
  const [adopted, setAdopted] = useState<Schemas['UnknownDevice'] | null>(null);
  const query = useQuery({
    queryKey: ['live', 'unknown'],
    queryFn: () => answerOf(api.GET('/api/v1/unknown-devices', { params: { query: { limit: 200 } } })),
  });
  return (
    <>
      <div className="head">
        <h1>{t.title}</h1>
      </div>
      <p className="muted">{t.why}</p>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t.none} hint={t.noneHint} />
          ) : (
            <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.title}>
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">{t.phone}</th>
                    <th scope="col">{t.address}</th>
                    <th scope="col">{t.userAgent}</th>
                    <th scope="col">{t.times}</th>
                    <th scope="col">{t.first}</th>
                    <th scope="col">{t.last}</th>
                    <th scope="col">
                      <span className="hidden">{t.adopt}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((phone) => (
                    <tr key={phone.mac}>
                      <td>
                        <span className="two">
                          <b className="mono">{phone.mac}</b>
                          <span>{phone.vendor}</span>
                        </span>
                      </td>
                      <td className="mono">{phone.address ?? '–'}</td>
                      <td className="small">{phone.userAgent ?? '–'}</td>
                      <td>{phone.times}</td>
                      <td>
                        <When at={phone.firstAt} />
                      </td>
                      <td>
                        <When at={phone.lastAt} />
                      </td>
                      <td>
                        <button
                          className="btn sm"
                          type="button"
                          aria-label={t.adoptOf(phone.mac)}
                          onClick={() => setAdopted(phone)}
                        >
                          {t.adopt}
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      <Suspense>
        {adopted !== null && (
          <AddDevice mac={adopted.mac} vendor={adopted.vendor} onClose={() => setAdopted(null)} />
        )}
      </Suspense>
    </>
  );
}
