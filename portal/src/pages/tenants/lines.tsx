import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { Field, textOf } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { RemoveButton } from './remove.js';
import { TENANTS } from './texts.js';

const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

/** The SIP accounts of a tenant, with the devices that have each; passwords are never shown. */
export function Lines({ tenantId }: { tenantId: string }) {
  const t = useTexts(TENANTS);
  const parts = useTexts(PARTS);
  const { role } = useSession();
  const client = useQueryClient();
  const path = { tenantId };
  const query = useQuery({
    queryKey: ['live', 'lines', tenantId],
    queryFn: () =>
      answerOf(api.GET('/api/v1/tenants/{tenantId}/lines', { params: { path, query: { limit: 500 } } })),
  });
  const add = useMutation({
    mutationFn: (body: { label: string; sipUser: string; password: string; registrar: string }) =>
      answerOf(api.POST('/api/v1/tenants/{tenantId}/lines', { params: { path }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['live', 'lines'] }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    add.mutate({
      label: textOf(form, 'label'),
      sipUser: textOf(form, 'sipUser'),
      password: textOf(form, 'password'),
      registrar: textOf(form, 'registrar'),
    });
  }
  return (
    <div className="grid">
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t.noLines}</p>
          ) : (
            <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.lines}>
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">{t.label}</th>
                    <th scope="col">{t.sipUser}</th>
                    <th scope="col">{t.registrar}</th>
                    <th scope="col">{t.devices}</th>
                    <th scope="col">
                      <span className="hidden">{parts.remove}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((line) => (
                    <tr key={line.id}>
                      <td>
                        <b>{line.label}</b>
                      </td>
                      <td className="mono">{line.sipUser}</td>
                      <td className="mono">{line.registrar}</td>
                      <td>
                        {line.devices.map((mac) => (
                          <Link key={mac} className="link mono" to={`/devices/${mac}`}>
                            {mac}{' '}
                          </Link>
                        ))}
                      </td>
                      <td>
                        {role !== 'support' && (
                          <RemoveButton
                            name={line.label}
                            remove={(asked) =>
                              answerOf(
                                api.DELETE('/api/v1/tenants/{tenantId}/lines/{lineId}', {
                                  params: { path: { tenantId, lineId: line.id }, query: asked },
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
        <form className="panel inline-form" onSubmit={submit} aria-label={t.addLine}>
          <Field label={t.label} error={add.error} pointer="/label">
            {(attributes) => (
              <input {...attributes} className="input" name="label" required maxLength={100} />
            )}
          </Field>
          <Field label={t.sipUser} error={add.error} pointer="/sipUser">
            {(attributes) => (
              <input {...attributes} className="input" name="sipUser" required maxLength={100} />
            )}
          </Field>
          <Field label={t.password} error={add.error} pointer="/password">
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                name="password"
                type="password"
                autoComplete="new-password"
                required
                maxLength={100}
              />
            )}
          </Field>
          <Field label={t.registrar} error={add.error} pointer="/registrar" hint="pbx.example:5060">
            {(attributes) => (
              <input {...attributes} className="input" name="registrar" required maxLength={260} />
            )}
          </Field>
          <button className="btn primary" type="submit">
            {add.isPending ? parts.pending : t.addLine}
          </button>
          <Suspense>
            <Failure error={add.error} />
          </Suspense>
        </form>
      )}
    </div>
  );
}
