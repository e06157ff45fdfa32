/**
 * BYE on the server's own account, when a call cannot go on and its application does not know.
 */
import { buildRequest, type Dialog } from '../../telephony/sip/dialog.js';
import type { Destination } from '../../telephony/sip/flow.js';
import type { ServerContext } from './context.js';
import type { DialogRecord } from './dialogs.js';
import { sentRequest, sipFrame } from './frames.js';
import { locatePeer } from './locate.js';

/**
 * Ends a call and tells its application by an `unsolicited` BYE, which `drachtio-srf` turns into
 * the `destroy` event of the dialog.
 * @param cause the text of the Reason header
 */
export function endCall(context: ServerContext, record: DialogRecord, cause: string): void {
  context.dialogs.remove(record);
  const bye = buildRequest(record.dialog, {
    method: 'BYE',
    headers: { Reason: `SIP ;cause=200 ;text="${cause}"` },
  });
  locatePeer(context, record, ([destination]) => {
    if (destination === undefined) return;
    const sent = context.layer.request(bye, destination, { onResponse: () => undefined });
    const traced = sentRequest(sent.bytes, destination, context.endpoint, context.clock.now());
    record.session.send(sipFrame(traced, 'unsolicited', record.id));
    context.details.stop(traced, 'system-initiated-termination');
  });
}

/**
 * Ends a call no application knows of: a second answer to a forked INVITE, or one that came after
 * its application had gone.
 */
export function endStrayCall(context: ServerContext, dialog: Dialog, destination: Destination): void {
  const bye = buildRequest(dialog, { method: 'BYE' });
  context.layer.request(bye, destination, { onResponse: () => undefined });
}
