import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { clearedByName, quoted, writeProfile } from '../provider-frame.js';
import { handsetName, ownedParameters } from './parameters.js';
import { accountSettings, commonSettings, PROFILE } from './settings.js';

/** Short, for a NOTIFY must find the way back through the base's NAT. */
const EXPIRES_SECONDS = 300;

/** One account for all handsets, so that the service and emergency numbers can be dialled from each; it says so in their names. */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const { account } = view;
  const name = quoted(shortDisplayText(view.displayText));
  const settings = joinSettings(
    commonSettings(view),
    accountSettings(1, {
      label: view.displayText,
      displayName: view.displayText,
      sipUser: account.user,
      authUser: account.user,
      password: account.password,
      host: account.host,
      port: account.port,
      outboundProxy: null,
      transport: account.transport,
      expiresSeconds: EXPIRES_SECONDS,
      codecs: ['pcma', 'pcmu'],
      voicemailNumber: null,
      handsets: 2 ** model.handsets - 1,
    }),
    new Map(numbers(1, model.handsets).map((handset) => [handsetName(handset), name])),
  );
  const cleared = new Map(view.rawNames.map((raw) => [raw, clearedByName(raw)]));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, cleared);
}
