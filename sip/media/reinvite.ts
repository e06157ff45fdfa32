import { failureStatus, type Dialog, type OfferedChange } from '../sip-messages.js';

/**
 * Sends a re-INVITE with this offer; answers the other side's answer. Rejects with the failure
 * status (see failureStatus).
 */
export async function reinvite(dialog: Dialog, offer: string): Promise<string> {
  return (await admittingTheNext(dialog, dialog.modify(offer))) ?? '';
}

/**
 * Sends a re-INVITE without an offer; answers that of the other side, which waits for the answer.
 * Rejects like reinvite().
 */
export function reinviteForOffer(dialog: Dialog): Promise<OfferedChange> {
  return admittingTheNext(dialog, dialog.modify('', { noAck: true }));
}

/**
 * drachtio-srf lets one re-INVITE at a time through, and does not notice the end of one that is
 * refused: all those that follow would wait for ever.
 */
async function admittingTheNext<T>(dialog: Dialog, changing: Promise<T>): Promise<T> {
  try {
    return await changing;
  } catch (error) {
    // oxlint-disable-next-line no-underscore-dangle -- drachtio-srf's own
    const waiting = dialog._reinvitesInProgress;
    if (failureStatus(error) !== null && waiting.count > 0) {
      waiting.count -= 1;
      const admit = waiting.admitOne.shift();
      if (admit !== undefined) setImmediate(admit);
    }
    throw error;
  }
}
