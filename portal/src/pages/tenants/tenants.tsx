import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { Empty } from '../../parts/empty.js';
import { Field, textOf } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { When } from '../../parts/times.js';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { TENANTS } from './texts.js';

const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

/** Customers, each with its sites, lines and policy behind it. */
export function Tenants() {
  const t = useTexts(TENANTS);
  const parts = useTexts(PARTS);
  const { role } = useSession();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['live', 'tenants'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });
  const add = useMutation({
    mutationFn: (name: string) => answerOf(api.POST('/api/v1/tenants', { body: { name } })),
    onSuccess: () => client.invalidateQueries(),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    add.mutate(textOf(new FormData(event.currentTarget), 'name'));
    event.currentTarget.reset();
  }
  return (
    <>
      <div className="head">
        <h1>{t.title}</h1>
      </div>
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
                      <th scope="col">{t.name}</th>
                      <th scope="col">{t.factor}</th>
                      <th scope="col">{t.created}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map(({ id, name, policy, createdAt }) => (
                      <tr key={id}>
                        <td>
                          <Link className="link" to={`/tenants/${id}`}>
                            <b>{name}</b>
                          </Link>
                        </td>
                        <td>{t.factorOf(policy.secondFactor)}</td>
                        <td>
                          <When at={createdAt} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )
          }
        </Loaded>
        {role === 'admin' && (
          <form className="panel inline-form" onSubmit={submit} aria-label={t.add}>
            <Field label={t.name} error={add.error} pointer="/name">
              {(attributes) => (
                <input {...attributes} className="input" name="name" required maxLength={200} />
              )}
            </Field>
            <button className="btn primary" type="submit">
              {add.isPending ? parts.pending : t.add}
            </button>
            <Suspense>
              <Failure error={add.error} />
            </Suspense>
          </form>
        )}
      </div>
    </>
  );
}
