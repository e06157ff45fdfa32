import { macHex, type Mac } from '../../domain/mac.js';
import type { OwnedParameter, ParameterList, Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import { escapeXml } from '../xml.js';

/** What distinguishes the profile of one model from that of another. */
export interface Profile {
  name: 'N510' | 'N720';
  schema: string;
}

/**
 * A profile: every parameter owned, then the free ones. The base sets nothing unless the MAC is its
 * own.
 */
export function writeProfile(
  profile: Profile,
  mac: Mac,
  list: ParameterList,
  settings: Settings,
  free: Settings,
): RenderedDocument {
  let body = '<?xml version="1.0" encoding="ISO-8859-1"?>\n';
  body += `<ProviderFrame xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="${profile.schema}">\n`;
  body += `<Provider>\n<MAC_ADDRESS value="${macHex(mac).toUpperCase()}"/>\n`;
  body += `<PROFILE_NAME class="string" value="${profile.name}"/>\n`;
  body += list.write(settings);
  for (const [name, value] of free) body += symbol(name, value);
  body += '</Provider>\n</ProviderFrame>\n';
  return { contentType: 'application/xml', body };
}

/** A string as a value: in double quotes, between which there can be none. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}

/** A number as a value: hexadecimal. */
export function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

export const EMPTY = quoted('');
export const OFF = hex(0);
export const ON = hex(1);

/**
 * A parameter of which nothing but its name is known: `auc` begins the names of strings, and of
 * lists of bytes.
 */
export function clearedByName(name: string): string {
  return /(?:^|\.)auc[^.]*$/.test(name) ? EMPTY : OFF;
}

/** Parameters by name, with what clears each. `S_…` are elements, all others symbols. */
export function parameters(entries: Record<string, string | null>): OwnedParameter[] {
  return Object.entries(entries).map(([name, cleared]) => ({
    name,
    cleared,
    write: (value) =>
      name.startsWith('S_') ? `<${name} class="string" ${attribute(value)}/>\n` : symbol(name, value),
  }));
}

function symbol(name: string, value: string): string {
  return `<SYMB_ITEM ID="${name}" class="symb_item" ${attribute(value)}/>\n`;
}

/**
 * In single quotes, for strings have double ones. What is not ASCII is written by its number: then
 * it is the same text in every encoding, whatever a base makes of the one that it is told.
 */
function attribute(value: string): string {
  const escaped = escapeXml(value)
    .replaceAll('&quot;', '"')
    .replaceAll(/\P{ASCII}/gu, (character) => `&#${character.codePointAt(0) ?? 0x20};`);
  return `value='${escaped}'`;
}
