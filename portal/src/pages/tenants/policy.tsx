import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.js';
import { Field } from '../../parts/field.js';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { useLanguage, useTexts } from '../../texts/texts.js';
import { POLICY, TENANTS } from './texts.js';

const Failure = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Failure }));

type Policy = Schemas['Policy'];
type Draft = Partial<Record<keyof Policy, Policy[keyof Policy]>>;

const CHOICES = {
  secondFactor: ['pap', 'window', 'pap+window', 'none'],
  onLostConfiguration: ['manual', 'rearm'],
  lockoutScope: ['device', 'device-and-source'],
} as const satisfies Partial<Record<keyof Policy, readonly string[]>>;

/** Each value with its meaning; beside it what the policy withstands, before and after a change. */
export function PolicyForm({ tenant }: { tenant: Schemas['Tenant'] }) {
  const t = useTexts(TENANTS);
  const meanings = useTexts(POLICY);
  const parts = useTexts(PARTS);
  const { role } = useSession();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({});
  const save = useMutation({
    mutationFn: () =>
      answerOf(
        api.PATCH('/api/v1/tenants/{tenantId}', {
          params: { path: { tenantId: tenant.id } },
          body: { policy: draft as Partial<Policy> },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['live'] }),
  });
  const isReadOnly = role !== 'admin';
  const change = (name: keyof Policy, value: Policy[keyof Policy]) =>
    setDraft((was) => {
      const { [name]: _former, ...others } = was;
      return value === tenant.policy[name] ? others : { ...others, [name]: value };
    });
  const isChanged = Object.keys(draft).length > 0;
  return (
    <div className="cols">
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className="body grid">
          {(Object.keys(tenant.policy) as (keyof Policy)[]).map((name) => (
            <Field
              key={name}
              label={`${meanings[name].split('|')[0] ?? name}${name in draft ? ` · ${t.changed}` : ''}`}
              hint={meanings[name].split('|')[1]}
              error={save.error}
              pointer={`/policy/${name}`}
            >
              {(attributes) => (
                <PolicyInput
                  attributes={attributes}
                  name={name}
                  value={draft[name] === undefined ? tenant.policy[name] : draft[name]}
                  isReadOnly={isReadOnly}
                  onChange={(value) => change(name, value)}
                />
              )}
            </Field>
          ))}
          <Suspense>
            <Failure error={save.error} />
          </Suspense>
          {!isReadOnly && (
            <div className="row">
              <button className="btn primary" type="submit" disabled={!isChanged}>
                {save.isPending ? parts.pending : parts.save}
              </button>
              <button className="btn" type="button" disabled={!isChanged} onClick={() => setDraft({})}>
                {parts.cancel}
              </button>
            </div>
          )}
        </div>
      </form>
      {role !== 'support' && <Risk tenantId={tenant.id} draft={draft as Partial<Policy>} />}
    </div>
  );
}

interface PolicyInputProps {
  attributes: { id: string; 'aria-describedby': string; 'aria-invalid': boolean };
  name: keyof Policy;
  value: Policy[keyof Policy];
  isReadOnly: boolean;
  onChange: (value: Policy[keyof Policy]) => void;
}

function PolicyInput({ attributes, name, value, isReadOnly, onChange }: PolicyInputProps) {
  if (typeof value === 'boolean')
    return (
      <input
        {...attributes}
        className="check"
        type="checkbox"
        checked={value}
        disabled={isReadOnly}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  if (name in CHOICES)
    return (
      <select
        {...attributes}
        className="input"
        value={String(value)}
        disabled={isReadOnly}
        onChange={(event) => onChange(event.target.value as Policy[keyof Policy])}
      >
        {CHOICES[name as keyof typeof CHOICES].map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  return (
    <input
      {...attributes}
      className="input"
      type="number"
      min={1}
      value={value === null ? '' : String(value)}
      disabled={isReadOnly}
      onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
    />
  );
}

/** The chance that a PIN is guessed within a year: as it is, and as it would be. */
function Risk({ tenantId, draft }: { tenantId: string; draft: Partial<Policy> }) {
  const t = useTexts(TENANTS);
  const language = useLanguage();
  const asked = useDeferredValue(draft);
  const now = useQuery({
    queryKey: ['live', 'risk', tenantId],
    queryFn: () => answerOf(api.GET('/api/v1/security/guess-risk', { params: { query: { tenantId } } })),
  });
  const whole = now.data?.groups[0];
  const after = useQuery({
    queryKey: ['risk', tenantId, asked],
    enabled: Object.keys(asked).length > 0,
    placeholderData: (previous) => previous,
    retry: false,
    queryFn: async () => {
      const stored = await answerOf(
        api.GET('/api/v1/tenants/{tenantId}', { params: { path: { tenantId } } }),
      );
      return answerOf(
        api.POST('/api/v1/security/guess-risk', {
          body: { tenantId, policy: { ...stored.policy, ...asked } },
        }),
      );
    },
  });
  const percent = (chance: number) =>
    new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 }).format(chance);
  return (
    <section className="panel" aria-labelledby="risk">
      <header>
        <h2 id="risk">{t.risk}</h2>
      </header>
      <dl className="facts" aria-live="polite">
        <div className="pair">
          <dt>{t.waitingNow}</dt>
          <dd>{now.data?.waitingDevices ?? '–'}</dd>
        </div>
        <div className="pair">
          <dt>{t.oneSource}</dt>
          <dd>
            {now.data === undefined ? '–' : percent(now.data.perYear.oneSource)}
            {Object.keys(draft).length > 0 && after.data !== undefined && (
              <b> → {percent(after.data.perYear.oneSource)}</b>
            )}
          </dd>
        </div>
        <div className="pair">
          <dt>{t.anySource}</dt>
          <dd>
            {now.data === undefined ? '–' : percent(now.data.perYear.anySource)}
            {Object.keys(draft).length > 0 && after.data !== undefined && (
              <b> → {percent(after.data.perYear.anySource)}</b>
            )}
          </dd>
        </div>
        {whole !== undefined && (
          <div className="pair">
            <dt>{t.perDevice}</dt>
            <dd>{percent(whole.chancePerDevice.anySource)}</dd>
          </div>
        )}
      </dl>
      <p className="body muted small">{t.riskHint}</p>
    </section>
  );
}
