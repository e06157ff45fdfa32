/**
 * How long a registration may last: short, because where a phone can be reached is what NOTIFY
 * depends on.
 */
export const REGISTRATION_SECONDS = { min: 10, max: 300 } as const;

/**
 * A phone counts as registered for so long after it was last heard of: that it registers is noted
 * every ten minutes, and five more are for one that is being restarted.
 */
export const PHONE_PRESENCE_SECONDS = 900;

/**
 * Places at which one account can be reached. A phone has one or two; a new one is let in for the
 * oldest.
 */
export const MAX_CONTACTS = 8;

/**
 * What is granted of the seconds that a phone asks for: never more (RFC 3261 10.3, step
 * 7). 0 takes the contact away.
 */
export function grantExpiry(askedSeconds: number): number {
  return Math.min(Math.max(Math.floor(askedSeconds), 0), REGISTRATION_SECONDS.max);
}

/** Whether it is asked for so short a time that the phone would do nothing but register. */
export function isTooBrief(askedSeconds: number): boolean {
  return askedSeconds > 0 && askedSeconds < REGISTRATION_SECONDS.min;
}

/**
 * A contact as the Request-URI of what is sent to it. The headers that it may name behind a
 * question mark cannot stand there (RFC 3261 19.1.1), and are none of ours to send. A
 * question mark in front of the @ belongs to the user's name.
 */
export function requestUriOf(contact: string): string {
  const question = contact.indexOf('?', contact.indexOf('@') + 1);
  return question < 0 ? contact : contact.slice(0, question);
}
