import type { Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import type { PolyModel } from './models.js';
import { ownedParameters, writeParameter } from './parameters.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const CONTENT_TYPE = 'application/xml; charset=utf-8';

/**
 * Every parameter owned on the model, and free ones after them. To the phone elements mean nothing
 * and attributes everything, so there is one element.
 */
export function writeConfiguration(
  model: PolyModel,
  settings: Settings,
  raw: Iterable<readonly [name: string, value: string]>,
): RenderedDocument {
  let body = `${DECLARATION}<polycomConfig\n  device.set="1"\n`;
  body += ownedParameters(model).write(settings);
  for (const [name, value] of raw) body += writeParameter(name, value);
  return { contentType: CONTENT_TYPE, body: `${body}/>\n` };
}

/**
 * The master file. It names the configuration, beside itself, and nowhere to put what the phone
 * would upload. An empty APP_FILE_PATH keeps the software the phone has.
 */
export function writeMasterFile(configurationFile: string): RenderedDocument {
  return {
    contentType: CONTENT_TYPE,
    body:
      `${DECLARATION}<APPLICATION APP_FILE_PATH="" CONFIG_FILES="${configurationFile}" MISC_FILES="" ` +
      'LOG_FILE_DIRECTORY="" OVERRIDES_DIRECTORY="" CONTACTS_DIRECTORY="" LICENSE_DIRECTORY=""/>\n',
  };
}
