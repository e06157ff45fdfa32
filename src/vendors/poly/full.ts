import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, KeyView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf, type PolyModel } from './models.js';
import { CLEARED, LISTED_KEYS, rawFault } from './parameters.js';
import {
  callAction,
  codecSettings,
  commonSettings,
  registrationSettings,
  serviceSettings,
  softKeySettings,
} from './settings.js';

/** Any number after the usual pause. */
const DIGIT_MAP = 'xx.T|*xx.T';

/** As many lines as the model has, each with its key, and the other keys after them. */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const lines = view.lines.slice(0, model.registrations);
  const settings = joinSettings(
    commonSettings(view),
    codecSettings(view.codecs),
    ...lines.map((line, at) =>
      registrationSettings(at + 1, { ...line, srtp: view.srtp, expiresSeconds: LINE_EXPIRES_SECONDS }),
    ),
    view.service === null ? new Map() : serviceSettings(view.service),
    keySettings(view.keys, lines.length, model),
    voicemailSettings(view.voicemailNumber, lines.length),
    phoneBookSettings(view.phoneBook),
    trustSettings(view.serverTrust),
    new Map([
      ['device.prov.upgradeServer', view.firmwareUrl ?? ''],
      ['httpd.enabled', view.webInterface ? '1' : '0'],
      ['httpd.cfg.enabled', view.webInterface ? '1' : '0'],
      ['dialplan.digitmap', DIGIT_MAP],
    ]),
  );
  const raw = freeValues(view, rawFault, CLEARED);
  return writeConfiguration(model, settings, raw);
}

/**
 * Without keys the phone puts its lines on its keys by itself. With some, each key is given what it
 * does: watched numbers follow one another in the order of their list, a number to dial is an
 * enhanced feature key.
 */
function keySettings(keys: readonly KeyView[], lines: number, model: PolyModel): Settings {
  const settings = new Map<string, string>();
  if (keys.length === 0) return settings;
  settings.set('lineKey.reassignment.enabled', '1');
  for (let line = 1; line <= lines; line++) {
    settings.set(`lineKey.${line}.category`, 'Line');
    settings.set(`lineKey.${line}.index`, String(line));
  }
  const counts = { blf: 0, 'speed-dial': 0 };
  for (const [at, { kind, label, value }] of keys.slice(0, model.lineKeys - lines).entries()) {
    if (counts[kind] === LISTED_KEYS) continue;
    counts[kind] += 1;
    const number = counts[kind];
    const key = lines + at + 1;
    if (kind === 'blf') {
      settings.set(`attendant.resourceList.${number}.address`, value);
      settings.set(`attendant.resourceList.${number}.label`, label);
      settings.set(`lineKey.${key}.category`, 'BLF');
      settings.set(`lineKey.${key}.index`, '0');
    } else {
      settings.set(`efk.efklist.${number}.mname`, macroName(label));
      settings.set(`efk.efklist.${number}.label`, label);
      settings.set(`efk.efklist.${number}.status`, '1');
      settings.set(`efk.efklist.${number}.action.string`, callAction(value));
      settings.set(`lineKey.${key}.category`, 'EFK');
      settings.set(`lineKey.${key}.index`, String(number));
    }
  }
  return settings;
}

/** It is what the key shows, and may not begin with a digit. */
function macroName(label: string): string {
  return /^\d/.test(label) ? `> ${label}` : label;
}

function voicemailSettings(number: string | null, lines: number): Settings {
  if (number === null) return new Map();
  return new Map(
    Array.from({ length: lines }, (_, at): [string, string][] => [
      [`msg.mwi.${at + 1}.callBackMode`, 'contact'],
      [`msg.mwi.${at + 1}.callBack`, number],
    ]).flat(),
  );
}

/** A page of the phone's browser, behind a soft key: these phones load no phone book from a URL. */
function phoneBookSettings(book: FullView['phoneBook']): Settings {
  if (book === null) return new Map();
  // In what a soft key does, a `$` would begin a macro.
  const action = book.url.replaceAll('$', '%24');
  return joinSettings(new Map([['mb.main.home', book.url]]), softKeySettings(2, book.name, action));
}

/**
 * The chain is always verified; this is about the name in the certificate. Another authority is for
 * SIP: for files it would have to be in the flash.
 */
function trustSettings({ verify, caUrl }: FullView['serverTrust']): Settings {
  const settings = new Map<string, string>();
  if (verify !== null) {
    settings.set('device.sec.TLS.prov.strictCertCommonNameValidation', verify ? '1' : '0');
    settings.set('sec.TLS.SIP.strictCertCommonNameValidation', verify ? '1' : '0');
  }
  if (caUrl !== null) {
    settings.set('sec.TLS.customCaCert.1', caUrl);
    settings.set('sec.TLS.profileSelection.SIP', 'ApplicationProfile1');
  }
  return settings;
}
