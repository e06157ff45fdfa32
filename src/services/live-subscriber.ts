import { isLive } from '../domain/token.js';
import type { Queryable } from '../store/store.js';
import { type Subscriber, findSubscriber } from '../store/subscribers.js';

/** The subscriber with this SIP user name; null when it is unknown, revoked or lapsed. */
export async function findLiveSubscriber(db: Queryable, user: string, now: Date): Promise<Subscriber | null> {
  const subscriber = await findSubscriber(db, user);
  return subscriber !== null && isLive(subscriber.token, now) ? subscriber : null;
}
