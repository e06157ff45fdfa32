import { joinSettings } from '../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeDocument } from './format.js';
import { modelOf } from './models.js';
import { commonSettings, identitySettings } from './settings.js';

/** Short, for a NOTIFY must find the way back through the phone's NAT. */
const EXPIRES_SECONDS = 300;

/**
 * One identity that reaches the authentication service and emergency numbers, and nothing else that the model has. These phones have no
 * warm line (an immediate hotline would keep emergency numbers from being dialled): the first key dials the service.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const { account } = view;
  return writeDocument(modelOf(view.model), {
    settings: joinSettings(
      commonSettings(view),
      identitySettings(1, {
        displayName: view.displayText,
        idleText: view.displayText,
        idleNumber: view.serviceNumber,
        sipUser: account.user,
        authUser: account.user,
        password: account.password,
        host: account.host,
        port: account.port,
        outboundProxy: null,
        transport: account.transport,
        expiresSeconds: EXPIRES_SECONDS,
        codecs: 'pcma,pcmu,telephone-event',
      }),
    ),
    functionKeys: [
      { context: 1, label: `Authenticate ${view.serviceNumber}`, value: `speed ${view.serviceNumber}` },
    ],
    emptyPhoneBook: true,
  });
}
