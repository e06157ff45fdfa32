import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { clearedByName, ON, writeProfile } from '../provider-frame.js';
import { ownedParameters } from './parameters.js';
import { accountSettings, activation, commonSettings, PROFILE, providerSettings } from './settings.js';

/** Short, for a NOTIFY must find the way back through the base's NAT. */
const EXPIRES_SECONDS = 300;

/**
 * One account in every place, so that the service and emergency numbers can be dialled from each handset that has one, and it says so on each.
 * The first is switched on; whether the others are stays as it is, for switched off they would lose their handsets.
 */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const { user, password, host, port, transport } = view.account;
  const account = {
    displayName: shortDisplayText(view.displayText),
    sipUser: user,
    authUser: user,
    password,
    provider: 0,
    codecs: ['pcma', 'pcmu'] as const,
    voicemailNumber: null,
  };
  const settings = joinSettings(
    commonSettings(view),
    providerSettings(0, {
      name: view.displayText,
      host,
      port,
      outboundProxy: null,
      transport,
      expiresSeconds: EXPIRES_SECONDS,
    }),
    activation(0, ON),
    ...numbers(0, model.handsets).map((number) => accountSettings(number, account)),
  );
  const cleared = new Map(view.rawNames.map((raw) => [raw, clearedByName(raw)]));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, cleared);
}
