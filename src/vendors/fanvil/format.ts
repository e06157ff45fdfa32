import { joinSettings, type Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import { freePlaceName, type PlacedParameter, writeElements } from './elements.js';
import { type FanvilModel } from './models.js';
import { ownedParameters } from './parameters.js';

/**
 * Always the same, as in the templates that are around: it says which form the file has. What is
 * new in a file the phone finds by its digest.
 */
const VERSION = '2.0002';
const CONTENT_TYPE = 'application/xml; charset=utf-8';

/**
 * Every parameter owned on the model, by its path, and free ones where they belong. They are merged
 * into what the phone has.
 */
export function writeConfiguration(
  model: FanvilModel,
  settings: Settings,
  raw: Iterable<readonly [path: string, value: string]>,
): RenderedDocument {
  const list = ownedParameters(model);
  const body = list.write(
    joinSettings(
      settings,
      placeFree(raw, (name) => list.owns(name)),
    ),
  );
  return {
    contentType: CONTENT_TYPE,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<sysConf>\n<Version>${VERSION}</Version>\n${body}</sysConf>\n`,
  };
}

/** Each goes into the element of ours that is furthest down its path. */
function placeFree(
  raw: Iterable<readonly [path: string, value: string]>,
  owns: (name: string) => boolean,
): Settings {
  const places = new Map<string, PlacedParameter[]>();
  for (const [path, value] of raw) {
    const segments = path.split('/');
    let depth = segments.length - 1;
    while (depth > 0 && !owns(freePlaceName(segments.slice(0, depth).join('/')))) depth--;
    const place = freePlaceName(segments.slice(0, depth).join('/'));
    places.set(place, [...(places.get(place) ?? []), [segments.slice(depth), value]]);
  }
  return new Map([...places].map(([place, parameters]) => [place, writeElements(parameters)]));
}
