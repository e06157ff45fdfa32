import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, KeyView, RenderedDocument } from '../vendor.js';
import { renderBaseFull } from './dect/full.js';
import { type FunctionKey, writeDeskDocument } from './format.js';
import { type DeskModel, modelOf } from './models.js';
import { rawFault } from './parameters.js';
import {
  checkSettings,
  commonSettings,
  identitySettings,
  languageName,
  serviceIdentity,
  toneScheme,
} from './settings.js';

export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  return model.kind === 'dect' ? renderBaseFull(view, model) : renderDeskFull(view, model);
}

/**
 * As many lines as the model has identities, each with its key, and what is wished beyond. What the
 * user keeps in the phone's own phone book stays.
 */
function renderDeskFull(view: FullView, model: DeskModel): RenderedDocument {
  const { service } = view;
  const lines = view.lines.slice(0, model.identities);
  const ofLines = lines.map((line, at) =>
    identitySettings(at + 1, {
      ...line,
      idleText: line.label,
      idleNumber: line.sipUser,
      expiresSeconds: LINE_EXPIRES_SECONDS,
      codecs: view.codecs,
      srtp: view.srtp ?? (line.transport === 'tls' ? 'optional' : 'off'),
      mailbox: view.voicemailNumber,
    }),
  );
  const identities = service === null ? ofLines : [serviceIdentity(service)];
  const labels = service === null ? lines.map(({ label }) => label) : [service.displayText];
  return writeDeskDocument(model, {
    settings: joinSettings(commonSettings(view), wishedSettings(view), ...identities),
    raw: freeValues(view, rawFault, ''),
    functionKeys: [
      ...labels.map((label, at) => ({ context: at + 1, label, value: 'line' })),
      ...view.keys.map((key) => functionKey(key, lines.length)),
    ],
    language: view.languageUrl === null ? null : { name: languageName(view.language), url: view.languageUrl },
    authorityUrl: view.serverTrust.caUrl,
    emptyPhoneBook: false,
  });
}

const KEY_TYPES = { blf: 'blf', 'speed-dial': 'speed' } as const;

function functionKey(key: KeyView, lines: number): FunctionKey {
  return {
    context: key.line <= lines ? key.line : 'active',
    label: key.label,
    value: `${KEY_TYPES[key.kind]} ${key.value}`,
  };
}

const CHECKS = ['tls_server_authentication', 'check_fqdn_against_server_cert'] as const;

/** What an operator may wish for the phone as a whole. */
function wishedSettings(view: FullView): Settings {
  const tones = toneScheme(view.toneCountry);
  return new Map([
    ['firmware', view.firmwareUrl ?? ''],
    ['webserver_type', view.webInterface ? 'https' : 'off'],
    ['dkey_directory', view.phoneBook === null ? '' : `url ${view.phoneBook.url}`],
    ...(tones === null ? [] : [['tone_scheme', tones] as const]),
    ...checkSettings(view.serverTrust.verify, CHECKS),
  ]);
}
