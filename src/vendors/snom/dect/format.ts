import type { Settings } from '../../parameter-list.js';
import type { RenderedDocument } from '../../vendor.js';
import { type RawSettings, settingsFile, writeRaw } from '../format.js';
import type { DectModel } from '../models.js';
import { baseSettings } from './parameters.js';

/**
 * Every setting owned on the base: with the document's value where it has one, else cleared. It has
 * no keys and no permissions.
 */
export function writeBaseDocument(model: DectModel, settings: Settings, raw: RawSettings): RenderedDocument {
  const content = baseSettings(model).write(settings) + writeRaw(raw, null);
  return settingsFile(`<phone-settings e="2">\n${content}</phone-settings>\n`);
}
