import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Field, textOf } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { When } from '../../parts/times.js';
import { EVENTS } from '../../texts/events.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { KEYS } from './texts.js';

const Confirm = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Confirm }));
const DialogFrame = lazy(async () => ({ default: (await import('../../parts/dialog.js')).DialogFrame }));
const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

type Webhook = Schemas['Webhook'];
type EventType = Webhook['types'][number];
const TYPES = Object.keys(EVENTS.en).filter((name) => name.includes('.')) as EventType[];

/** Where events are posted to, with what came of each delivery. */
export function Webhooks() {
  const t = useTexts(KEYS);
  const client = useQueryClient();
  const [asked, setAsked] = useState<Webhook | null>(null);
  const [shown, setShown] = useState<Webhook | null>(null);
  const query = useQuery({
    queryKey: ['live', 'webhooks'],
    queryFn: () => answerOf(api.GET('/api/v1/webhooks')),
  });
  const remove = useMutation({
    mutationFn: ({ id }: Webhook) =>
      answerOf(api.DELETE('/api/v1/webhooks/{webhookId}', { params: { path: { webhookId: id } } })),
    onSuccess: async () => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ['live', 'webhooks'] });
    },
  });
  return (
    <section className="grid" aria-labelledby="webhooks">
      <h2 id="webhooks">{t.webhooks}</h2>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t.noWebhooks}</p>
          ) : (
            <div className="panel scrolls" tabIndex={0} role="region" aria-label={t.webhooks}>
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">{t.url}</th>
                    <th scope="col">{t.types}</th>
                    <th scope="col">{t.waiting}</th>
                    <th scope="col">{t.dead}</th>
                    <th scope="col">
                      <span className="hidden">{t.deliveries}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((webhook) => (
                    <tr key={webhook.id}>
                      <td className="mono">{webhook.url}</td>
                      <td className="small">{webhook.types.join(', ')}</td>
                      <td>{webhook.pending}</td>
                      <td>{webhook.dead}</td>
                      <td className="row">
                        <button className="btn sm" type="button" onClick={() => setShown(webhook)}>
                          {t.deliveries}
                        </button>
                        <button className="btn sm danger" type="button" onClick={() => setAsked(webhook)}>
                          {t.delete}
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
      <AddWebhook />
      <Suspense>
        {asked !== null && (
          <Confirm
            title={t.deleteQuestion(asked.url)}
            consequence={t.deleteConsequence}
            verb={t.delete}
            isDanger
            isPending={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate(asked)}
            onClose={() => setAsked(null)}
          />
        )}
        {shown !== null && <Deliveries webhook={shown} onClose={() => setShown(null)} />}
      </Suspense>
    </section>
  );
}

function AddWebhook() {
  const t = useTexts(KEYS);
  const parts = useTexts(PARTS);
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (body: { url: string; types: EventType[] }) =>
      answerOf(api.POST('/api/v1/webhooks', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['live', 'webhooks'] }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = form.getAll('types').map(String);
    add.mutate({
      url: textOf(form, 'url'),
      types: TYPES.filter((type) => chosen.includes(type)),
    });
  }
  return (
    <form className="panel inline-form" onSubmit={submit} aria-label={t.addWebhook}>
      <Field label={t.url} error={add.error} pointer="/url">
        {(attributes) => (
          <input {...attributes} className="input" name="url" type="url" required maxLength={2000} />
        )}
      </Field>
      <Field label={t.types} error={add.error} pointer="/types">
        {(attributes) => (
          <select {...attributes} className="input tall" name="types" multiple required>
            {TYPES.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        )}
      </Field>
      <button className="btn primary" type="submit">
        {add.isPending ? parts.pending : t.addWebhook}
      </button>
      {add.data !== undefined && (
        <div role="status">
          <p className="small">{t.secretOnce}</p>
          <div className="once">
            {add.data.secret}
            <CopyButton text={add.data.secret} what={t.secret} />
          </div>
        </div>
      )}
      <Suspense>
        <Failure error={add.error} />
      </Suspense>
    </form>
  );
}

function Deliveries({ webhook: { id, url }, onClose }: { webhook: Webhook; onClose: () => void }) {
  const t = useTexts(KEYS);
  const parts = useTexts(PARTS);
  const path = { webhookId: id };
  const query = useQuery({
    queryKey: ['live', 'deliveries', id],
    queryFn: () => answerOf(api.GET('/api/v1/webhooks/{webhookId}/deliveries', { params: { path } })),
    refetchInterval: 3000,
  });
  const replay = useMutation({
    mutationFn: (deliveryId: string) =>
      answerOf(
        api.POST('/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay', {
          params: { path: { ...path, deliveryId } },
        }),
      ),
    onSuccess: () => query.refetch(),
  });
  return (
    <DialogFrame title={`${t.deliveries}: ${url}`} isWide onClose={onClose}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t.noDeliveries}</p>
          ) : (
            <table className="list">
              <tbody>
                {items.map((delivery) => {
                  const last = delivery.attempts.at(-1);
                  return (
                    <tr key={delivery.id}>
                      <td>{delivery.type}</td>
                      <td>{t.stateOf(delivery.state)}</td>
                      <td className="small">
                        {last !== undefined && (
                          <>
                            <When at={last.at} /> {last.status ?? last.error}
                          </>
                        )}
                      </td>
                      <td>
                        <button className="btn sm" type="button" onClick={() => replay.mutate(delivery.id)}>
                          {t.replay}
                        </button>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )
        }
      </Loaded>
      <Failure error={replay.error} />
      <div className="actions">
        <button className="btn" type="button" onClick={onClose}>
          {parts.close}
        </button>
      </div>
    </DialogFrame>
  );
}
