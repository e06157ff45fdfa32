import type { Role } from '../domain/role.js';

/**
 * Members that the role `support` is not answered, wherever they stand: PINs, the codes that bring
 * a phone a line, and free parameters, among which may be passwords.
 */
const WITHHELD = new Set(['pap', 'provisioningCode', 'raw']);

/** The password in a URI with a user, as an emergency route or the address of a phone book has it. */
const PASSWORD = /^((?:sips?:|https?:\/\/)[^\s/?#@:]*):[^\s/?#@]*@/i;

/** An answer as a role may read it. Every answer in JSON comes through here. */
export function answerFor(role: Role, answer: unknown): unknown {
  return role === 'support' ? withoutSecrets(answer) : answer;
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(PASSWORD, '$1@');
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).filter(([name]) => !WITHHELD.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutSecrets(member)]));
}
