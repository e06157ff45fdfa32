import type { OwnedParameter } from '../parameter-list.js';
import { escapeXml } from '../xml.js';

/**
 * Settings by name, with what clears them; null leaves one as the phone has it, unless a document
 * sets it.
 */
export type Entries = Readonly<Record<string, string | null>>;

/**
 * Who may change a setting at the phone: nobody, or its administrator until the next fetch. DECT
 * bases do not ask.
 */
export type Permission = 'R' | 'RW' | null;

/**
 * The name under which a document sets a setting of an identity, a server and the like;
 * `user_name[2]` is the second's.
 */
export function settingOf(name: string, index: number): string {
  return `${name}[${index}]`;
}

/** The settings that a document owns, of the phone or of one of those of which it has several. */
export function ownedSettings(
  entries: Entries,
  index: number | null,
  permissionOf: (name: string) => Permission,
): OwnedParameter[] {
  return Object.entries(entries).map(([entry, cleared]) => {
    const name = index === null ? entry : settingOf(entry, index);
    return { name, cleared, write: (value) => writeSetting(name, value, permissionOf(entry)) };
  });
}

/** @param name with its index, where it has one */
export function writeSetting(name: string, value: string, permission: Permission): string {
  const [, element = name, index] = /^(\w+)\[(\d+)\]$/.exec(name) ?? [];
  const attributes = `${index === undefined ? '' : ` idx="${index}"`}${permission === null ? '' : ` perm="${permission}"`}`;
  return `<${element}${attributes}>${escapeXml(value)}</${element}>\n`;
}
