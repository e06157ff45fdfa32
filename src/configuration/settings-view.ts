import { type PhoneSettings, fileFor } from '../domain/phone-settings.js';
import type { VendorId } from '../domain/vendor-id.js';
import { vendorOf } from '../vendors/index.js';
import type { CommonView, FullView } from '../vendors/vendor.js';
import type { ViewSecrets } from './view-secrets.js';

type SettingsView = Omit<FullView, keyof CommonView | 'lines' | 'service' | 'raw'>;

/** The phone that a view is for, and where its secrets come from. */
export interface ViewedPhone {
  publicUrl: string;
  vendor: VendorId;
  model: string | null;
  secrets: ViewSecrets;
}

const CODECS = ['g722', 'pcma', 'pcmu'] as const;
const PHONE_BOOK_NAME = 'Phone book';

/**
 * The settings of a phone, with defaults for those that the operator left out.
 *
 * @param layers the settings of device, site and tenant, in the order of precedence
 */
export function settingsView(
  settings: PhoneSettings,
  layers: readonly PhoneSettings[],
  phone: ViewedPhone,
): SettingsView {
  const { publicUrl, vendor, model, secrets } = phone;
  // The file of a site for a whole family has precedence over its tenant's for one model.
  const fileOf = (name: 'firmware' | 'languageFile'): string | null =>
    layers.map((layer) => fileFor(layer[name], vendor, model)).find((file) => file !== null) ?? null;
  const urlOf = (file: string | null): string | null =>
    file === null
      ? null
      : `${publicUrl}/files/${vendor}/${file.split('/').map(encodeURIComponent).join('/')}`;
  return {
    keys: (settings.keys ?? []).map(({ kind, label, value, line }) => ({
      kind,
      label,
      value,
      line: line ?? 1,
    })),
    phoneBook: phoneBookView(settings, secrets),
    voicemailNumber: settings.voicemailNumber ?? null,
    firmwareUrl: urlOf(fileOf('firmware')),
    languageUrl: urlOf(fileOf('languageFile')),
    codecs: settings.codecs ?? CODECS,
    srtp: settings.srtp ?? null,
    toneCountry: settings.toneCountry ?? null,
    webInterface: settings.webInterface ?? false,
    serverTrust: {
      verify: settings.serverTrust?.verify ?? null,
      caUrl: addressOf(settings.serverTrust?.caUrl, secrets),
    },
  };
}

/**
 * The free parameters of the phone. `rawFault` was asked when they were set, but perhaps for
 * another model or in an earlier version of Dialgate: those that Dialgate owns by now are left out.
 */
export function freeParameters(
  { raw }: PhoneSettings,
  { vendor, model, secrets }: Omit<ViewedPhone, 'publicUrl'>,
): ReadonlyMap<string, string> {
  const family = vendorOf(vendor);
  const set = Object.entries(raw?.[vendor] ?? {});
  const free = set.filter(([name]) => family?.rawFault(name, model) === null);
  return new Map(free.map(([name, value]) => [name, secrets.raw(value)]));
}

function phoneBookView({ phoneBook }: PhoneSettings, secrets: ViewSecrets): FullView['phoneBook'] {
  const url = addressOf(phoneBook?.url, secrets);
  return url === null ? null : { name: phoneBook?.name ?? PHONE_BOOK_NAME, url };
}

function addressOf(url: string | undefined, secrets: ViewSecrets): string | null {
  return url === undefined ? null : secrets.address(url);
}
