import { macHex, type Mac } from '../../domain/mac.js';
import { writeFree } from '../free-parameters.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { valuesOf } from '../parameter-table.js';
import { accountsOf } from '../service-line.js';
import type { ConfigurationView, KeyView, RenderedDocument } from '../vendor.js';
import { modelOf, type PolyModel } from './models.js';
import {
  below,
  callAction,
  CLEARED,
  EMERGENCY,
  EMERGENCY_NUMBERS,
  FEATURE_KEY,
  LINE_KEY,
  LISTED_KEYS,
  MESSAGES,
  ownedParameters,
  PHONE,
  rawFault,
  REGISTRATION,
  SOFT_KEY,
  WATCHED,
  writeParameter,
} from './parameters.js';
import { dialable } from './values.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const CONTENT_TYPE = 'application/xml; charset=utf-8';

/**
 * Either configuration: every parameter owned on the model, and free ones after them. To the phone
 * elements mean nothing and attributes everything, so there is one element.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const accounts = accountsOf(view, model.registrations);
  const numbers = dialable(view.emergencyNumbers).slice(0, EMERGENCY_NUMBERS);
  const settings = joinSettings(
    valuesOf(PHONE, [view]),
    ...numbers.map((number, at) =>
      valuesOf(EMERGENCY, [number], below(`dialplan.routing.emergency.${at + 1}`)),
    ),
    ...accounts.flatMap((account, at) => [
      valuesOf(REGISTRATION, [account], below(`reg.${at + 1}`)),
      valuesOf(MESSAGES, [account], below(`msg.mwi.${at + 1}`)),
    ]),
    'lines' in view ? keySettings(view.keys, accounts.length, model) : new Map(),
    softKeySettings(view),
  );
  let body = `${DECLARATION}<polycomConfig\n  device.set="1"\n`;
  body += ownedParameters(model).write(settings);
  body += writeFree(view, rawFault, CLEARED, writeParameter);
  return { contentType: CONTENT_TYPE, body: `${body}/>\n` };
}

/**
 * The master file of a phone. It names the configuration, beside itself, and nowhere to put what
 * the phone would upload. An empty APP_FILE_PATH keeps the software the phone has.
 *
 * @param mac null: of any phone, which puts its MAC there and asks beside the file it has, below
 *   its token if it came with one
 */
export function renderMasterFile(mac: Mac | null): RenderedDocument {
  const name = mac === null ? '[PHONE_MAC_ADDRESS]' : macHex(mac);
  return {
    contentType: CONTENT_TYPE,
    body:
      `${DECLARATION}<APPLICATION APP_FILE_PATH="" CONFIG_FILES="${name}-reg.cfg" MISC_FILES="" ` +
      'LOG_FILE_DIRECTORY="" OVERRIDES_DIRECTORY="" CONTACTS_DIRECTORY="" LICENSE_DIRECTORY=""/>\n',
  };
}

/**
 * The hotline dials at once, so it stays off: while the phone waits, a soft key dials the service.
 * These phones load no phone book from a URL: it is a page of the phone's browser behind a soft
 * key.
 */
function softKeySettings(view: ConfigurationView): Settings {
  if (!('lines' in view)) {
    return valuesOf(SOFT_KEY, ['Authenticate', callAction(view.serviceNumber)], below('softkey.1'));
  }
  const { phoneBook: book } = view;
  if (book === null) return new Map();
  // In the action of a soft key a `$` would begin a macro.
  return valuesOf(SOFT_KEY, [book.name, book.url.replaceAll('$', '%24')], below('softkey.2'));
}

/**
 * Without keys the phone puts its lines on its keys by itself. With some, each key is given what it
 * does: watched numbers follow one another in the order of their list, a number to dial is an
 * enhanced feature key.
 */
function keySettings(keys: readonly KeyView[], lines: number, model: PolyModel): Settings {
  if (keys.length === 0) return new Map();
  const parts = Array.from({ length: lines }, (_, at) =>
    valuesOf(LINE_KEY, ['Line', at + 1], below(`lineKey.${at + 1}`)),
  );
  const counts = { blf: 0, 'speed-dial': 0 };
  for (const [at, key] of keys.slice(0, model.lineKeys - lines).entries()) {
    if (counts[key.kind] === LISTED_KEYS) continue;
    counts[key.kind] += 1;
    const number = counts[key.kind];
    const place = below(`lineKey.${lines + at + 1}`);
    if (key.kind === 'blf') {
      parts.push(
        valuesOf(WATCHED, [key], below(`attendant.resourceList.${number}`)),
        valuesOf(LINE_KEY, ['BLF', 0], place),
      );
    } else {
      parts.push(
        valuesOf(FEATURE_KEY, [key], below(`efk.efklist.${number}`)),
        valuesOf(LINE_KEY, ['EFK', number], place),
      );
    }
  }
  return joinSettings(...parts);
}
