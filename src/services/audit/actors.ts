import type { Actor } from '../context.js';

/** Dialgate itself: what nobody asked for at the time. */
export const SYSTEM: Actor = { name: 'system', address: null };

/** Whoever may run commands on the machine that Dialgate is on. */
export const COMMAND_LINE: Actor = { name: 'command-line', address: null };

/** A phone, or whoever speaks in its name, at a network address. */
export function phoneAt(address: string | null): Actor {
  return { name: 'phone', address };
}
