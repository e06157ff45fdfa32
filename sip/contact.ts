import type { NameAddress } from './sip-messages.js';

/** What a REGISTER asks for (RFC 3261, section 10.3). */
export type Binding =
  | { kind: 'register'; contact: string; expiresSeconds: number }
  | { kind: 'unregister' }
  | { kind: 'query' }
  | { kind: 'malformed' };

/** What a phone gets that does not say how long. */
const DEFAULT_EXPIRES_SECONDS = 3600;
const MAX_EXPIRES_SECONDS = 2 ** 32 - 1;

/** Reads the Contact and Expires headers; a contact's own `expires` goes before the header. The first contact that is to stay counts. */
export function readBinding(contactHeader: string | undefined, expiresHeader: string | undefined): Binding {
  const general = readExpires(expiresHeader);
  if (contactHeader === undefined) return { kind: 'query' };
  if (contactHeader.trim() === '*') return general === 0 ? { kind: 'unregister' } : { kind: 'malformed' };
  const contacts = parseContacts(contactHeader);
  if (contacts === null) return { kind: 'malformed' };
  for (const { uri, params } of contacts) {
    const expiresSeconds = readExpires(params['expires']) ?? general ?? DEFAULT_EXPIRES_SECONDS;
    if (expiresSeconds > 0) return { kind: 'register', contact: uri, expiresSeconds };
  }
  return { kind: 'unregister' };
}

function readExpires(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text.trim())
    ? Math.min(Number(text), MAX_EXPIRES_SECONDS)
    : null;
}

const CONTACT = /\s*(?:(?:"(?:[^"\\]|\\.)*"\s*|[^<>",]*)<\s*(sips?:[^<>\s]+)\s*>|(sips?:[^<>\s,;]+))\s*/iy;
const PARAMETER = /\s*;\s*([^\s;,="]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]+))?\s*/y;

/** Without angle brackets, what follows a semicolon is a parameter of the header, not of the URI (section 20). */
function parseContacts(text: string): NameAddress[] | null {
  const contacts: NameAddress[] = [];
  for (let at = 0; at < text.length;) {
    CONTACT.lastIndex = at;
    const match = CONTACT.exec(text);
    const uri = match?.[1] ?? match?.[2];
    if (uri === undefined) return null;
    at = CONTACT.lastIndex;
    const params: Record<string, string | undefined> = {};
    for (;;) {
      PARAMETER.lastIndex = at;
      const parameter = PARAMETER.exec(text);
      if (parameter?.[1] === undefined) break;
      params[parameter[1].toLowerCase()] = parameter[2]?.replace(/^"|"$/g, '');
      at = PARAMETER.lastIndex;
    }
    contacts.push({ uri, params });
    if (at < text.length && text[at++] !== ',') return null;
  }
  return contacts.length > 0 ? contacts : null;
}
