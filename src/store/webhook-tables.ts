import type { EventType } from '../domain/events.js';
import type { Bytes, Json } from './schema.js';

export interface WebhookTable {
  id: string;
  /** null: of the whole installation. */
  tenantId: string | null;
  url: string;
  types: Json<EventType[]>;
  secretSealed: Bytes;
  /** Signs beside the other until then. */
  formerSecretSealed: Bytes | null;
  formerSecretUntil: Date | null;
  keyVersion: number;
  /** Up to where in the sealed log deliveries have been made of it. */
  position: string | number;
  /** Since when every attempt has failed; null when the last one did not. */
  failingSince: Date | null;
  /** The instance that works on it, and how long that is believed without hearing of it. */
  leasedBy: string | null;
  leasedUntil: Date | null;
  createdAt: Date;
}

export interface WebhookDeliveryTable {
  id: string;
  webhookId: string;
  /** That of the event. */
  position: string | number;
  type: EventType;
  state: DeliveryState;
  /** Attempts since it was queued, or replayed. */
  tries: number;
  begunAt: Date;
  /** When the next attempt is due, while it is pending. */
  dueAt: Date | null;
  endedAt: Date | null;
  attempts: Json<StoredAttempt[]>;
  createdAt: Date;
}

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** An attempt to deliver, as it is stored: its time in ISO 8601. */
export interface StoredAttempt {
  at: string;
  status: number | null;
  error: string | null;
}
