import type { EventType, NewEvent } from '../../domain/events.js';
import type { Actor } from '../context.js';

type ChangeType = Extract<
  EventType,
  `${'tenant' | 'site' | 'line' | 'api_key' | 'session' | 'webhook'}.${string}`
>;

/** What was changed: what it is called today, for it may be gone tomorrow, and whose it is. */
interface Subject {
  /** null: it is no row. */
  id: string | null;
  /** null: of the installation. */
  tenantId: string | null;
  name: string;
}

/**
 * A line of the audit log about something that administrators keep. `data` names the fields that
 * were changed and not their values, which may be secret: passwords and provisioning codes are, and
 * there are SIP URIs with a password in them.
 */
export function changeEvent(
  type: ChangeType,
  { id, tenantId, name }: Subject,
  by: Actor,
  at: Date,
  data: Record<string, unknown> = {},
): NewEvent {
  return { at, type, tenantId, mac: null, actor: by.name, address: by.address, data: { id, name, ...data } };
}
