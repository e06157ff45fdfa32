import { joinSettings } from '../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { renderBaseMinimal } from './dect/minimal.js';
import { writeDeskDocument } from './format.js';
import { type DeskModel, modelOf } from './models.js';
import { commonSettings, identitySettings } from './settings.js';

/** Short, for a NOTIFY must find the way back through the phone's NAT. */
const EXPIRES_SECONDS = 300;

export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  return model.kind === 'dect' ? renderBaseMinimal(view, model) : renderDeskMinimal(view, model);
}

/**
 * One identity that reaches the authentication service and emergency numbers, and nothing else that the model has. These phones have no
 * warm line (an immediate hotline would keep emergency numbers from being dialled): the first key dials the service.
 */
function renderDeskMinimal(view: MinimalView, model: DeskModel): RenderedDocument {
  const { account } = view;
  return writeDeskDocument(model, {
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
        codecs: ['pcma', 'pcmu'],
        srtp: 'off',
        mailbox: null,
      }),
    ),
    raw: view.rawNames.map((name) => [name, '']),
    functionKeys: [
      { context: 1, label: `Authenticate ${view.serviceNumber}`, value: `speed ${view.serviceNumber}` },
    ],
    language: null,
    authorityUrl: null,
    emptyPhoneBook: true,
  });
}
