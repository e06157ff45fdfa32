import { grantExpiry, isTooBrief, MAX_CONTACTS, REGISTRATION_SECONDS } from '../domain/registration.js';
import { addSeconds, secondsUntil } from '../domain/time.js';
import { isLive } from '../domain/token.js';
import type { Registered, Registration } from '../contract/messages.js';
import {
  type ContactChange,
  type LiveContact,
  registrationsOf,
  removeContacts,
  saveContacts,
} from '../store/registrations.js';
import { findSubscriber } from '../store/subscribers.js';
import { touchToken } from '../store/tokens.js';
import type { ServiceContext } from './context.js';
import { emergencyPlanOf } from './emergency/emergency-route.js';

/** Phones register every few minutes; that they do needs not be written each time. */
const TOUCH_AFTER_SECONDS = 600;

/**
 * Remembers where an authenticated phone can be reached, in whatever state its device is, so that
 * it can be told when that changes (RFC 3261 10.3). Answers where it can be reached from
 * now on and how its emergency calls are connected, or null when the user has no account any more.
 * What was overtaken by a newer REGISTER, or asks for too short a time, changes nothing.
 */
export async function register(
  context: ServiceContext,
  user: string,
  registration: Registration,
): Promise<Registered | null> {
  const { db } = context.store;
  const now = context.clock.now();
  const subscriber = await findSubscriber(db, user);
  if (subscriber === null || !isLive(subscriber.token, now)) return null;
  const { token, deviceId } = subscriber;
  const { contacts } = registration;
  if (contacts !== '*' && contacts.some(({ expiresSeconds }) => isTooBrief(expiresSeconds)))
    return { kind: 'brief', minSeconds: REGISTRATION_SECONDS.min };

  const bindings = await change(context, { tokenId: token.id, deviceId }, registration, now);
  if (bindings === 'overtaken') return { kind: 'overtaken' };
  if (!token.used || addSeconds(token.lastUsedAt, TOUCH_AFTER_SECONDS) <= now)
    await touchToken(db, token.id, now);
  return {
    kind: 'registered',
    contacts: bindings.map(({ contact, expiresAt }) => ({
      uri: contact,
      expiresSeconds: secondsUntil(expiresAt, now),
    })),
    emergency: emergencyPlanOf(context, subscriber),
  };
}

async function change(
  { store: { db } }: ServiceContext,
  whose: { tokenId: string; deviceId: string },
  { contacts, path, source, callId, cseq, userAgent }: Registration,
  now: Date,
): Promise<LiveContact[] | 'overtaken'> {
  if (contacts === '*') {
    const { tokenId } = whose;
    const outcome = await removeContacts(db, { tokenId, callId, cseq, registeredAt: now });
    return outcome === 'overtaken' ? outcome : [];
  }
  if (contacts.length === 0) return registrationsOf(db, whose.tokenId, now);
  const { protocol, address: sourceAddress, port: sourcePort } = source;
  const registration = { ...whose, path, protocol, sourceAddress, sourcePort, callId, cseq, userAgent };
  // The same contact twice is what was said of it last.
  const changes = new Map<string, ContactChange>();
  for (const { uri, expiresSeconds } of contacts) {
    const granted = grantExpiry(expiresSeconds);
    changes.set(uri, { contact: uri, expiresAt: granted === 0 ? null : addSeconds(now, granted) });
  }
  return saveContacts(db, { ...registration, registeredAt: now }, [...changes.values()], MAX_CONTACTS);
}
