import type { OwnTemplates } from '../configuration/own-templates.js';
import type { AuditSealer } from '../services/audit/audit-seal.js';
import type { AuditVerifier } from '../services/audit/audit-verifier.js';
import type { EventFeed } from '../services/audit/event-feed.js';
import type { ServiceContext } from '../services/context.js';
import type { Readiness } from '../services/readiness.js';
import type { Locks } from './authenticate.js';
import type { WebhookTargets } from '../webhooks/targets.js';
import type { Json } from './json-schema.js';
import type { Metrics } from './metrics/metrics.js';

/**
 * The audit log, in the order of its positions. The position of an event is a cursor: behind it
 * comes what is new, in either order.
 */
export interface AuditLog {
  sealer: AuditSealer;
  feed: EventFeed;
  verifier: AuditVerifier;
}

/** A setting as it was read; the value is null where there is none, and where it is a secret. */
export interface Setting {
  name: string;
  value: string | null;
  source: 'environment' | 'default';
  isSecret: boolean;
}

/** What this process runs, and where; null is not in it. Nothing of it is secret. */
export interface InstallationFacts {
  version: string;
  roles: readonly string[];
  /** The ports as they are bound. */
  ports: Record<'provisioning' | 'admin' | 'internal' | 'sip', number | null>;
  adminUrl: string | null;
  /** What phones are told to fetch from. */
  provisioningUrl: string | null;
  /** What phones are told to register at. */
  sip: string | null;
  /** What the roles run on, e.g. `embedded SIP server` or `drachtio-server at 10.0.0.7:9022`. */
  database: string | null;
  sipServer: string | null;
  mediaServer: string | null;
  settings: readonly Setting[];
}

/** What the handlers of the admin port are given. */
export interface AdminContext extends ServiceContext, Locks {
  templates: OwnTemplates;
  auditLog: AuditLog;
  /** Asked anew each time, since ports are known only once they are bound. */
  facts: () => InstallationFacts;
  readiness: () => Promise<Readiness>;
  metrics: Metrics;
  /** What links begin with (ADMIN_URL), without a slash at the end; empty: they are paths. */
  linkBase: string;
  webhookTargets: WebhookTargets;
  /** The OpenAPI description of this very port; made when it is asked for first. */
  openapi: () => Json;
}
