/**
 * Dialogs that applications hold, under the ids they know them by.
 */
import { dialogId, type Dialog } from '../../telephony/sip/dialog.js';
import type { Destination, Flow } from '../../telephony/sip/flow.js';
import type { SipRequest } from '../../telephony/sip/message.js';
import type { ControlSession } from './control-session.js';

/**
 * An ACK to a 2xx as it was sent, to be sent again whenever the 2xx comes again (RFC 3261
 * 13.2.2.4).
 */
export interface SentAck {
  /** CSeq number of the INVITE. */
  readonly sequence: number;
  readonly bytes: Buffer;
  readonly destination: Destination;
}

export interface DialogRecord {
  /** `<call id>;from-tag=<tag of the side that began it>`. */
  readonly id: string;
  readonly method: 'INVITE' | 'SUBSCRIBE';
  readonly dialog: Dialog;
  /** The application connection it belongs to. */
  readonly session: ControlSession;
  /**
   * Requests go over this flow, not to the peer's Contact: its TCP connection, or the address its
   * UDP packets really come from.
   */
  pinned: Flow | undefined;
  /**
   * The flow of the INVITE that founded the dialog, until its ACK has come: its sender may be
   * forged, and then its Contact and Record-Route would lead requests of ours to anybody.
   */
  invitedOver: Flow | undefined;
  /** Called when it is no longer held. */
  release: (() => void) | undefined;
  /** An INVITE of ours that got a 2xx and waits for the application's ACK. */
  unacknowledged: SipRequest | undefined;
  lastAck: SentAck | undefined;
  /**
   * The application cancelled, but the answer was quicker: end the call as soon as it is
   * acknowledged.
   */
  endAfterAck: boolean;
}

/** Dialogs at a time; when they are reached, new calls are refused. */
const MAX_DIALOGS = 20_000;

export class DialogTable {
  readonly #byId = new Map<string, DialogRecord>();
  readonly #byDialog = new Map<string, DialogRecord>();

  get full(): boolean {
    return this.#byId.size >= MAX_DIALOGS;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(init: Pick<DialogRecord, 'id' | 'method' | 'dialog' | 'session' | 'pinned'>): DialogRecord {
    const record: DialogRecord = {
      ...init,
      invitedOver: undefined,
      release: undefined,
      unacknowledged: undefined,
      lastAck: undefined,
      endAfterAck: false,
    };
    this.#byId.set(record.id, record);
    this.#byDialog.set(dialogId(record.dialog), record);
    return record;
  }

  /** By the application's id. */
  get(id: string): DialogRecord | undefined {
    return this.#byId.get(id);
  }

  /** By Call-ID and both tags, see `dialogIdOfRequest`. */
  ofDialog(id: string | undefined): DialogRecord | undefined {
    return id === undefined ? undefined : this.#byDialog.get(id);
  }

  remove(record: DialogRecord): void {
    if (this.#byId.get(record.id) === record) this.#byId.delete(record.id);
    record.release?.();
    this.#byDialog.delete(dialogId(record.dialog));
  }

  /**
   * Forgets the dialogs of an application that is gone: requests in them get 481, as on the real
   * server.
   */
  removeOwnedBy(session: ControlSession): void {
    for (const record of this.#byId.values()) if (record.session === session) this.remove(record);
  }
}
