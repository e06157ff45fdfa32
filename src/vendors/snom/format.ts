import type { Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import { escapeXml } from '../xml.js';
import type { DeskModel } from './models.js';
import { deskSettings } from './parameters.js';
import { type Permission, writeSetting } from './setting.js';

export type RawSettings = Iterable<readonly [name: string, value: string]>;

export interface FunctionKey {
  /** The identity it belongs to, or whichever is active. */
  context: number | 'active';
  label: string;
  /** `line`, `speed <number>`, `blf <number>`, … */
  value: string;
}

const NO_KEY: FunctionKey = { context: 'active', label: '', value: 'none' };

export interface DeskDocument {
  settings: Settings;
  raw: RawSettings;
  /** From the first key on; those that follow are cleared. */
  functionKeys: readonly FunctionKey[];
  /** The file of a display language, and what the phone calls it. */
  language: { name: string; url: string } | null;
  /** Where an authority is that the phone is to trust beside its own. */
  authorityUrl: string | null;
  /** Whether the phone's own phone book is emptied. */
  emptyPhoneBook: boolean;
}

/**
 * Every setting and key owned on the model: with the document's value where it has one, else
 * cleared.
 */
export function writeDeskDocument(model: DeskModel, document: DeskDocument): RenderedDocument {
  const { language, authorityUrl, functionKeys } = document;
  let body = '<phone-settings e="2">\n';
  body += deskSettings(model).write(document.settings);
  body += writeRaw(document.raw, 'R');
  body += '</phone-settings>\n<functionKeys e="2">\n';
  for (let index = 0; index < model.functionKeys; index++) {
    const key = functionKeys[index];
    body += key === undefined ? clearedKey(index) : functionKey(index, key);
  }
  body += '</functionKeys>\n';
  // There is no way to take these two back: what a phone has downloaded stays until it is reset.
  if (language !== null) body += `<gui-languages e="2">${languageFile(language)}</gui-languages>\n`;
  if (authorityUrl !== null) body += `<certificates>${certificate(authorityUrl)}</certificates>\n`;
  if (document.emptyPhoneBook) body += '<tbook e="2" complete="true"></tbook>\n';
  return settingsFile(body);
}

export function settingsFile(content: string): RenderedDocument {
  return {
    contentType: 'application/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<settings>\n${content}</settings>\n`,
  };
}

export function writeRaw(raw: RawSettings, permission: Permission): string {
  let text = '';
  for (const [name, value] of raw) text += writeSetting(name, value, permission);
  return text;
}

/** Most keys of most documents are cleared; what they look like is made once. */
const clearedKeys: string[] = [];

function clearedKey(index: number): string {
  return (clearedKeys[index] ??= functionKey(index, NO_KEY));
}

function functionKey(index: number, key: FunctionKey): string {
  const label = escapeXml(key.label);
  return `<fkey idx="${index}" context="${key.context}" label="${label}" perm="R">${escapeXml(key.value)}</fkey>\n`;
}

function languageFile({ name, url }: { name: string; url: string }): string {
  return `<language url="${escapeXml(url)}" name="${escapeXml(name)}"/>`;
}

function certificate(url: string): string {
  return `<certificate url="${escapeXml(url)}"/>`;
}
