import type { SipMessage } from './message.js';
import { encodeText } from './text.js';

/**
 * The bytes of a message. Content-Length is always computed, whatever the headers say, and is
 * always the last header.
 */
export function serializeMessage(message: SipMessage): Buffer {
  let head = `${startLine(message)}\r\n`;
  for (const [name, value] of message.headers) {
    if (name !== 'Content-Length') head += `${name}: ${value}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  const bytes = encodeText(head);
  return message.body.length === 0 ? bytes : Buffer.concat([bytes, message.body]);
}

function startLine(message: SipMessage): string {
  const line =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  // What a caller put into a URI or a reason must not become header lines.
  return /[\r\n]/.test(line) ? line.replace(/[\r\n]+/g, ' ') : line;
}
