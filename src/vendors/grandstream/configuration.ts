import { macHex } from '../../domain/mac.js';
import { type Account, shareServers } from '../accounts.js';
import { writeFree } from '../free-parameters.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { numbered, type Table, valuesOf } from '../parameter-table.js';
import { accountsOf, serviceOf } from '../service-line.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import type { Port } from './account-parameters.js';
import { keysOf, keyTable } from './key-values.js';
import { type AdapterModel, modelOf, type PhoneModel } from './models.js';
import {
  accountTables,
  ADAPTER,
  DEVICE,
  ownedParameters,
  pValue,
  PHONE,
  rawFault,
  SERVER,
  writeParameter,
} from './parameters.js';

/**
 * Either configuration: every parameter owned on the model, and free ones after them. A phone with
 * another MAC refuses the file.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    valuesOf(DEVICE, [view, model], pValue),
    model.kind === 'phone' ? deskPhone(view, model) : adapter(view, model),
  );
  const free = writeFree(view, rawFault, '', writeParameter);
  return document(`<mac>${macHex(view.mac)}</mac>\n`, ownedParameters(model).write(settings) + free);
}

/** A file for any phone, which says where to ask. */
export function renderCommon(publicUrl: string): RenderedDocument {
  const server = [...valuesOf(SERVER, [publicUrl], pValue)];
  return document('', server.map(([name, value]) => writeParameter(name, value)).join(''));
}

/** Version 1 is P-values; version 2, with names, passes over them in silence. */
function document(mac: string, parameters: string): RenderedDocument {
  return {
    contentType: 'application/xml; charset=utf-8',
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<gs_provision version="1">\n' +
      `${mac}<config version="1">\n${parameters}</config>\n</gs_provision>\n`,
  };
}

const NO_PORT: Port = { profile: 0, warmLine: null };

function deskPhone(view: ConfigurationView, model: PhoneModel): Settings {
  const accounts = accountsOf(view, model.accounts);
  const tables = accountTables(model);
  return joinSettings(
    valuesOf(PHONE, [view, model], pValue),
    ...accounts.map((account, at) => portSettings(tables[at], account, NO_PORT)),
    keySettings(view, model),
  );
}

/**
 * Other keys than the lines' own, each on the next key that can have its mode. On a phone that
 * waits and has no warm line, the second key dials the service: a line that dialled at once would
 * keep emergency numbers from being keyed.
 */
function keySettings(view: ConfigurationView, model: PhoneModel): Settings {
  if (!('lines' in view)) {
    const key = model.hasWarmLine ? undefined : keysOf(model)[1];
    const mode = key?.modes['speed-dial'] ?? null;
    if (key === undefined || mode === null) return new Map();
    const { serviceNumber: value } = view;
    return valuesOf(keyTable(key), [{ mode, line: 1, label: `Authenticate ${value}`, value }]);
  }
  const free = keysOf(model).slice(Math.min(view.lines.length, model.accounts, model.lineKeys));
  const parts: Settings[] = [];
  for (const wish of view.keys) {
    const at = free.findIndex((key) => key.modes[wish.kind] !== null);
    const [key] = at === -1 ? [] : free.splice(at, 1);
    const mode = key?.modes[wish.kind] ?? null;
    if (key !== undefined && mode !== null) parts.push(valuesOf(keyTable(key), [{ ...wish, mode }]));
  }
  return joinSettings(...parts);
}

/**
 * Narrow-band telephones: a wide-band codec would only be turned into another. All ports share the
 * account of an adapter without lines: a telephone at any of them can call the service, and an
 * emergency number.
 */
function adapter(view: ConfigurationView, model: AdapterModel): Settings {
  const service = serviceOf(view);
  const accounts = accountsOf(view, model.ports).map((account) => ({
    ...account,
    codecs: account.codecs.filter((codec) => codec !== 'g722'),
  }));
  const [shared] = accounts;
  const ofPorts = service === null || shared === undefined ? accounts : numbered(model.ports, () => shared);
  const warmLine = 'lines' in view ? null : view.serviceNumber;
  return joinSettings(
    valuesOf(ADAPTER, [view, model], pValue),
    ...(model.hasProfiles
      ? profileSettings(ofPorts, model, warmLine)
      : accountTables(model).map((table, at) => portSettings(table, ofPorts[at], { profile: 0, warmLine }))),
  );
}

const NO_USER = { sipUser: '', authUser: '', password: '', displayName: '' };

/** The ports have two profiles between them: a line at a third server stays off. */
function profileSettings(
  accounts: readonly Account[],
  model: AdapterModel,
  warmLine: Port['warmLine'],
): Settings[] {
  const tables = accountTables(model);
  const profiles = tables.slice(0, tables.length - model.ports);
  const ports = tables.slice(profiles.length);
  const { servers, placed } = shareServers(accounts, profiles.length);
  return [
    // The number that a warm line dials is the port's, its delay the profile's.
    ...servers.map((account, at) =>
      portSettings(profiles[at], { ...account, ...NO_USER }, { profile: 0, warmLine: warmLine && '' }),
    ),
    ...placed.map(({ account, place, server }) =>
      portSettings(ports[place], account, { profile: server, warmLine }),
    ),
  ];
}

function portSettings(
  table: Table<[Account, Port]> | undefined,
  account: Account | undefined,
  port: Port,
): Settings {
  return table === undefined || account === undefined ? new Map() : valuesOf(table, [account, port]);
}
