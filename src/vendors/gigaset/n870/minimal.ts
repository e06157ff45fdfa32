import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { writeDocument } from './format.js';
import { handsetId, ownedParameters } from './parameters.js';
import { accountSettings, commonSettings, providerSettings } from './settings.js';

/** Short, for a NOTIFY must find the way back through the base's NAT. */
const EXPIRES_SECONDS = 300;

/**
 * One account in every place, so that the service and emergency numbers can be dialled from each handset that is there, and it says so on each.
 * Handsets stay registered with the base, or somebody would have to go there and do it again once it has proved itself.
 */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const { user, password, host, port, transport } = view.account;
  const account = {
    displayName: shortDisplayText(view.displayText),
    sipUser: user,
    authUser: user,
    password,
    provider: 0,
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
      srtp: 'off',
      messages: false,
    }),
    ...numbers(1, model.handsets).map((handset) => accountSettings(handset, account)),
  );
  return writeDocument(ownedParameters(model).list, {
    firmware: null,
    handsets: [handsetId(1)],
    deleteOthers: false,
    settings,
    free: new Map(view.rawNames.map((raw) => [raw, ''])),
  });
}
