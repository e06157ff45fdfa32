import type { Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import type { SnomModel } from './models.js';
import { ownedSettings } from './parameters.js';
import { escapeXml } from './xml.js';

export interface FunctionKey {
  /** The identity it belongs to, or whichever is active. */
  context: number | 'active';
  label: string;
  /** `line`, `speed <number>`, … */
  value: string;
}

const NO_KEY: FunctionKey = { context: 'active', label: '', value: 'none' };

export interface SnomDocument {
  settings: Settings;
  /** From the first key on; those that follow are cleared. */
  functionKeys: readonly FunctionKey[];
  /** Whether the phone's own phone book is emptied. */
  emptyPhoneBook: boolean;
}

/** Every setting and key owned on the model: with the document's value where it has one, else cleared. */
export function writeDocument(model: SnomModel, document: SnomDocument): RenderedDocument {
  let body = '<?xml version="1.0" encoding="UTF-8"?>\n<settings>\n<phone-settings e="2">\n';
  body += ownedSettings(model).write(document.settings);
  body += '</phone-settings>\n<functionKeys e="2">\n';
  for (let index = 0; index < model.functionKeys; index++) {
    const key = document.functionKeys[index];
    body += key === undefined ? clearedKey(index) : functionKey(index, key);
  }
  body += '</functionKeys>\n';
  if (document.emptyPhoneBook) body += '<tbook e="2" complete="true"></tbook>\n';
  body += '</settings>\n';
  return { contentType: 'application/xml; charset=utf-8', body };
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
