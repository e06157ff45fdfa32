import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { serviceLine, WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { ADAPTER_ACCOUNTS, adapterPort, phoneAccount } from './account-values.js';
import { writeConfiguration } from './format.js';
import { keysOf } from './key-values.js';
import { type AdapterModel, modelOf, type PhoneModel } from './models.js';
import { rawFault } from './parameters.js';
import {
  type AccountSettings,
  accountSettings,
  commonSettings,
  entrySettings,
  keySettings,
} from './settings.js';

/** One account that reaches the authentication service and emergency numbers, and nothing else that the model has. */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const bootstrap: AccountSettings = { ...serviceLine(view), verify: false };
  const settings = joinSettings(
    commonSettings(view, model),
    model.kind === 'phone' ? deskPhone(view, model, bootstrap) : adapter(view, model, bootstrap),
  );
  return writeConfiguration(view, model, settings, freeValues(view, rawFault, ''));
}

function deskPhone(view: MinimalView, model: PhoneModel, bootstrap: AccountSettings): Settings {
  return joinSettings(
    new Map([['P1650', '2']]),
    accountSettings(phoneAccount(1, model.fifthAccount), bootstrap),
    model.hasWarmLine ? warmLine(view.serviceNumber) : serviceKey(view.serviceNumber, model),
  );
}

function warmLine(serviceNumber: string): Settings {
  return new Map([
    ['P71', serviceNumber],
    ['P8388', String(WARM_LINE_SECONDS)],
  ]);
}

/** One that dialled at once would keep emergency numbers from being keyed: the second key dials the service. */
function serviceKey(serviceNumber: string, model: PhoneModel): Settings {
  const key = keysOf(model)[1];
  const mode = key?.modes['speed-dial'] ?? null;
  if (key === undefined || mode === null) return new Map();
  return new Map(
    keySettings(key, { mode, line: 1, label: `Authenticate ${serviceNumber}`, value: serviceNumber }),
  );
}

/** All ports share the account: a telephone at any of them can call the service, and an emergency number. */
function adapter(view: MinimalView, model: AdapterModel, bootstrap: AccountSettings): Settings {
  const dialled = { offHookNumber: view.serviceNumber, offHookDelay: String(WARM_LINE_SECONDS) };
  const [profile] = ADAPTER_ACCOUNTS;
  const parts = model.hasProfiles
    ? [
        accountSettings(profile, { ...bootstrap, sipUser: '', authUser: '', password: '', displayName: '' }),
        new Map(entrySettings(profile, { offHookDelay: dialled.offHookDelay })),
      ]
    : [];
  const ports = model.hasProfiles
    ? Array.from({ length: model.ports }, (_, at) => adapterPort(at + 1))
    : ADAPTER_ACCOUNTS.slice(0, model.ports);
  for (const port of ports)
    parts.push(accountSettings(port, bootstrap), new Map(entrySettings(port, dialled)));
  return joinSettings(...parts);
}
