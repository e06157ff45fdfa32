import { joinSettings, type Settings } from '../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { keyPaths } from './keys.js';
import { modelOf } from './models.js';
import { settableNames } from './parameters.js';
import { commonSettings, lineKeySettings, lineSettings } from './settings.js';

/** Seconds off the hook until the service is dialled: time enough to key an emergency number instead. */
const WARM_LINE_SECONDS = 3;
/** Short, for a NOTIFY must find the way back through the phone's NAT. */
const EXPIRES_SECONDS = 300;

/** One line that reaches the authentication service and emergency numbers, and nothing else that the model has. */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const { account } = view;
  const [firstKey] = keyPaths(model);
  const settings = joinSettings(
    commonSettings(view, model),
    new Map([['phone/display/LCDTitle', view.displayText]]),
    lineSettings(1, {
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
    }),
    warmLine(view.serviceNumber),
    firstKey === undefined ? new Map() : lineKeySettings(firstKey, 1, view.displayText),
  );
  return writeConfiguration(
    model,
    settings,
    settableNames(view.rawNames, view.model).map((name) => [name, '']),
  );
}

/** A time of 0 would dial at once. */
function warmLine(serviceNumber: string): Settings {
  return new Map([
    ['sip/line[1]/EnableHotline', '1'],
    ['sip/line[1]/HotlineNum', serviceNumber],
    ['sip/line[1]/WarmLineTime', String(WARM_LINE_SECONDS)],
  ]);
}
