import { useQuery } from '@tanstack/react-query';
import { ChevronDown, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { answerOf, api } from '../../api/client.js';
import type { Values } from '../../parts/address-state.js';
import { VENDOR_NAMES, VENDORS } from '../../parts/vendors.js';
import { useTexts } from '../../texts/texts.js';
import { DEVICES } from './texts.js';

const MenuButton = lazy(async () => ({ default: (await import('../../parts/menu-button.js')).MenuButton }));

const STATES = ['needed', 'failed', 'blocked', 'successful'];

/** Filters as chips: an empty one opens a menu, a set one says its value and is taken off. */
export function Filters({ values, onChange }: { values: Values; onChange: (changes: Values) => void }) {
  const t = useTexts(DEVICES);
  const tenants = useQuery({
    queryKey: ['tenants', 'all'],
    queryFn: () => answerOf(api.GET('/api/v1/tenants', { params: { query: { limit: 500 } } })),
  });
  const sites = useQuery({
    queryKey: ['sites', values['tenantId']],
    enabled: values['tenantId'] !== undefined,
    queryFn: () => {
      const path = { tenantId: values['tenantId'] ?? '' };
      return answerOf(
        api.GET('/api/v1/tenants/{tenantId}/sites', { params: { path, query: { limit: 500 } } }),
      );
    },
  });
  const plain = (names: readonly string[]) => names.map((name) => ({ id: name, text: t.value(name) }));
  const yesNo = [
    { id: 'true', text: t.yes },
    { id: 'false', text: t.no },
  ];
  const chips = [
    { name: 'tenantId', label: t.tenant, items: named(tenants.data) },
    ...(values['tenantId'] === undefined
      ? []
      : [{ name: 'siteId', label: t.site, items: named(sites.data) }]),
    { name: 'state', label: t.state, items: plain(STATES) },
    { name: 'vendor', label: t.vendor, items: VENDORS.map((id) => ({ id, text: VENDOR_NAMES[id] })) },
    { name: 'registered', label: t.registered, items: yesNo },
    { name: 'seen', label: t.seenSince, items: [{ id: 'day', text: t.lastDay }] },
  ];
  return (
    <div className="filters" role="group" aria-label={t.filters}>
      <Suspense>
        {chips.map(({ name, label, items }) => {
          const value = values[name];
          if (value === undefined)
            return (
              <MenuButton
                key={name}
                className="chip"
                label={
                  <>
                    {label}
                    <ChevronDown size={13} aria-hidden="true" />
                  </>
                }
                items={items}
                onChoose={(id) => onChange({ [name]: id })}
              />
            );
          const shown = items.find(({ id }) => id === value)?.text ?? value;
          return (
            <button
              key={name}
              className="chip set"
              type="button"
              aria-label={t.takeOff(label, shown)}
              onClick={() => onChange(name === 'tenantId' ? { tenantId: '', siteId: '' } : { [name]: '' })}
            >
              {label}: {shown}
              <X size={12} aria-hidden="true" />
            </button>
          );
        })}
      </Suspense>
    </div>
  );
}

function named(data: { items: { id: string; name: string }[] } | undefined) {
  return (data?.items ?? []).map(({ id, name }) => ({ id, text: name }));
}
