import { type Account, shareServers, shortLabel } from '../accounts.js';
import { writeFree } from '../free-parameters.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { numbered, valuesOf } from '../parameter-table.js';
import { accountsOf, serviceOf, shortDisplayText } from '../service-line.js';
import type { ConfigurationView, KeyView, RenderedDocument } from '../vendor.js';
import { modelOf, type YealinkModel } from './models.js';
import {
  ACCESS,
  ACCOUNT,
  BASE,
  below,
  CLEARED,
  EMERGENCY,
  EMERGENCY_NUMBERS,
  HANDSET,
  type Key,
  MODULE_KEY,
  ownedParameters,
  PASSWORDS,
  PHONE,
  PHONE_BOOK,
  rawFault,
  SERVER_TEMPLATES,
  TEMPLATE,
  VOICEMAIL,
  writeParameter,
} from './parameters.js';

/** The first line of every file; phones pass over a file without it. */
const HEADER = '#!version:1.0.0.1\n';
const CONTENT_TYPE = 'text/plain; charset=utf-8';

/**
 * Either configuration: every parameter owned on the model, then the free ones. Each account has
 * its key or its handset. The hotline is on in the minimal one alone.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const accounts = accountsOf(view, model.accounts);
  const numbers = view.emergencyNumbers.slice(0, EMERGENCY_NUMBERS);
  const book = 'lines' in view ? view.phoneBook : null;
  const settings = joinSettings(
    ...[ACCESS, PASSWORDS, PHONE].map((rows) => valuesOf(rows, [view, model])),
    ...numbers.map((number, at) => valuesOf(EMERGENCY, [number], below(`dialplan.emergency.${at + 1}`))),
    book === null ? new Map() : valuesOf(PHONE_BOOK, [book], below('remote_phonebook.data.1')),
    ...accounts.map((account, at) => accountSettings(at + 1, account)),
    model.kind === 'dect'
      ? joinSettings(
          valuesOf(BASE, [view, model]),
          templateSettings(accounts),
          handsetSettings(view, accounts, model),
        )
      : keySettings(accounts, 'lines' in view ? view.keys : [], model),
  );
  const free = writeFree(view, rawFault, CLEARED, writeParameter);
  return { contentType: CONTENT_TYPE, body: HEADER + ownedParameters(model).write(settings) + free };
}

/**
 * A file that includes another one and makes what that does not set return to the factory's value.
 */
export function renderBoot(included: string): RenderedDocument {
  return {
    contentType: CONTENT_TYPE,
    body: `${HEADER}include:config "${included}"\noverwrite_mode = 1\n`,
  };
}

function accountSettings(number: number, account: Account): Settings {
  return joinSettings(
    valuesOf(ACCOUNT, [account], below(`account.${number}`)),
    valuesOf(VOICEMAIL, [account], below(`voice_mail.number.${number}`)),
  );
}

/** The servers of the accounts of a base, each once, and which account has which. */
function templateSettings(accounts: readonly Account[]): Settings {
  const { servers, placed } = shareServers(accounts, SERVER_TEMPLATES, (account) => [
    ...valuesOf(TEMPLATE, [account, 0]),
  ]);
  return joinSettings(
    ...servers.map((account, at) => valuesOf(TEMPLATE, [account, at + 1], below(`template.${at + 1}`))),
    new Map(
      placed.map(({ place, server }) => [`account.${place + 1}.sip_server.template`, String(server + 1)]),
    ),
  );
}

/**
 * A handset for each line. All handsets share the account of a base without lines, so that help can
 * be called from any of them.
 */
function handsetSettings(
  view: ConfigurationView,
  accounts: readonly Account[],
  model: YealinkModel,
): Settings {
  const service = serviceOf(view);
  const handsets =
    service === null
      ? accounts.map(({ label }, at) => ({ name: shortLabel(label), account: at + 1 }))
      : numbered(model.handsets, () => ({ name: shortDisplayText(service), account: 1 }));
  return joinSettings(
    ...handsets.map(({ name, account }, at) =>
      valuesOf(HANDSET, [name, account], below(`handset.${at + 1}`)),
    ),
  );
}

/**
 * The lines' own keys, then the others, on the phone and on from there on its expansion modules.
 */
function keySettings(
  accounts: readonly Account[],
  others: readonly KeyView[],
  model: YealinkModel,
): Settings {
  const places = [
    ...numbered(model.lineKeys, (key) => `linekey.${key}`),
    ...numbered(model.modules, (module) =>
      numbered(model.moduleKeys, (key) => `expansion_module.${module}.key.${key}`),
    ).flat(),
  ];
  const keys: Key[] = [
    ...accounts
      .slice(0, model.lineKeys)
      .map(({ label }, at) => ({ kind: 'line', line: at + 1, label, value: null }) as const),
    ...others,
  ];
  return joinSettings(
    ...keys.slice(0, places.length).map((key, at) => {
      return valuesOf(MODULE_KEY, [key], below(places[at] ?? ''));
    }),
  );
}
