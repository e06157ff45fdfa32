import { API_KEY_OPERATIONS } from './api-keys.js';
import { AUDIT_SEAL_OPERATIONS } from './audit-seal.js';
import { BULK_OPERATIONS } from './bulk-actions.js';
import { DEVICE_ACTION_OPERATIONS } from './device-actions.js';
import { DEVICE_CONFIGURATION_OPERATIONS } from './device-configuration.js';
import { DEVICE_OPERATIONS } from './devices.js';
import { DEVICE_CSV_OPERATIONS } from './devices-csv.js';
import { DOCUMENTATION_OPERATIONS } from './docs-page.js';
import { EVENT_OPERATIONS } from './events.js';
import { EVENT_EXPORT_OPERATIONS } from './events-export.js';
import { HEALTH_OPERATIONS } from './health.js';
import { INSTALLATION_OPERATIONS } from './installation.js';
import { JOB_OPERATIONS } from './jobs.js';
import { LINE_OPERATIONS } from './lines.js';
import { NETWORK_OPERATIONS } from './networks.js';
import type { Operation } from './operation.js';
import { PROBLEM_PAGE } from './problem-pages.js';
import { SECURITY_OPERATIONS } from './security.js';
import { SESSION_OPERATIONS } from './session.js';
import { SITE_OPERATIONS } from './sites.js';
import { TENANT_OPERATIONS } from './tenants.js';
import { UNKNOWN_DEVICE_OPERATIONS } from './unknown-devices.js';
import { WEBHOOK_DELIVERY_OPERATIONS } from './webhook-deliveries.js';
import { WEBHOOK_OPERATIONS } from './webhooks.js';

/** Every call of the admin port, in the order in which it is described. */
export const OPERATIONS: readonly Operation[] = [
  ...TENANT_OPERATIONS,
  ...SITE_OPERATIONS,
  ...LINE_OPERATIONS,
  ...NETWORK_OPERATIONS,
  ...DEVICE_OPERATIONS,
  ...DEVICE_CONFIGURATION_OPERATIONS,
  ...DEVICE_ACTION_OPERATIONS,
  ...DEVICE_CSV_OPERATIONS,
  ...BULK_OPERATIONS,
  ...JOB_OPERATIONS,
  ...UNKNOWN_DEVICE_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...EVENT_EXPORT_OPERATIONS,
  ...AUDIT_SEAL_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...WEBHOOK_DELIVERY_OPERATIONS,
  ...API_KEY_OPERATIONS,
  ...SESSION_OPERATIONS,
  ...SECURITY_OPERATIONS,
  ...INSTALLATION_OPERATIONS,
  ...DOCUMENTATION_OPERATIONS,
  PROBLEM_PAGE,
  ...HEALTH_OPERATIONS,
];
