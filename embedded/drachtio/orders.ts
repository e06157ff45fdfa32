/**
 * What an authenticated application asks for, sorted by kind of work.
 */
import { parseSketch } from './application-sip.js';
import type { ServerContext } from './context.js';
import type { ApplicationOrder, ControlSession } from './control-session.js';
import { sendCancel, sendInDialog } from './in-dialog.js';
import { sendOutsideDialog } from './outbound.js';
import { sendResponse } from './responses.js';

/** Carries out one order. Every order is answered, even one that cannot be understood. */
export function takeOrder(context: ServerContext, session: ControlSession, order: ApplicationOrder): void {
  switch (order.kind) {
    case 'route':
      context.routes.add(order.verb, session);
      return session.answer(order.id, 'OK');
    case 'remove-route':
      context.routes.removeOwner(session);
      return session.answer(order.id, 'OK');
    case 'sip':
      return takeSip(context, session, order);
  }
}

function takeSip(
  context: ServerContext,
  session: ControlSession,
  { id, transactionId, dialogId, nextHop, sip }: Extract<ApplicationOrder, { kind: 'sip' }>,
): void {
  const sketch = parseSketch(sip);
  if (sketch === undefined) return session.answer(id, 'NOK', 'invalid start line');
  if (sketch.kind === 'response') {
    if (transactionId === '') return session.answer(id, 'NOK', 'transaction id missing');
    return sendResponse(context, session, id, transactionId, sketch);
  }
  if (dialogId !== '') return sendInDialog(context, session, id, dialogId, sketch);
  if (transactionId === '') return sendOutsideDialog(context, session, id, sketch, nextHop);
  if (sketch.method === 'CANCEL') return sendCancel(context, session, id, transactionId, sketch);
  // The real server says nothing to this and dies of it in debug builds.
  return session.answer(id, 'NOK', `a ${sketch.method} does not belong to a transaction`);
}
