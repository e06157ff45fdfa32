import { joinSettings, type Settings } from '../parameter-list.js';
import { serviceLine } from '../service-line.js';
import type { ServiceView } from '../vendor.js';
import { ADAPTER_ACCOUNTS, adapterPort, phoneAccount } from './account-values.js';
import type { AdapterModel, GrandstreamModel } from './models.js';
import { type AccountSettings, accountSettings, entrySettings } from './settings.js';

/** What a port dials when nothing is keyed; null waits for a number. */
type WarmLine = { number: string; seconds: number } | null;

/** The one account of a device without lines. */
export function serviceSettings(service: ServiceView, model: GrandstreamModel, warmLine: WarmLine): Settings {
  const account: AccountSettings = { ...serviceLine(service), verify: false };
  return model.kind === 'phone'
    ? accountSettings(phoneAccount(1, model.fifthAccount), account)
    : adapter(account, model, warmLine);
}

/**
 * All ports share the account: a telephone at any of them can call the service, and an emergency
 * number.
 */
function adapter(account: AccountSettings, model: AdapterModel, warmLine: WarmLine): Settings {
  const offHookDelay = warmLine === null ? {} : { offHookDelay: String(warmLine.seconds) };
  const dialled = warmLine === null ? {} : { offHookNumber: warmLine.number, ...offHookDelay };
  const [profile] = ADAPTER_ACCOUNTS;
  const parts = model.hasProfiles
    ? [
        accountSettings(profile, { ...account, sipUser: '', authUser: '', password: '', displayName: '' }),
        new Map(entrySettings(profile, offHookDelay)),
      ]
    : [];
  const ports = model.hasProfiles
    ? Array.from({ length: model.ports }, (_, at) => adapterPort(at + 1))
    : ADAPTER_ACCOUNTS.slice(0, model.ports);
  for (const port of ports) parts.push(accountSettings(port, account), new Map(entrySettings(port, dialled)));
  return joinSettings(...parts);
}
