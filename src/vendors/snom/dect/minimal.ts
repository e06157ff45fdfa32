import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { DectModel } from '../models.js';
import { writeBaseDocument } from './format.js';
import { baseCommonSettings, type ExtensionSettings, extensionSettings } from './settings.js';

const EXPIRES_SECONDS = 300;
/** How many handsets may call the service and emergency numbers: all of a small base. Each registers the one account once more. */
const SHARING_HANDSETS = 20;

/** One account, shared by the first handsets, that reaches the authentication service and emergency numbers. There is no warm line. */
export function renderBaseMinimal(view: MinimalView, model: DectModel): RenderedDocument {
  const { account } = view;
  const text = shortDisplayText(view.displayText);
  const extension: ExtensionSettings = {
    label: text,
    displayName: text,
    sipUser: account.user,
    authUser: account.user,
    password: account.password,
    host: account.host,
    port: account.port,
    outboundProxy: null,
    transport: account.transport,
    expiresSeconds: EXPIRES_SECONDS,
    codecs: ['pcma', 'pcmu'],
    srtp: 'off',
    voicemailNumber: null,
  };
  const handsets = Math.min(SHARING_HANDSETS, model.extensions);
  const settings = joinSettings(
    baseCommonSettings(view),
    extensionSettings(Array.from({ length: handsets }, () => extension)),
  );
  return writeBaseDocument(
    model,
    settings,
    view.rawNames.map((name) => [name, '']),
  );
}
