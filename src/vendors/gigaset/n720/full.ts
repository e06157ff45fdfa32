import { freeValues } from '../../free-values.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../../registration-expiry.js';
import type { FullView, RenderedDocument } from '../../vendor.js';
import { toneNumber } from '../base-settings.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { rawFault } from '../parameters.js';
import { clearedByName, hex, OFF, ON, quoted, writeProfile } from '../provider-frame.js';
import { allocateProviders } from '../providers.js';
import { ownedParameters } from './parameters.js';
import {
  accountSettings,
  activation,
  commonSettings,
  PROFILE,
  providerSettings,
  serviceSettings,
} from './settings.js';

/** The network directory of the first provider. */
const DIRECTORY = hex(0x2a);

/**
 * As many lines as there are handsets, each line with its own, and as many servers as there are
 * places for.
 */
export function renderFull(view: FullView, model: GigasetModel): RenderedDocument {
  const settings = joinSettings(
    commonSettings(view),
    phoneBook(view.phoneBook),
    new Map([
      ['BS_IP_Data.ucB_ACCEPT_FOREIGN_SUBNET', view.webInterface ? ON : OFF],
      ['BS_AE_SwConfig.ucCountryCodeTone', toneNumber(view.toneCountry)],
    ]),
    view.service === null ? linesOf(view, model) : serviceSettings(view.service, model),
  );
  const free = new Map(freeValues(view, rawFault, clearedByName));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, free);
}

function linesOf(view: FullView, model: GigasetModel): Settings {
  const { providers, lines } = allocateProviders(view.lines.slice(0, model.handsets), model.providers);
  return joinSettings(
    ...providers.map((line, at) =>
      providerSettings(at, { ...line, name: line.host, expiresSeconds: LINE_EXPIRES_SECONDS }),
    ),
    ...lines.map(({ line, place, provider }) =>
      accountSettings(place, {
        ...line,
        provider,
        codecs: view.codecs,
        voicemailNumber: view.voicemailNumber,
      }),
    ),
    ...numbers(0, model.handsets).map((at) => activation(at, OFF)),
    ...lines.map(({ place }) => activation(place, ON)),
  );
}

function phoneBook(book: FullView['phoneBook']): Settings {
  if (book === null) return new Map();
  const name = quoted(book.name);
  const provider = 'BS_XML_Netdirs.astNetdirProvider[0]';
  return new Map([
    ['BS_XML_Netdirs.aucAvailableNetdirs[0]', DIRECTORY],
    ['BS_XML_Netdirs.aucActivatedNetdirs[0]', DIRECTORY],
    ['BS_XML_Netdirs.aucNetdirSelForDirectAccess[0]', DIRECTORY],
    ['BS_XML_Netdirs.aucNetdirSelForIntKey[0]', DIRECTORY],
    [`${provider}.aucProviderName[0]`, name],
    [`${provider}.aucPrivatePagesDirName[0]`, name],
    [`${provider}.aucServerURL[0]`, quoted(book.url)],
  ]);
}
