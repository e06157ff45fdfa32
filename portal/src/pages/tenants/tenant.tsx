import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { Loaded } from '../../parts/loaded.js';
import { useTexts } from '../../texts/texts.js';
import { Lines } from './lines.js';
import { PolicyForm } from './policy.js';
import { Sites } from './sites.js';
import { TENANTS } from './texts.js';

const TABS = ['policy', 'sites', 'lines'] as const;

/** A tenant: its policy with what it withstands, its sites and its lines. */
export function TenantPage() {
  const t = useTexts(TENANTS);
  const { id } = useParams<{ id: string }>();
  const tab = TABS.find((name) => name === new URLSearchParams(useSearch()).get('tab')) ?? 'policy';
  const query = useQuery({
    queryKey: ['live', 'tenant', id],
    queryFn: () => answerOf(api.GET('/api/v1/tenants/{tenantId}', { params: { path: { tenantId: id } } })),
    retry: false,
  });
  return (
    <Loaded query={query}>
      {(tenant) => (
        <>
          <nav className="crumbs muted" aria-label={t.where}>
            <Link className="link" to="/tenants">
              {t.title}
            </Link>
          </nav>
          <div className="head wrap">
            <h1>{tenant.name}</h1>
            <span className="grow" />
            <Link className="btn" to={`/devices?tenantId=${id}`}>
              {t.devices}
            </Link>
            <Link className="btn" to={`/networks?tenantId=${id}`}>
              {t.networks}
            </Link>
          </div>
          <nav className="tabs" aria-label={tenant.name}>
            {TABS.map((name) => (
              <Link
                key={name}
                className="tab"
                to={`/tenants/${id}?tab=${name}`}
                aria-current={name === tab ? 'page' : undefined}
              >
                {t[name]}
              </Link>
            ))}
          </nav>
          {tab === 'policy' && <PolicyForm key={JSON.stringify(tenant.policy)} tenant={tenant} />}
          {tab === 'sites' && <Sites tenantId={id} />}
          {tab === 'lines' && <Lines tenantId={id} />}
        </>
      )}
    </Loaded>
  );
}
