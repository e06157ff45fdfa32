/**
 * From a URI, or a request in a dialog, to where it is sent.
 */
import { dialogNextHop } from '../../telephony/sip/dialog.js';
import type { Destination } from '../../telephony/sip/flow.js';
import { literalTarget, protocolOf, resolveTargets } from '../../telephony/sip/resolve.js';
import { parseUri } from '../../telephony/sip/uri.js';
import type { ServerContext } from './context.js';
import type { DialogRecord } from './dialogs.js';

/**
 * Calls back with the places a URI leads to, best first: at once for an address, after DNS for a
 * name, with none when the name is unknown. What the callback throws is a fault of the server's and
 * ends there.
 */
export function locate(
  context: Pick<ServerContext, 'onFault'>,
  uri: string,
  done: (places: readonly Destination[]) => void,
): void {
  const literal = literalTarget(uri);
  if (literal !== undefined) return done([literal]);
  void lookUp(context, uri, done);
}

async function lookUp(
  context: Pick<ServerContext, 'onFault'>,
  uri: string,
  done: (places: readonly Destination[]) => void,
): Promise<void> {
  try {
    done(await resolveTargets(uri));
  } catch (error) {
    context.onFault(error);
  }
}

/**
 * Where a request in a dialog goes: over the flow the dialog is pinned to, else by its route set or
 * the peer's Contact.
 */
export function locatePeer(
  context: Pick<ServerContext, 'onFault' | 'layer'>,
  record: DialogRecord,
  done: (places: readonly Destination[]) => void,
): void {
  const { invitedOver } = record;
  if (invitedOver !== undefined && !context.layer.isProven(invitedOver)) return done([invitedOver]);
  if (record.pinned !== undefined) return done([record.pinned]);
  locate(context, dialogNextHop(record.dialog), done);
}

/** Whether this server speaks what the URI asks for: SIP over UDP, TCP and TLS; no WebSocket. */
export function isReachableScheme(uri: string): boolean {
  const parsed = parseUri(uri);
  return parsed !== undefined && protocolOf(parsed) !== undefined;
}
