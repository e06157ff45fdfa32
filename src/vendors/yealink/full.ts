import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import { shortLabel } from '../short-display.js';
import type { FullView, KeyView, LineView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf, type YealinkModel } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import { serviceSettings } from './service.js';
import {
  type AccountSettings,
  accountSettings,
  commonSettings,
  handsetSettings,
  keySettings,
  lineKeySettings,
  templateSettings,
  toneCountryName,
} from './settings.js';

/**
 * As many lines as the model has accounts, each with its key or its handset, and what is wished
 * beyond; the hotline is off.
 */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    wishedSettings(view),
    view.service === null ? linesOf(view, model) : serviceSettings(view.service, model),
  );
  return writeConfiguration(model, settings, freeValues(view, rawFault, CLEARED));
}

function linesOf(view: FullView, model: YealinkModel): Settings {
  const lines = view.lines.slice(0, model.accounts);
  const accounts = lines.map((line) => accountOf(line, view));
  return joinSettings(
    ...accounts.map((account, at) => accountSettings(at + 1, account)),
    model.kind === 'dect'
      ? joinSettings(templateSettings(accounts), ...lines.map(handsetOf))
      : keysOf(model, lines, view.keys),
  );
}

function accountOf(line: LineView, view: FullView): AccountSettings {
  return {
    ...line,
    expiresSeconds: LINE_EXPIRES_SECONDS,
    codecs: view.codecs,
    srtp: view.srtp ?? (line.transport === 'tls' ? 'optional' : 'off'),
    voicemailNumber: view.voicemailNumber,
  };
}

function handsetOf(line: LineView, at: number): Settings {
  return handsetSettings(at + 1, shortLabel(line.label), at + 1);
}

/**
 * The lines' own keys, then the others, on the phone and on from there on its expansion modules.
 */
function keysOf(model: YealinkModel, lines: readonly LineView[], keys: readonly KeyView[]): Settings {
  const places = [
    ...Array.from({ length: model.lineKeys }, (_, at) => `linekey.${at + 1}`),
    ...Array.from({ length: model.modules * model.moduleKeys }, (_, at) => {
      const module = Math.floor(at / model.moduleKeys) + 1;
      return `expansion_module.${module}.key.${(at % model.moduleKeys) + 1}`;
    }),
  ];
  const ofLines = lines.slice(0, model.lineKeys);
  const free = places.slice(ofLines.length);
  return joinSettings(
    ...ofLines.map((line, at) => lineKeySettings(at + 1, at + 1, line.label)),
    ...free.flatMap((place, at) => {
      const key = keys[at];
      return key === undefined ? [] : [keySettings(place, key)];
    }),
  );
}

/** What an operator may wish for the phone as a whole. */
function wishedSettings(view: FullView): Settings {
  const { phoneBook, serverTrust } = view;
  // Where no check is wished it is as the factory had it: nobody's phone becomes more trusting for
  // a setting that was not made.
  const strict = serverTrust.verify === null ? CLEARED : serverTrust.verify ? '1' : '0';
  return new Map([
    ['static.firmware.url', view.firmwareUrl ?? CLEARED],
    ['gui_lang.url', view.languageUrl ?? CLEARED],
    ['voice.tone.country', toneCountryName(view.toneCountry) ?? CLEARED],
    ['static.wui.https_enable', view.webInterface ? '1' : '0'],
    ['static.security.trust_certificates', strict],
    ['static.security.cn_validation', strict],
    ['static.trusted_certificates.url', serverTrust.caUrl ?? CLEARED],
    ['features.remote_phonebook.enable', phoneBook === null ? '0' : '1'],
    ['remote_phonebook.data.1.url', phoneBook?.url ?? CLEARED],
    ['remote_phonebook.data.1.name', phoneBook?.name ?? CLEARED],
  ]);
}
