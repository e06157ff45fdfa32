import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, LineView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { keyPaths } from './keys.js';
import { type FanvilModel, modelOf } from './models.js';
import { rawFault } from './parameters.js';
import {
  commonSettings,
  lineKeySettings,
  lineSettings,
  otherKeySettings,
  serviceSettings,
} from './settings.js';

/**
 * As many lines as the model has, each with its key, and the other keys after them; nothing is
 * dialled by itself.
 */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    view.service === null ? linesOf(view, model) : serviceSettings(view.service, model),
    phoneBookSettings(view.phoneBook),
    toneSettings(view.toneCountry),
    trustSettings(view.serverTrust),
    new Map([['AUTOUPDATE_CONFIG_MODULE/Auto_Image_URL', view.firmwareUrl ?? '']]),
  );
  return writeConfiguration(model, settings, freeValues(view, rawFault, ''));
}

function linesOf(view: FullView, model: FanvilModel): Settings {
  const lines = view.lines.slice(0, model.lines);
  return joinSettings(
    new Map([['phone/display/LCDTitle', lines[0]?.label ?? '']]),
    ...lines.map((line, at) => oneLine(at + 1, line, view)),
    keys(lines, view, model),
  );
}

function oneLine(number: number, line: LineView, view: FullView): Settings {
  const settings = lineSettings(number, {
    ...line,
    expiresSeconds: LINE_EXPIRES_SECONDS,
    codecs: view.codecs,
  });
  if (view.voicemailNumber === null) return settings;
  return joinSettings(
    settings,
    new Map([
      [`sip/line[${number}]/MWINum`, view.voicemailNumber],
      [`sip/line[${number}]/Subscribe`, '1'],
    ]),
  );
}

function keys(lines: readonly LineView[], view: FullView, model: FanvilModel): Settings {
  const paths = keyPaths(model);
  return joinSettings(
    ...paths.map((path, at) => {
      const line = lines[at];
      if (line !== undefined) return lineKeySettings(path, at + 1, line.label);
      const key = view.keys[at - lines.length];
      return key === undefined ? new Map<string, string>() : otherKeySettings(path, key);
    }),
  );
}

function phoneBookSettings(book: FullView['phoneBook']): Settings {
  if (book === null) return new Map();
  return new Map([
    ['phone/xmlContact[1]/Name', book.name],
    ['phone/xmlContact[1]/Addr', book.url],
  ]);
}

/** By numbers, of which these are known. */
const TONES: Record<string, string> = {
  CA: '18',
  DE: '2',
  ES: '33',
  FR: '25',
  GB: '13',
  IT: '21',
  NL: '5',
  US: '11',
};

function toneSettings(country: string | null): Settings {
  const name = (country ?? '').toUpperCase();
  const number = Object.hasOwn(TONES, name) ? TONES[name] : undefined;
  return number === undefined ? new Map() : new Map([['mm/SelectYourTone', number]]);
}

/** Only certificates that can be verified, and with the name of the server in them. */
function trustSettings({ verify }: FullView['serverTrust']): Settings {
  const value = verify ? '1' : '0';
  return new Map([
    ['dot1x/sslMode/PermissionCTF', value],
    ['dot1x/sslMode/CommonName', value],
  ]);
}
