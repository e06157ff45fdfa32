import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, KeyView, LineView, RenderedDocument } from '../vendor.js';
import { ADAPTER_ACCOUNTS, adapterPort, phoneAccount } from './account-values.js';
import { writeConfiguration } from './format.js';
import { keysOf } from './key-values.js';
import { type AdapterModel, type GrandstreamModel, modelOf, type PhoneModel } from './models.js';
import { rawFault } from './parameters.js';
import { serviceSettings } from './service.js';
import {
  type AccountSettings,
  accountSettings,
  commonSettings,
  entrySettings,
  hostAndPath,
  keySettings,
  protocolOf,
} from './settings.js';
import { toneSettings } from './tones.js';

/** The longest interval of the phone book's download. */
const PHONE_BOOK_MINUTES = 720;

/**
 * As many lines as the model has accounts or ports, and what else it knows of what was wished;
 * nothing is dialled by itself.
 */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    trustSettings(view.serverTrust),
    firmwareSettings(view.firmwareUrl, model),
    toneSettings(view.toneCountry, model),
    model.kind === 'phone' ? deskPhone(view, model) : adapter(view, model),
    view.service === null ? new Map() : serviceSettings(view.service, model, null),
  );
  return writeConfiguration(view, model, settings, freeValues(view, rawFault, ''));
}

function deskPhone(view: FullView, model: PhoneModel): Settings {
  const lines = view.lines.slice(0, model.accounts);
  return joinSettings(
    new Map([['P1650', view.webInterface ? '0' : '2']]),
    ...lines.map((line, at) => {
      const values = phoneAccount(at + 1, model.fifthAccount);
      return joinSettings(accountSettings(values, accountOf(line, view)), new Map(messages(view, values)));
    }),
    otherKeys(view.keys, lines.length, model),
    phoneBookSettings(view.phoneBook),
  );
}

/** Narrow-band telephones: a wide-band codec would only be turned into another. */
function adapter(view: FullView, model: AdapterModel): Settings {
  const codecs = view.codecs.filter((codec) => codec !== 'g722');
  const lines = view.lines.slice(0, model.ports).map((line) => ({ ...accountOf(line, view), codecs }));
  return joinSettings(
    new Map([['P190', view.webInterface ? '1' : '0']]),
    ...(model.hasProfiles
      ? profileSettings(lines, model, view)
      : lines.map((line, at) => portSettings(ADAPTER_ACCOUNTS[at], line, view))),
  );
}

function portSettings(
  values: (typeof ADAPTER_ACCOUNTS)[number] | undefined,
  line: AccountSettings,
  view: FullView,
): Settings {
  if (values === undefined) return new Map();
  return joinSettings(accountSettings(values, line), new Map(messages(view, values)));
}

/** The ports have two profiles between them: a line at a third server stays off. */
function profileSettings(lines: readonly AccountSettings[], model: AdapterModel, view: FullView): Settings[] {
  const own = ADAPTER_ACCOUNTS.slice(0, model.ports);
  const places = [...new Set(lines.map(placeOf))].slice(0, own.length);
  const profiles = own.map((values, at) => {
    const line = lines.find((one) => placeOf(one) === places[at]);
    return line === undefined
      ? new Map<string, string>()
      : portSettings(values, { ...line, ...NOBODY }, view);
  });
  const ports = lines.map((line, at) => {
    const profile = places.indexOf(placeOf(line));
    if (profile === -1) return new Map<string, string>();
    const values = adapterPort(at + 1);
    return joinSettings(
      accountSettings(values, line),
      new Map(entrySettings(values, { profile: String(profile) })),
    );
  });
  return [...profiles, ...ports];
}

const NOBODY = { sipUser: '', authUser: '', password: '', displayName: '' };

/** What the lines of a profile have in common. */
function placeOf(line: LineView): string {
  return JSON.stringify([line.host, line.port, line.outboundProxy, line.transport]);
}

function accountOf(line: LineView, view: FullView): AccountSettings {
  return {
    ...line,
    expiresSeconds: LINE_EXPIRES_SECONDS,
    codecs: view.codecs,
    srtp: view.srtp,
    verify: view.serverTrust.verify === true,
  };
}

function messages(view: FullView, values: Parameters<typeof entrySettings>[0]): [string, string][] {
  if (view.voicemailNumber === null) return [];
  return entrySettings(values, { voicemail: view.voicemailNumber, subscribeMessages: '1' });
}

/** Each on the next key that can be that; the first ones are the lines' own. */
function otherKeys(keys: readonly KeyView[], lines: number, model: PhoneModel): Settings {
  const free = keysOf(model).slice(Math.min(lines, model.lineKeys));
  const settings: [string, string][] = [];
  for (const wish of keys) {
    const at = free.findIndex((key) => key.modes[wish.kind] !== null);
    const [key] = at === -1 ? [] : free.splice(at, 1);
    const mode = key?.modes[wish.kind] ?? null;
    if (key === undefined || mode === null) continue;
    settings.push(...keySettings(key, { ...wish, mode }));
  }
  return new Map(settings);
}

/** The phone adds the file's name itself. */
function phoneBookSettings(book: FullView['phoneBook']): Settings {
  if (book === null) return new Map();
  return new Map([
    ['P330', protocolOf(book.url) === '2' ? '3' : '1'],
    ['P331', hostAndPath(book.url.replace(/\/phonebook\.xml$/i, ''))],
    ['P332', String(PHONE_BOOK_MINUTES)],
  ]);
}

/**
 * The chain and the name of servers that files come from; as the phone has it where nothing is
 * wished.
 */
function trustSettings({ verify }: FullView['serverTrust']): Settings {
  if (verify === null) return new Map();
  return new Map(['P8463', 'P22030'].map((name) => [name, verify ? '1' : '0']));
}

/** The phone is told a folder and knows by itself what its file is called. */
function firmwareSettings(url: string | null, model: GrandstreamModel): Settings {
  if (url === null) return new Map();
  return new Map([
    ['P192', hostAndPath(url.replace(/[^/]*$/, ''))],
    ['P238', '0'],
    ...(model.kind === 'phone' ? [['P6767', protocolOf(url)] as const] : []),
  ]);
}
