import { freeValues } from '../../free-values.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../../registration-expiry.js';
import type { FullView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { allocateProviders } from '../providers.js';
import { type NvmDocument, writeDocument } from './format.js';
import { handsetId, ownedParameters } from './parameters.js';
import { accountSettings, commonSettings, providerSettings, serviceSettings } from './settings.js';

/**
 * As many lines as there are handsets, each line with its own, and as many servers as there are
 * places for.
 */
export function renderFull(view: FullView, model: GigasetModel): RenderedDocument {
  const { providers, lines } = allocateProviders(view.lines.slice(0, model.handsets), model.providers);
  const settings = joinSettings(
    commonSettings(view),
    ofBase(view),
    ...providers.map((line, at) =>
      providerSettings(at, {
        ...line,
        name: line.host,
        expiresSeconds: LINE_EXPIRES_SECONDS,
        srtp: view.srtp,
        messages: view.voicemailNumber !== null,
      }),
    ),
    ...lines.map(({ line, place, provider }) =>
      accountSettings(place + 1, { ...line, provider, voicemailNumber: view.voicemailNumber }),
    ),
    view.service === null ? new Map() : serviceSettings(view.service, model),
  );
  return writeDocument(ownedParameters(model).list, {
    firmware: firmwareOf(view.firmwareUrl),
    handsets: view.service === null ? lines.map(({ place }) => handsetId(place + 1)) : [handsetId(1)],
    // Only for lines that are gone: without any, somebody is still about to add them.
    deleteOthers: lines.length > 0,
    settings,
    free: new Map(freeValues(view, rawFault, '')),
  });
}

/**
 * `…-V2.65.0-build.8504c90.bin`: without a version to compare with its own, a base would fetch the
 * same file again and again.
 */
function firmwareOf(url: string | null): NvmDocument['firmware'] {
  const version = /V?(\d+\.\d+\.\d+)[^/]*$/i.exec(url ?? '')?.[1];
  return url === null || version === undefined ? null : { version, url };
}

const TONE_SCHEMES: Record<string, string> = { DE: 'Germany', ES: 'Spain', FR: 'France' };

function ofBase(view: FullView): Settings {
  const book = view.phoneBook;
  const tones = TONE_SCHEMES[(view.toneCountry ?? '').toUpperCase()];
  return new Map([
    ...(tones === undefined ? [] : ([['Telephony.0.ToneScheme', tones]] as const)),
    ...(book === null
      ? []
      : ([
          ['Netdir.1.Activated', '1'],
          ['XMLDir.1.ProviderName', book.name],
          ['XMLDir.1.ServerURL', book.url],
          ['XMLDir.1.WhitePagesDirName', book.name],
        ] as const)),
  ]);
}
