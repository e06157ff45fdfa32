import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { answerOf, api } from '../../api/client.js';
import { Field, textOf } from '../../parts/field.js';
import type { Device } from '../../parts/state-badge.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { DEVICE } from './texts.js';

const Frame = lazy(async () => ({ default: (await import('../../parts/dialog.js')).DialogFrame }));
const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

/** The lines, site and label of a device, changed in a dialog. */
export function EditDevice({ device }: { device: Device }) {
  const t = useTexts(DEVICE);
  const [isOpen, setOpen] = useState(false);
  if (device.tenantId === null) return null;
  return (
    <>
      <button className="link" type="button" onClick={() => setOpen(true)}>
        {t.edit}
      </button>
      <Suspense>
        {isOpen && <EditDialog device={device} tenantId={device.tenantId} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}

interface EditDialogProps {
  device: Device;
  tenantId: string;
  onClose: () => void;
}

function EditDialog({ device, tenantId, onClose }: EditDialogProps) {
  const t = useTexts(DEVICE);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const [error, setError] = useState<Error | null>(null);
  const path = { tenantId };
  const query = { limit: 500 };
  const lines = useQuery({
    queryKey: ['lines', tenantId],
    queryFn: () => answerOf(api.GET('/api/v1/tenants/{tenantId}/lines', { params: { path, query } })),
  });
  const sites = useQuery({
    queryKey: ['sites', tenantId],
    queryFn: () => answerOf(api.GET('/api/v1/tenants/{tenantId}/sites', { params: { path, query } })),
  });

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => textOf(form, name);
    setError(null);
    try {
      const body = {
        label: text('label') === '' ? null : text('label'),
        siteId: text('siteId') === '' ? null : text('siteId'),
        lines: form.getAll('lines').filter((value) => typeof value === 'string'),
      };
      await answerOf(api.PATCH('/api/v1/devices/{mac}', { params: { path: { mac: device.mac } }, body }));
      await client.invalidateQueries({ queryKey: ['live'] });
      onClose();
    } catch (failure) {
      setError(failure as Error);
    }
  }

  const own = device.lines.map(({ id }) => id);
  return (
    <Frame title={device.label ?? device.mac} onClose={onClose}>
      <form className="grid" onSubmit={(event) => void submit(event)}>
        <Field label={t.label} error={error} pointer="/label">
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              name="label"
              maxLength={200}
              defaultValue={device.label ?? ''}
            />
          )}
        </Field>
        <Field label={t.site} error={error} pointer="/siteId">
          {(attributes) => (
            <select
              key={sites.dataUpdatedAt}
              {...attributes}
              className="input"
              name="siteId"
              defaultValue={device.siteId ?? ''}
            >
              <option value="">–</option>
              {(sites.data?.items ?? []).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.lines} hint={t.linesHint} error={error} pointer="/lines">
          {(attributes) => (
            <select
              key={lines.dataUpdatedAt}
              {...attributes}
              className="input tall"
              name="lines"
              multiple
              defaultValue={own}
            >
              {(lines.data?.items ?? []).map(({ id, label, sipUser }) => (
                <option key={id} value={id}>
                  {label} ({sipUser})
                </option>
              ))}
            </select>
          )}
        </Field>
        <Failure error={error} />
        <div className="actions">
          <button className="btn" type="button" onClick={onClose}>
            {parts.cancel}
          </button>
          <button className="btn primary" type="submit">
            {parts.save}
          </button>
        </div>
      </form>
    </Frame>
  );
}
