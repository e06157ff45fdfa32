import { freeValues } from '../../free-values.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../../registration-expiry.js';
import { shortLabel } from '../../short-display.js';
import type { FullView, RenderedDocument } from '../../vendor.js';
import { toneNumber } from '../base-settings.js';
import type { GigasetModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { clearedByName, hex, OFF, ON, quoted, writeProfile } from '../provider-frame.js';
import { handsetName, ownedParameters } from './parameters.js';
import { accountSettings, commonSettings, PROFILE, serviceSettings } from './settings.js';

/** The network directory of the first provider. */
const DIRECTORY = hex(0x2a);

/** As many lines as there are handsets, each line with its own. */
export function renderFull(view: FullView, model: GigasetModel): RenderedDocument {
  const lines = view.lines.slice(0, model.handsets).map((line, at) =>
    joinSettings(
      accountSettings(at + 1, {
        ...line,
        expiresSeconds: LINE_EXPIRES_SECONDS,
        codecs: view.codecs,
        voicemailNumber: view.voicemailNumber,
        handsets: 2 ** at,
      }),
      new Map([[handsetName(at + 1), quoted(shortLabel(line.label))]]),
    ),
  );
  const settings = joinSettings(
    commonSettings(view),
    phoneBook(view.phoneBook),
    ofBase(view),
    ...(view.service === null ? lines : [serviceSettings(view.service, model)]),
  );
  const free = new Map(freeValues(view, rawFault, clearedByName));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, free);
}

function ofBase(view: FullView): Settings {
  return new Map([
    ['BS_IP_Data1.aucS_USER_FIRMWARE_URL', quoted(view.firmwareUrl ?? '')],
    ['BS_IP_Data1.ucB_ACCEPT_FOREIGN_SUBNET', view.webInterface ? ON : OFF],
    ['BS_AE_SwConfig.ucCountryCodeTone', toneNumber(view.toneCountry)],
  ]);
}

function phoneBook(book: FullView['phoneBook']): Settings {
  if (book === null) return new Map();
  const name = quoted(book.name);
  return new Map([
    ['BS_XML_Netdirs.aucAvailableNetdirs', DIRECTORY],
    ['BS_XML_Netdirs.aucActivatedNetdirs', DIRECTORY],
    ['BS_XML_Netdirs.aucNetdirSelForDirectAccess', DIRECTORY],
    ['BS_XML_Netdirs.aucNetdirSelForIntKey', DIRECTORY],
    ['BS_XML_Netdirs.astNetdirProvider[0].aucProviderName', name],
    ['BS_XML_Netdirs.astNetdirProvider[0].aucPrivatePagesDirName', name],
    ['BS_XML_Netdirs.astNetdirProvider[0].aucServerURL', quoted(book.url)],
  ]);
}
