import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client.js';
import { DialogFrame } from '../../parts/dialog.js';
import { Loaded } from '../../parts/loaded.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import type { Shown } from './configuration.js';
import { differenceOf } from './difference.js';
import { DEVICE } from './texts.js';

/** A configuration as text, its secrets masked; or how the full one differs from the minimal one. */
export function ConfigurationDialog({
  mac,
  shown,
  onClose,
}: {
  mac: string;
  shown: Shown;
  onClose: () => void;
}) {
  const t = useTexts(DEVICE);
  const parts = useTexts(PARTS);
  const query = useQuery({
    queryKey: ['configuration', mac],
    queryFn: async () => {
      const [minimal, full] = await Promise.all([read(mac, 'minimal'), read(mac, 'full')]);
      return { minimal, full };
    },
    staleTime: 0,
    retry: false,
  });
  return (
    <DialogFrame title={`${t.configuration}: ${t.kind(shown)}`} isWide onClose={onClose}>
      <Loaded query={query}>
        {(documents) => (
          <div className="document" tabIndex={0} role="region" aria-label={t.configuration}>
            {shown === 'difference'
              ? differenceOf(documents.minimal, documents.full).map(({ kind, text }, index) =>
                  kind === 'same' ? (
                    <div key={index}>{` ${text}`}</div>
                  ) : kind === 'added' ? (
                    <ins key={index}>{`+${text}`}</ins>
                  ) : (
                    <del key={index}>{`-${text}`}</del>
                  ),
                )
              : documents[shown]}
          </div>
        )}
      </Loaded>
      <div className="actions">
        <button className="btn" type="button" onClick={onClose}>
          {parts.close}
        </button>
      </div>
    </DialogFrame>
  );
}

async function read(mac: string, as: 'minimal' | 'full'): Promise<string> {
  const params = { path: { mac }, query: { as } };
  return (await answerOf(api.GET('/api/v1/devices/{mac}/configuration', { params }))).document;
}
