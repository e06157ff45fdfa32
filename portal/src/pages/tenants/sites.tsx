import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense } from 'react';
import { answerOf, api } from '../../api/client.js';
import { Field, textOf } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { RemoveButton } from './remove.js';
import { TENANTS } from './texts.js';

const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

/** The locations of a tenant: time zone, language, emergency route. */
export function Sites({ tenantId }: { tenantId: string }) {
  const t = useTexts(TENANTS);
  const parts = useTexts(PARTS);
  const { role } = useSession();
  const client = useQueryClient();
  const path = { tenantId };
  const query = useQuery({
    queryKey: ['live', 'sites', tenantId],
    queryFn: () =>
      answerOf(api.GET('/api/v1/tenants/{tenantId}/sites', { params: { path, query: { limit: 500 } } })),
  });
  const add = useMutation({
    mutationFn: (body: { name: string; timezone: string | null; language: string | null }) =>
      answerOf(api.POST('/api/v1/tenants/{tenantId}/sites', { params: { path }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['live', 'sites'] }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const optional = (name: string) => (textOf(form, name) === '' ? null : textOf(form, name));
    add.mutate({
      name: textOf(form, 'name'),
      timezone: optional('timezone'),
      language: optional('language'),
    });
  }
  return (
    <div className="grid">
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t.noSites}</p>
          ) : (
            <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.sites}>
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">{t.name}</th>
                    <th scope="col">{t.timezone}</th>
                    <th scope="col">{t.language}</th>
                    <th scope="col">{t.emergency}</th>
                    <th scope="col">
                      <span className="hidden">{parts.remove}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((site) => (
                    <tr key={site.id}>
                      <td>
                        <b>{site.name}</b>
                      </td>
                      <td>{site.timezone ?? t.inherited}</td>
                      <td>{site.language ?? t.inherited}</td>
                      <td className="mono">{[site.emergencyRoute ?? t.inherited].flat().join(', ')}</td>
                      <td>
                        {role !== 'support' && (
                          <RemoveButton
                            name={site.name}
                            remove={(asked) =>
                              answerOf(
                                api.DELETE('/api/v1/tenants/{tenantId}/sites/{siteId}', {
                                  params: { path: { tenantId, siteId: site.id }, query: asked },
                                }),
                              )
                            }
                          />
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
      {role !== 'support' && (
        <form className="panel inline-form" onSubmit={submit} aria-label={t.addSite}>
          <Field label={t.name} error={add.error} pointer="/name">
            {(attributes) => <input {...attributes} className="input" name="name" required maxLength={200} />}
          </Field>
          <Field label={t.timezone} error={add.error} pointer="/timezone" hint="Europe/Berlin">
            {(attributes) => <input {...attributes} className="input" name="timezone" maxLength={60} />}
          </Field>
          <Field label={t.language} error={add.error} pointer="/language" hint="de">
            {(attributes) => <input {...attributes} className="input" name="language" maxLength={35} />}
          </Field>
          <button className="btn primary" type="submit">
            {add.isPending ? parts.pending : t.addSite}
          </button>
          <Suspense>
            <Failure error={add.error} />
          </Suspense>
        </form>
      )}
    </div>
  );
}
