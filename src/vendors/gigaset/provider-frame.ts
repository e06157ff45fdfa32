/** The format of N510 and N720, and what both set alike. */
import { macHex } from '../../domain/mac.js';
import { inFull, type Table } from '../parameter-table.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { escapeXml } from '../xml.js';
import type { BaseSeries } from './series.js';

/** A profile. The base sets nothing unless the MAC is its own. */
export function providerFrame(
  { mac }: ConfigurationView,
  profile: { name: 'N510' | 'N720'; schema: string },
  parameters: string,
): RenderedDocument {
  const schema = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="${profile.schema}"`;
  return {
    contentType: 'application/xml',
    body:
      `<?xml version="1.0" encoding="ISO-8859-1"?>\n<ProviderFrame ${schema}>\n` +
      `<Provider>\n<MAC_ADDRESS value="${macHex(mac).toUpperCase()}"/>\n` +
      `<PROFILE_NAME class="string" value="${profile.name}"/>\n` +
      `${parameters}</Provider>\n</ProviderFrame>\n`,
  };
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

/** `S_…` are elements, all others symbols. */
export function writeParameter(name: string, value: string): string {
  return name.startsWith('S_') ? `<${name} class="string" ${attribute(value)}/>\n` : writeSymbol(name, value);
}

function writeSymbol(name: string, value: string): string {
  return `<SYMB_ITEM ID="${name}" class="symb_item" ${attribute(value)}/>\n`;
}

/**
 * In single quotes, since strings have double ones. A character that is not ASCII is written by its
 * number, so that the text does not depend on the encoding that the base assumes.
 */
function attribute(value: string): string {
  const escaped = escapeXml(value)
    .replaceAll('&quot;', '"')
    .replaceAll(/\P{ASCII}/gu, (character) => `&#${character.codePointAt(0) ?? 0x20};`);
  return `value='${escaped}'`;
}

export const FREE_SYMBOLS: BaseSeries['free'] = {
  form: /^[A-Za-z]\w*(?:\[(?:\d{1,3}|%)\])?(?:\.\w+(?:\[(?:\d{1,3}|%)\])?){1,6}$/,
  /** `[%]` means all places; `[0]` at the end of a string is its beginning. */
  kindOf: (name) =>
    name
      .toLowerCase()
      .replaceAll(/\[[^\]]*\]/g, '[]')
      .replace(/(?:\[\])+$/, '')
      .replace(/_\d+$/, ''),
  write: writeSymbol,
  /**
   * Nothing but the name of the parameter is known: `auc` begins the names of strings, and of lists
   * of bytes.
   */
  clearedOf: (name) => (/(?:^|\.)auc[^.]*$/.test(name) ? EMPTY : OFF),
};

/** The network directory of the first provider. */
const directory = inFull((view) => view.phoneBook && hex(0x2a));
const directoryName = inFull((view) => view.phoneBook && quoted(view.phoneBook.name));

/** Of both; on the N720 the names have `[0]` at their end. */
export const PHONE_BOOK: Table<[ConfigurationView]> = {
  'BS_XML_Netdirs.aucAvailableNetdirs': [OFF, directory],
  'BS_XML_Netdirs.aucActivatedNetdirs': [OFF, directory],
  'BS_XML_Netdirs.aucNetdirSelForDirectAccess': [OFF, directory],
  'BS_XML_Netdirs.aucNetdirSelForIntKey': [OFF, directory],
  'BS_XML_Netdirs.aucNetdirSelForAutoLookup': OFF,
  'BS_XML_Netdirs.astNetdirProvider[0].aucProviderName': [EMPTY, directoryName],
  'BS_XML_Netdirs.astNetdirProvider[0].aucPrivatePagesDirName': [EMPTY, directoryName],
  'BS_XML_Netdirs.astNetdirProvider[0].aucServerURL': [
    EMPTY,
    inFull((view) => view.phoneBook && quoted(view.phoneBook.url)),
  ],
  'BS_XML_Netdirs.astNetdirProvider[0].aucUsername': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucPassword': EMPTY,
};
