import type { TraceEvent } from '../../softphone/trace.js';

/** What a phone does, a line for each step, as it crosses the wire. */
export function printTrace(event: TraceEvent): void {
  process.stdout.write(`      ${traceLine(event)}\n`);
}

function traceLine(event: TraceEvent): string {
  switch (event.kind) {
    case 'http':
      return `HTTP  ${event.method} ${event.url} → ${event.status}${event.bytes > 0 ? ` (${event.bytes} bytes)` : ''}`;
    case 'display':
      return `phone shows “${event.text}”`;
    case 'sip':
      return `SIP   ${event.direction === 'sent' ? '→' : '←'} ${event.line}  [${event.detail}]`;
    case 'heard':
      return `RTP   ← hears “${event.prompt}”`;
    case 'keyed':
      return `RTP   → keys ${'•'.repeat(event.count)}`;
    case 'lines':
      return `phone has ${event.users.length === 1 ? 'the account' : 'the accounts'} ${event.users.join(', ')}`;
  }
}
