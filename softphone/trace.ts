/**
 * What happened at the phone, for the demo, a test, or an operator at a terminal.
 * Carries no digit, password or token.
 */
export type TraceEvent =
  | { kind: 'http'; method: string; url: string; status: number; bytes: number }
  | { kind: 'display'; text: string }
  | { kind: 'sip'; direction: 'sent' | 'received'; line: string; detail: string }
  | { kind: 'heard'; prompt: string }
  | { kind: 'keyed'; count: number }
  | { kind: 'lines'; users: readonly string[] };

export type Trace = (event: TraceEvent) => void;

/** A provisioning token is the phone's password; a person need not see it. */
export function maskToken(url: string): string {
  return url.replace(/\/[a-z2-7]{32}(?=\/)/, '/~');
}

/** A dial string may be a whole attempt (`*89*<PAP>`, `*89<code>`). */
export function maskDialled(uri: string): string {
  return uri.replace(/(\*89\*?)[^@]+/, '$1…');
}
