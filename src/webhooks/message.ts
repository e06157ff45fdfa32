import { createHmac, randomBytes } from 'node:crypto';
import type { ListedEvent } from '../store/event-list.js';

/*
 * Messages as the Standard Webhooks specification has them
 * (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
 */

const SECRET_PREFIX = 'whsec_';
/** The specification asks for 24 to 64. */
const SECRET_BYTES = 32;

/** A new secret, as both sides keep it. */
export function makeWebhookSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * What a receiver knows a message by: the same at every attempt and replay, also when the delivery
 * was forgotten and is queued anew.
 */
export function messageIdOf({ webhookId, position }: { webhookId: string; position: number }): string {
  return `msg_${webhookId.replaceAll('-', '')}_${position}`;
}

/** The body of the message about an event: `data` is the event as the API answers it. */
export function messageBody(event: ListedEvent): string {
  return JSON.stringify({ type: event.type, timestamp: event.at.toISOString(), data: event });
}

/** A signature for each secret, since the receiver may know either while one takes over. */
export function messageHeaders(
  messageId: string,
  body: string,
  secrets: readonly string[],
  at: Date,
): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000).toString();
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    const signature = createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest('base64');
    return `v1,${signature}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'Dialgate',
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
