import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.js';
import { useAddressState } from '../../parts/address-state.js';
import { Empty } from '../../parts/empty.js';
import { Field, textOf } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { When } from '../../parts/times.js';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { texts, useTexts } from '../../texts/texts.js';

const Confirm = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Confirm }));
const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

type Network = Schemas['Network'];

const TEXTS = texts({
  en: {
    title: 'Networks',
    why: 'Phones of a tenant that ask from one of its networks get their full configuration without a PIN.',
    tenant: 'Tenant',
    none: 'No network is trusted.',
    noneHint:
      'A right PIN opens the network of its phone for a while, unless the policy is strict; or add one.',
    network: 'Network',
    because: 'Why',
    reason: (network: { reason: string; openedBy: string; mac: string | null }) =>
      network.reason === 'administrator'
        ? `added by ${network.openedBy}`
        : `opened by the ${network.reason === 'code' ? 'line code' : 'PIN'} of ${network.mac ?? 'a phone'}`,
    since: 'Since',
    until: 'Until',
    forGood: 'for good',
    devices: 'Phones let in',
    close: 'Close',
    closeOf: (cidr: string) => `Close ${cidr}`,
    question: (cidr: string) => `Close the network ${cidr}?`,
    consequence:
      'Phones that ask from there need their PIN from now on. Those that have proved themselves keep what they hold.',
    cidr: 'Address or range',
    label: 'Label',
    kind: 'How long',
    permanent: 'for good',
    temporary: 'for a while, as the policy says',
  },
  de: {
    title: 'Netze',
    why: 'Telefone eines Mandanten, die aus einem seiner Netze fragen, bekommen ihre volle Konfiguration ohne PIN.',
    tenant: 'Mandant',
    none: 'Keinem Netz wird vertraut.',
    noneHint:
      'Eine richtige PIN öffnet das Netz ihres Telefons für eine Weile, wenn die Richtlinie nicht streng ist; oder legen Sie eines an.',
    network: 'Netz',
    because: 'Warum',
    reason: (network: { reason: string; openedBy: string; mac: string | null }) =>
      network.reason === 'administrator'
        ? `angelegt von ${network.openedBy}`
        : `geöffnet durch ${network.reason === 'code' ? 'den Anschlusscode' : 'die PIN'} von ${network.mac ?? 'einem Telefon'}`,
    since: 'Seit',
    until: 'Bis',
    forGood: 'dauerhaft',
    devices: 'Eingelassene Telefone',
    close: 'Schließen',
    closeOf: (cidr: string) => `${cidr} schließen`,
    question: (cidr: string) => `Netz ${cidr} schließen?`,
    consequence:
      'Telefone, die von dort fragen, brauchen fortan ihre PIN. Wer sich bewiesen hat, behält seine Konfiguration.',
    cidr: 'Adresse oder Bereich',
    label: 'Name',
    kind: 'Wie lange',
    permanent: 'dauerhaft',
    temporary: 'eine Weile, wie die Richtlinie sagt',
  },
});

/** What is open, since when, by whose PIN or hand, until when; by tenant. */
export function Networks() {
  const t = useTexts(TEXTS);
  const [values, set] = useAddressState();
  const tenants = useQuery({
    queryKey: ['tenants', 'all'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });
  const items = tenants.data?.items ?? [];
  const tenantId = values['tenantId'] ?? items[0]?.id;
  return (
    <>
      <div className="head wrap">
        <h1>{t.title}</h1>
        <span className="grow" />
        <select
          className="input fits"
          aria-label={t.tenant}
          value={tenantId ?? ''}
          onChange={(event) => set({ tenantId: event.target.value })}
        >
          {items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <p className="muted">{t.why}</p>
      {tenantId === undefined ? <Empty title={t.none} /> : <NetworksOf key={tenantId} tenantId={tenantId} />}
    </>
  );
}

function NetworksOf({ tenantId }: { tenantId: string }) {
  const t = useTexts(TEXTS);
  const parts = useTexts(PARTS);
  const { role } = useSession();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Network | null>(null);
  const path = { tenantId };
  const query = useQuery({
    queryKey: ['live', 'networks', tenantId],
    queryFn: () =>
      answerOf(api.GET('/api/v1/tenants/{tenantId}/networks', { params: { path, query: { limit: 500 } } })),
  });
  const close = useMutation({
    mutationFn: ({ id }: Network) =>
      answerOf(
        api.DELETE('/api/v1/tenants/{tenantId}/networks/{networkId}', {
          params: { path: { tenantId, networkId: id } },
        }),
      ),
    onSuccess: async () => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ['live', 'networks'] });
    },
  });
  return (
    <div className="grid">
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t.none} hint={t.noneHint} />
          ) : (
            <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.title}>
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">{t.network}</th>
                    <th scope="col">{t.because}</th>
                    <th scope="col">{t.since}</th>
                    <th scope="col">{t.until}</th>
                    <th scope="col">{t.devices}</th>
                    <th scope="col">
                      <span className="hidden">{t.close}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((network) => (
                    <tr key={network.id}>
                      <td>
                        <span className="two">
                          <b className="mono">{network.cidr}</b>
                          <span>{network.label}</span>
                        </span>
                      </td>
                      <td>{t.reason(network)}</td>
                      <td>
                        <When at={network.openedAt} />
                      </td>
                      <td>{network.expiresAt === null ? t.forGood : <When both at={network.expiresAt} />}</td>
                      <td>{network.devices}</td>
                      <td>
                        {role !== 'support' && (
                          <button
                            className="btn sm"
                            type="button"
                            aria-label={t.closeOf(network.cidr)}
                            onClick={() => setAsked(network)}
                          >
                            {t.close}
                          </button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {role !== 'support' && <AddNetwork tenantId={tenantId} />}
      <Suspense>
        {asked !== null && (
          <Confirm
            title={t.question(asked.cidr)}
            consequence={t.consequence}
            verb={t.close}
            isDanger
            isPending={close.isPending}
            error={close.error}
            onConfirm={() => close.mutate(asked)}
            onClose={() => setAsked(null)}
          />
        )}
        {close.isPending && <span className="hidden">{parts.pending}</span>}
      </Suspense>
    </div>
  );
}

function AddNetwork({ tenantId }: { tenantId: string }) {
  const t = useTexts(TEXTS);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (body: { cidr: string; kind: Network['kind']; label: string | null; force: boolean }) =>
      answerOf(api.POST('/api/v1/tenants/{tenantId}/networks', { params: { path: { tenantId } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['live', 'networks'] }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const label = textOf(form, 'label');
    add.mutate({
      cidr: textOf(form, 'cidr'),
      kind: form.get('kind') === 'temporary' ? 'temporary' : 'permanent',
      label: label === '' ? null : label,
      force: false,
    });
  }
  return (
    <form className="panel inline-form" onSubmit={submit}>
      <Field label={t.cidr} error={add.error} pointer="/cidr">
        {(attributes) => <input {...attributes} className="input mono" name="cidr" required maxLength={60} />}
      </Field>
      <Field label={t.label} error={add.error} pointer="/label">
        {(attributes) => <input {...attributes} className="input" name="label" maxLength={200} />}
      </Field>
      <Field label={t.kind} error={add.error} pointer="/kind">
        {(attributes) => (
          <select {...attributes} className="input" name="kind">
            <option value="permanent">{t.permanent}</option>
            <option value="temporary">{t.temporary}</option>
          </select>
        )}
      </Field>
      <button className="btn primary" type="submit">
        {add.isPending ? parts.pending : parts.add}
      </button>
      <Suspense>
        <Failure error={add.error} />
      </Suspense>
    </form>
  );
}
