import { macHex, type Mac } from '../../domain/mac.js';
import type { Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import type { GrandstreamModel } from './models.js';
import { ownedParameters, writeParameter } from './parameters.js';

const CONTENT_TYPE = 'application/xml; charset=utf-8';

/**
 * Parameters by number (`P271`). They are merged into what the phone has; an empty one is emptied.
 */
type FreeParameters = Iterable<readonly [name: string, value: string]>;

/**
 * Every parameter owned on the model, and free ones after them. A phone with another MAC refuses
 * the file.
 */
export function writeConfiguration(
  view: { mac: Mac },
  model: GrandstreamModel,
  settings: Settings,
  raw: FreeParameters,
): RenderedDocument {
  let parameters = ownedParameters(model).write(settings);
  for (const [name, value] of raw) parameters += writeParameter(name, value);
  return document(`<mac>${macHex(view.mac)}</mac>\n`, parameters);
}

/** A file for any phone. */
export function writeCommonFile(settings: Settings): RenderedDocument {
  return document('', [...settings].map(([name, value]) => writeParameter(name, value)).join(''));
}

/** Version 1 is P-values; version 2, with names, passes over them in silence. */
function document(mac: string, parameters: string): RenderedDocument {
  return {
    contentType: CONTENT_TYPE,
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<gs_provision version="1">\n' +
      `${mac}<config version="1">\n${parameters}</config>\n</gs_provision>\n`,
  };
}
