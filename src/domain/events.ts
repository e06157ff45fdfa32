/**
 * The kinds of line that the audit log has. The names are part of the contract: never renamed, only
 * added to.
 */
export const EVENT_TYPES = [
  'device.created',
  'device.updated',
  'device.deleted',
  'device.knocked',
  'device.failed',
  'device.needed',
  'device.blocked',
  'device.authenticated',
  'device.token_missing',
  'device.contested',
  'config.minimal',
  'config.full',
  'pap.accepted',
  'pap.wrong',
  'pap.refused',
  'pap.revealed',
  'authentication.reset',
  'authentication.suspended',
  'provisioning.authorized',
  'network.opened',
  'network.extended',
  'network.closed',
  'call.authentication',
  'call.emergency',
  'resync.sent',
  'resync.answered',
  'resync.failed',
  'budget.spent',
  // Beyond the contract's list; it may grow.
  'call.emergency_ended',
  'authentication.resumed',
  'code.accepted',
  'code.wrong',
  'code.refused',
  'device.reset_to_autoprov',
  'forwarding.ignored',
  'device.mismatch',
  'tenant.created',
  'tenant.updated',
  'tenant.deleted',
  'site.created',
  'site.updated',
  'site.deleted',
  'line.created',
  'line.updated',
  'line.deleted',
  'api_key.created',
  'api_key.deleted',
  'api_key.rotated',
  'key.rejected',
  'session.started',
  'session.ended',
  'clock.stepped',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A line of the audit log before it is written. `data` never holds a secret. */
export interface NewEvent {
  at: Date;
  type: EventType;
  tenantId: string | null;
  mac: string | null;
  /** Who caused it: `phone`, `system`, or the name of an API key. */
  actor: string;
  /** The network address it came from, where there is one. */
  address: string | null;
  data: Record<string, unknown>;
}
