import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Empty } from '../../parts/empty.js';
import { Field, textOf } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { When } from '../../parts/times.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { KEYS } from './texts.js';
import { Webhooks } from './webhooks.js';

const Confirm = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Confirm }));
const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

type ApiKey = Schemas['ApiKey'];
const ROLES = ['admin', 'operator', 'support', 'auditor'] as const;

/** Keys with their roles, shown once when they are made; and webhooks with their deliveries. */
export function Keys() {
  const t = useTexts(KEYS);
  return (
    <>
      <div className="head">
        <h1>{t.title}</h1>
      </div>
      <div className="grid">
        <KeyList />
        <AddKey />
        <Webhooks />
      </div>
    </>
  );
}

function KeyList() {
  const t = useTexts(KEYS);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const query = useQuery({
    queryKey: ['live', 'keys'],
    queryFn: () => answerOf(api.GET('/api/v1/api-keys')),
  });
  const tenants = useQuery({
    queryKey: ['tenants', 'all'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });
  const nameOf = (id: string) => tenants.data?.items.find((tenant) => tenant.id === id)?.name ?? id;
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) =>
      answerOf(api.DELETE('/api/v1/api-keys/{keyId}', { params: { path: { keyId: id } } })),
    onSuccess: async () => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ['live', 'keys'] });
    },
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t.none} hint={t.noneHint} />
        ) : (
          <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.title}>
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">{t.name}</th>
                  <th scope="col">{t.role}</th>
                  <th scope="col">{t.tenants}</th>
                  <th scope="col">{t.lastUsed}</th>
                  <th scope="col">{t.expires}</th>
                  <th scope="col">
                    <span className="hidden">{t.revoke}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((key) => (
                  <tr key={key.id}>
                    <td>
                      <b>{key.name}</b>
                    </td>
                    <td>{t.roleOf(key.role)}</td>
                    <td>{key.tenantIds.length === 0 ? t.all : key.tenantIds.map(nameOf).join(', ')}</td>
                    <td>{key.lastUsedAt === null ? parts.never : <When at={key.lastUsedAt} />}</td>
                    <td>{key.expiresAt === null ? parts.never : <When both at={key.expiresAt} />}</td>
                    <td>
                      <button
                        className="btn sm danger"
                        type="button"
                        aria-label={t.revokeOf(key.name)}
                        onClick={() => setAsked(key)}
                      >
                        {t.revoke}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Suspense>
              {asked !== null && (
                <Confirm
                  title={t.question(asked.name)}
                  consequence={t.consequence}
                  verb={t.revoke}
                  isDanger
                  isPending={revoke.isPending}
                  error={revoke.error}
                  onConfirm={() => revoke.mutate(asked)}
                  onClose={() => setAsked(null)}
                />
              )}
            </Suspense>
          </div>
        )
      }
    </Loaded>
  );
}

function AddKey() {
  const t = useTexts(KEYS);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const tenants = useQuery({
    queryKey: ['tenants', 'all'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });
  const add = useMutation({
    mutationFn: (body: {
      name: string;
      role: (typeof ROLES)[number];
      tenantIds: string[];
      expiresAt: string | null;
    }) => answerOf(api.POST('/api/v1/api-keys', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['live', 'keys'] }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const day = textOf(form, 'expires');
    add.mutate({
      name: textOf(form, 'name'),
      role: ROLES.find((role) => role === form.get('role')) ?? 'operator',
      tenantIds: form.getAll('tenantIds').map(String),
      expiresAt: day === '' ? null : new Date(day).toISOString(),
    });
  }
  return (
    <form className="panel inline-form" onSubmit={submit} aria-label={t.add}>
      <Field label={t.name} error={add.error} pointer="/name">
        {(attributes) => <input {...attributes} className="input" name="name" required maxLength={100} />}
      </Field>
      <Field label={t.role} error={add.error} pointer="/role" hint={t.roleHint}>
        {(attributes) => (
          <select {...attributes} className="input" name="role" defaultValue="operator">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t.roleOf(role)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.tenants} error={add.error} pointer="/tenantIds" hint={t.tenantsHint}>
        {(attributes) => (
          <select {...attributes} className="input tall" name="tenantIds" multiple>
            {(tenants.data?.items ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.expires} error={add.error} pointer="/expiresAt">
        {(attributes) => <input {...attributes} className="input" name="expires" type="date" />}
      </Field>
      <button className="btn primary" type="submit">
        {add.isPending ? parts.pending : t.add}
      </button>
      {add.data !== undefined && (
        <div role="status">
          <p className="small">{t.once}</p>
          <div className="once">
            {add.data.key}
            <CopyButton text={add.data.key} what={t.key} />
          </div>
        </div>
      )}
      <Suspense>
        <Failure error={add.error} />
      </Suspense>
    </form>
  );
}
