import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { keySettings } from './keys.js';
import { modelOf, type PanasonicModel } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import { commonSettings, handsetSettings, lineSettings, serviceSettings } from './settings.js';
import { toneSettings } from './tones.js';

/**
 * As many lines as the model has, each with its key or its handset, and the other keys after them;
 * the hotline is off.
 */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const { service } = view;
  const lines = view.lines.slice(0, model.lines);
  const labels = service === null ? lines.map(({ label }) => label) : [service.displayText];
  const settings = joinSettings(
    commonSettings(view, model),
    ...lines.map((line, at) =>
      lineSettings(
        at + 1,
        {
          ...line,
          phoneNumber: line.sipUser,
          expiresSeconds: LINE_EXPIRES_SECONDS,
          codecs: view.codecs,
          srtp: view.srtp,
          verifiesServer: view.serverTrust.verify === true,
          // An outbound proxy would not be among the servers that it knows.
          filtersSources: false,
        },
        model,
      ),
    ),
    service === null ? new Map() : serviceSettings(service, model),
    keySettings(
      [...labels.map((label, at) => ({ kind: 'line', label, value: String(at + 1) }) as const), ...view.keys],
      model,
    ),
    // A handset beyond the lines has the first one.
    handsetSettings(model, (handset) => (handset < lines.length ? handset + 1 : 1)),
    voicemailSettings(view.voicemailNumber, lines.length),
    firmwareSettings(view.firmwareUrl),
    toneSettings(view.toneCountry, model),
    trustSettings(view.serverTrust, model),
    phoneBookSettings(view.phoneBook, model),
    new Map([['HTTPD_PORTOPEN_AUTO', view.webInterface ? 'Y' : 'N']]),
  );
  const raw = freeValues(view, rawFault, CLEARED);
  return writeConfiguration(model, settings, raw);
}

function voicemailSettings(number: string | null, lines: number): Settings {
  if (number === null) return new Map();
  return new Map([
    ['VM_SUBSCRIBE_ENABLE', 'Y'],
    ...Array.from({ length: lines }, (_, at): [string, string] => [`VM_NUMBER_${at + 1}`, number]),
  ]);
}

/**
 * The phone compares versions; the one that a URL leads to is told by the name of the file
 * (`KX-HDV130-08.000.fw`).
 */
function firmwareSettings(url: string | null): Settings {
  if (url === null) return new Map();
  return new Map([
    ['FIRM_UPGRADE_ENABLE', 'Y'],
    ['FIRM_UPGRADE_AUTO', 'Y'],
    ['FIRM_VERSION', /\d{2}\.\d{2,3}(?!\d)/.exec(url.split('/').at(-1) ?? '')?.[0] ?? ''],
    ['FIRM_FILE_PATH', url],
  ]);
}

function trustSettings({ verify, caUrl }: FullView['serverTrust'], { series }: PanasonicModel): Settings {
  const settings = new Map([['HTTP_SSL_VERIFY', verify ? '1' : '0']]);
  if (caUrl === null) return settings;
  settings.set('CFG_ROOT_CERTIFICATE_PATH', caUrl);
  if (series === 'hdv' || series === 'tgp6') settings.set('SIP_TLS_ROOT_CERT_PATH', caUrl);
  return settings;
}

function phoneBookSettings(book: FullView['phoneBook'], { series }: PanasonicModel): Settings {
  if (book === null || (series !== 'hdv' && series !== 'tgp6')) return new Map();
  return new Map([
    ['XMLAPP_ENABLE', 'Y'],
    ['XMLAPP_LDAP_URL', book.url],
  ]);
}
