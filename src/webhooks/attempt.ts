import { type MasterKey, unseal } from '../domain/secrets.js';
import { nextAttemptAt } from '../domain/webhook-retry.js';
import type { ServiceContext } from '../services/context.js';
import { type DueDelivery, saveAttempt } from '../store/webhook-deliveries.js';
import { saveFailingSince } from '../store/webhooks.js';
import { messageBody, messageHeaders, messageIdOf } from './message.js';
import type { Sender, Sent } from './sender.js';

/** What became of an attempt; `dead`: it was the last one. */
export type Attempted = 'delivered' | 'failed' | 'dead';

/** More than three days of attempts have. */
const KEPT_ATTEMPTS = 50;

const GONE: Sent = { status: null, error: 'the event is not in the audit log any more' };

/**
 * Sends a delivery and notes what came of it. null when `ending` cut it off: then nothing is noted,
 * and it is tried again.
 */
export async function attempt(
  { store, clock, masterKey }: Pick<ServiceContext, 'store' | 'clock' | 'masterKey'>,
  { delivery, event, webhook }: DueDelivery,
  sender: Sender,
  ending: AbortSignal,
): Promise<Attempted | null> {
  const at = clock.now();
  let sent = GONE;
  if (event !== null) {
    const body = messageBody(event);
    const headers = messageHeaders(messageIdOf(delivery), body, secretsOf(masterKey, webhook, at), at);
    sent = await sender.send(new URL(webhook.url), headers, body, ending);
  }
  const isDelivered = sent.error === null;
  if (!isDelivered && ending.aborted) return null;

  const now = clock.now();
  const tries = delivery.tries + 1;
  const again =
    isDelivered || event === null ? null : nextAttemptAt({ ...delivery, tries }, now, Math.random());
  const state = isDelivered ? 'delivered' : again === null ? 'dead' : 'pending';
  const attempts = [...delivery.attempts, { at: at.toISOString(), ...sent }].slice(-KEPT_ATTEMPTS);
  await saveAttempt(store.db, { id: delivery.id, state, tries, dueAt: again, attempts }, now);
  if (isDelivered !== (webhook.failingSince === null))
    await saveFailingSince(store.db, webhook.id, isDelivered ? null : at);
  return state === 'pending' ? 'failed' : state;
}

/** The secrets that sign now: the present one, and the former while it takes over. */
function secretsOf(key: MasterKey, webhook: DueDelivery['webhook'], now: Date): string[] {
  const { id, secretSealed, formerSecretSealed, formerSecretUntil } = webhook;
  const isInUse = formerSecretUntil !== null && formerSecretUntil > now;
  const sealed = formerSecretSealed !== null && isInUse ? [secretSealed, formerSecretSealed] : [secretSealed];
  return sealed.map((one) => unseal(key, id, one));
}
