import { freeValues } from '../../free-values.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../../registration-expiry.js';
import { shortLabel } from '../../short-display.js';
import type { FullView, RenderedDocument } from '../../vendor.js';
import type { DectModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { checkSettings, toneScheme } from '../settings.js';
import { writeBaseDocument } from './format.js';
import { baseCommonSettings, extensionSettings, serviceExtensions } from './settings.js';

/** The phone book is an XML file on a server. */
const PHONE_BOOK_IS_XML = '3';

/**
 * A line for each handset, and what of the wishes a base can fulfil: it has no keys, and takes
 * firmware and languages by versions only.
 */
export function renderBaseFull(view: FullView, model: DectModel): RenderedDocument {
  const extensions = view.lines.slice(0, model.extensions).map((line) => ({
    ...line,
    label: shortLabel(line.label),
    expiresSeconds: LINE_EXPIRES_SECONDS,
    codecs: view.codecs,
    srtp: view.srtp ?? (line.transport === 'tls' ? 'optional' : 'off'),
    voicemailNumber: view.voicemailNumber,
  }));
  const settings = joinSettings(
    baseCommonSettings(view),
    wishedSettings(view),
    view.service === null ? extensionSettings(extensions) : serviceExtensions(view.service, model),
  );
  return writeBaseDocument(model, settings, freeValues(view, rawFault, ''));
}

function wishedSettings(view: FullView): Settings {
  const tones = toneScheme(view.toneCountry);
  return new Map([
    ['disable_http_server', view.webInterface ? 'disabled' : 'enabled'],
    ['phonebook_server_location', view.phoneBook === null ? '0' : PHONE_BOOK_IS_XML],
    ['phonebook_location', view.phoneBook?.url ?? ''],
    ...(tones === null ? [] : [['tone_scheme', tones] as const]),
    ...checkSettings(view.serverTrust.verify, ['tls_server_authentication']),
  ]);
}
