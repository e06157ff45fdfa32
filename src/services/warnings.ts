import { addSeconds } from '../domain/time.js';
import { administratorKeyIds } from '../store/api-keys.js';
import { isOpenToOthers } from '../store/data-dir.js';
import { countFailingWebhooks } from '../store/webhooks.js';
import type { ServiceContext } from './context.js';

/** A receiver that is away for less is restarting. */
const FAILING_SECONDS = 3600;

/** What an installation is set to beside its `ServiceContext`. */
export interface WarningFacts {
  hasAdminKey: boolean;
  /** Where the embedded database is; null when there is none. */
  dataDir: string | null;
  /** Whether the operator says that this is no trial. */
  isInProduction: boolean;
  /** Whether the audit log is not sealed any further. */
  isSealRefused: () => boolean;
  /** That the clock has stepped, and what was done about it; null: it has not. */
  clockReport: () => string | null;
}

/**
 * What is not right and keeps nothing from running, in sentences for the operator; each begins with
 * what to set, where there is that.
 */
export async function findWarnings(
  { store, clock, installation }: Pick<ServiceContext, 'store' | 'clock' | 'installation'>,
  { hasAdminKey, dataDir, isInProduction, isSealRefused, clockReport }: WarningFacts,
): Promise<string[]> {
  const warnings: string[] = [];
  const { route } = installation.emergency;
  if (route === null || route.length === 0)
    warnings.push(
      'EMERGENCY_ROUTE is not set: emergency calls of phones whose site and tenant have no route of their own cannot be connected.',
    );
  if (!hasAdminKey && (await administratorKeyIds(store.db, clock.now(), 'read')).length === 0)
    warnings.push(
      'ADMIN_KEY is not set and there is no administrator key: the administration cannot be used. `dialgate admin-key` makes one.',
    );
  const url = new URL(installation.publicUrl);
  if (isLoopback(url.hostname))
    warnings.push('PUBLIC_URL is on loopback: phones on other machines cannot fetch from it.');
  else if (url.protocol === 'http:')
    warnings.push('PUBLIC_URL is plain HTTP: passwords in full configurations can be read on their way.');
  if (dataDir !== null && (isInProduction || !isLoopback(url.hostname)))
    warnings.push(
      'DATABASE_URL is not set: the embedded database is for trials, since it serves one process, and a power cut can damage it.',
    );
  if (dataDir !== null && (await isOpenToOthers(dataDir)))
    warnings.push('DATA_DIR belongs to another user, and others can read the database in it: chmod 700.');
  if (isSealRefused())
    warnings.push(
      'The audit log is not sealed any further, for it is not as it was left: run `dialgate audit verify`.',
    );
  const failing = await countFailingWebhooks(store.db, addSeconds(clock.now(), -FAILING_SECONDS));
  if (failing > 0)
    warnings.push(`Webhooks that have failed for an hour: ${failing}. GET /api/v1/webhooks tells which.`);
  const step = clockReport();
  if (step !== null) warnings.push(step);
  return warnings;
}

/**
 * A host of a URL: `localhost` and what ends in it (RFC 6761 6.3), 127.0.0.0/8, ::1 in
 * brackets.
 */
function isLoopback(host: string): boolean {
  return /^(?:.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/i.test(host);
}
