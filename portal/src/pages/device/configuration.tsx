import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../../texts/texts.js';
import { answerOf, api } from '../../api/client.js';
import { DEVICE } from './texts.js';

const ConfigurationDialog = lazy(async () => ({
  default: (await import('./configuration-dialog.js')).ConfigurationDialog,
}));

export type Shown = 'minimal' | 'full' | 'difference';

/** What the phone would be sent now and why, with the two configurations and their difference. */
export function ConfigurationPanel({ mac }: { mac: string }) {
  const t = useTexts(DEVICE);
  const [shown, setShown] = useState<Shown | null>(null);
  const { data } = useQuery({
    queryKey: ['live', 'configuration', mac],
    queryFn: () => answerOf(api.GET('/api/v1/devices/{mac}/configuration', { params: { path: { mac } } })),
    retry: false,
  });
  return (
    <section className="panel" aria-labelledby="configuration">
      <header>
        <h2 id="configuration">{t.configuration}</h2>
        <span className="grow" />
        {(['minimal', 'full', 'difference'] as const).map((kind) => (
          <button key={kind} className="link" type="button" onClick={() => setShown(kind)}>
            {t.kind(kind)}
          </button>
        ))}
      </header>
      {data !== undefined && <p className="body muted">{t.wouldSend(data.wouldSend, data.reason)}</p>}
      <Suspense>
        {shown !== null && <ConfigurationDialog mac={mac} shown={shown} onClose={() => setShown(null)} />}
      </Suspense>
    </section>
  );
}
