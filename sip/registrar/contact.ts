import { MAX_CONTACTS } from '../../src/domain/registration.js';
import type { Contact } from '../../src/contract/messages.js';
import type { NameAddress } from '../sip-messages.js';

/** What a phone gets that does not say how long. */
const DEFAULT_EXPIRES_SECONDS = 3600;
const MAX_EXPIRES_SECONDS = 2 ** 32 - 1;
/** What can be kept of a contact. */
const MAX_URI_LENGTH = 512;

/**
 * What a REGISTER asks for in its Contact and Expires headers (RFC 3261 10.3): a contact's
 * own `expires` goes before the header. null for what is malformed, or more than one phone could
 * be.
 */
export function readContacts(
  contactHeader: string | undefined,
  expiresHeader: string | undefined,
): Contact[] | '*' | null {
  const general = readExpires(expiresHeader);
  if (contactHeader === undefined) return [];
  if (contactHeader.trim() === '*') return general === 0 ? '*' : null;
  const contacts = parseContacts(contactHeader);
  if (contacts === null || contacts.length > MAX_CONTACTS) return null;
  if (contacts.some(({ uri }) => uri.length > MAX_URI_LENGTH)) return null;
  return contacts.map(({ uri, params }) => ({
    uri,
    expiresSeconds: readExpires(params['expires']) ?? general ?? DEFAULT_EXPIRES_SECONDS,
  }));
}

function readExpires(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text.trim())
    ? Math.min(Number(text), MAX_EXPIRES_SECONDS)
    : null;
}

const CONTACT = /\s*(?:(?:"(?:[^"\\]|\\.)*"\s*|[^<>",]*)<\s*(sips?:[^<>\s]+)\s*>|(sips?:[^<>\s,;?]+))\s*/iy;
const PARAMETER = /\s*;\s*([^\s;,="]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]+))?\s*/y;

/**
 * Without angle brackets, what follows a semicolon is a parameter of the header, not of the URI,
 * and a question mark is none at all (section 20).
 */
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
