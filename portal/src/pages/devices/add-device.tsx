import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../../api/client.js';
import type { Schemas } from '../../api/client.js';
import { DialogFrame, Failure } from '../../parts/dialog.js';
import { Field, textOf } from '../../parts/field.js';
import { RevealPin } from '../../parts/reveal-pin.js';
import { type Vendor, VENDOR_NAMES, VENDORS } from '../../parts/vendors.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { DEVICES } from './texts.js';

/** Makes one device, and shows its PIN, which the API answers this once. */
export function AddDevice({
  mac = '',
  vendor = 'yealink',
  onClose,
}: {
  mac?: string;
  vendor?: Vendor;
  onClose: () => void;
}) {
  const t = useTexts(DEVICES);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const [error, setError] = useState<Error | null>(null);
  const [isPending, setPending] = useState(false);
  const [made, setMade] = useState<Schemas['Device'] | null>(null);
  const tenants = useQuery({
    queryKey: ['tenants', 'all'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => textOf(form, name);
    const optional = (name: string) => (text(name) === '' ? null : text(name));
    setPending(true);
    setError(null);
    try {
      const body = {
        mac: text('mac'),
        vendor: text('vendor') as Vendor,
        tenantId: text('tenantId'),
        label: optional('label'),
        model: optional('model'),
      };
      setMade(await answerOf(api.POST('/api/v1/devices', { body })));
      await client.invalidateQueries({ queryKey: ['live'] });
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setPending(false);
    }
  }

  if (made !== null)
    return (
      <DialogFrame title={made.label ?? made.mac} onClose={onClose}>
        <p className="muted">{t.created}</p>
        <RevealPin mac={made.mac} papValid={made.papValid} fresh={made.pap ?? null} />
        <div className="actions">
          <button className="btn primary" type="button" onClick={onClose}>
            {parts.close}
          </button>
        </div>
      </DialogFrame>
    );
  return (
    <DialogFrame title={t.add} onClose={onClose}>
      <form className="grid" onSubmit={(event) => void submit(event)}>
        <Field label={t.mac} error={error} pointer="/mac">
          {(attributes) => (
            <input {...attributes} className="input mono" name="mac" required defaultValue={mac} />
          )}
        </Field>
        <Field label={t.vendor} error={error} pointer="/vendor">
          {(attributes) => (
            <select {...attributes} className="input" name="vendor" defaultValue={vendor}>
              {VENDORS.map((name) => (
                <option key={name} value={name}>
                  {VENDOR_NAMES[name]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.tenant} error={error} pointer="/tenantId">
          {(attributes) => (
            <select {...attributes} className="input" name="tenantId" required>
              {(tenants.data?.items ?? []).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t.label} error={error} pointer="/label">
          {(attributes) => <input {...attributes} className="input" name="label" maxLength={200} />}
        </Field>
        <Field label={t.model} error={error} pointer="/model">
          {(attributes) => <input {...attributes} className="input" name="model" maxLength={100} />}
        </Field>
        <Failure error={error} />
        <div className="actions">
          <button className="btn" type="button" onClick={onClose}>
            {parts.cancel}
          </button>
          <button className="btn primary" type="submit" aria-disabled={isPending}>
            {isPending ? parts.pending : parts.add}
          </button>
        </div>
      </form>
    </DialogFrame>
  );
}
