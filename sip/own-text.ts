/**
 * A copy of a piece of a message, to be kept: of the piece itself V8 makes a view, which keeps the
 * whole message in memory.
 */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
