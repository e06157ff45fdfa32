import type { Actor } from '../context.js';

/** Dialgate itself: what happened without a request. */
export const SYSTEM: Actor = { name: 'system', address: null };

/** A command on the machine that Dialgate runs on. */
export const COMMAND_LINE: Actor = { name: 'command-line', address: null };

/** A client of the admin port that has shown no valid key. */
export const UNKNOWN_CLIENT = 'unknown';

/** A client that acts as a phone, at a network address. */
export function phoneAt(address: string | null): Actor {
  return { name: 'phone', address };
}
