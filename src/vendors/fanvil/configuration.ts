import { freeValues } from '../free-parameters.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { valuesOf } from '../parameter-table.js';
import { accountsOf } from '../service-line.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { below, freePlaceName, type PlacedParameter, writeElements } from './elements.js';
import { type FanvilModel, keyPages, modelOf } from './models.js';
import { type Key, KEY, LINE, ownedParameters, PHONE_BOOK, PHONE_WIDE, rawFault } from './parameters.js';

/**
 * Always the same, as in the templates of the maker: it says which form the file has. Whether a
 * file is new the phone finds by its digest.
 */
const VERSION = '2.0002';

/**
 * Either configuration: every parameter owned on the model, by its path, and free ones where they
 * belong. They are merged into what the phone has. The warm line is on in the minimal one alone.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const accounts = accountsOf(view, model.lines);
  const warmLine = 'lines' in view ? null : view.serviceNumber;
  const book = 'lines' in view ? view.phoneBook : null;
  const keys: Key[] = [
    ...accounts.map(({ label }, at) => ({ kind: 'line', line: at + 1, label }) as const),
    ...('lines' in view ? view.keys : []),
  ];
  const list = ownedParameters(model);
  const settings = joinSettings(
    ...PHONE_WIDE.map(([path, table]) => valuesOf(table, [view, model], below(path))),
    book === null ? new Map() : valuesOf(PHONE_BOOK, [book], below('phone/xmlContact[1]')),
    ...accounts.map((account, at) => valuesOf(LINE, [account, warmLine], below(`sip/line[${at + 1}]`))),
    keySettings(keys, model),
    placeFree(freeValues(view, rawFault, ''), (name) => list.owns(name)),
  );
  return {
    contentType: 'application/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<sysConf>\n<Version>${VERSION}</Version>\n${list.write(settings)}</sysConf>\n`,
  };
}

/** The lines' own keys, then the others, page by page. */
function keySettings(keys: readonly Key[], model: FanvilModel): Settings {
  const places = keyPages(model).flatMap((page) => page.keys);
  return joinSettings(
    ...places.flatMap((place, at) => {
      const key = keys[at];
      return key === undefined ? [] : [valuesOf(KEY, [key], below(place))];
    }),
  );
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
