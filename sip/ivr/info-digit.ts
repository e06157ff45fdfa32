/**
 * What a SIP INFO brings. `nothing`: no body, as when it asks whether the call goes on.
 * `unsupported`: something that is no key, or none that is read here.
 */
export type InfoKeys = { kind: 'keys'; keys: string } | { kind: 'nothing' } | { kind: 'unsupported' };

/** The types of bodies with keys, for an Accept header. */
export const INFO_TYPES = 'application/dtmf-relay, application/dtmf, application/vnd.nortelnetworks.digits';

/**
 * The keys in the body of a SIP INFO. `application/dtmf-relay` (Cisco) says `Signal=5`,
 * `application/dtmf` just `5` or `d=5`, `application/vnd.nortelnetworks.digits` has `d=5` among
 * other lines. Each of the forms is taken under each of the types, with blanks and in any case.
 */
export function readInfo(contentType: string | undefined, body: string | undefined): InfoKeys {
  const text = (body ?? '').trim();
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (text === '') return { kind: 'nothing' };
  if (type === undefined || !INFO_TYPES.split(', ').includes(type)) return { kind: 'unsupported' };
  const named = /^[ \t]*(?:signal|digits?|d)[ \t]*[=:][ \t]*"?([^\s";]*)"?[ \t]*;?[ \t]*$/im.exec(text)?.[1];
  const keys = named ?? text;
  // 10 and 11 are the event codes of * and # (RFC 4733 3.2); Nortel's body may hold
  // several digits
  if (keys === '10' && !type.includes('nortel')) return { kind: 'keys', keys: '*' };
  if (keys === '11' && !type.includes('nortel')) return { kind: 'keys', keys: '#' };
  const most = type.includes('nortel') ? MAX_KEYS : 1;
  return /^[0-9*#]+$/.test(keys) && keys.length <= most ? { kind: 'keys', keys } : { kind: 'unsupported' };
}

/** More than is ever keyed in one go. */
const MAX_KEYS = 32;
