import type { Caller } from './caller.js';
import type { MediaPool } from './media/media-pool.js';
import type { SipRequest, SipResponse } from './sip-messages.js';
import type { SipServer } from './sip-server.js';

/** An INVITE that is being answered, and whether its caller is still there. */
export interface Invitation {
  request: SipRequest;
  response: SipResponse;
  caller: Caller;
  /** Aborted by the caller's CANCEL. */
  cancelled: AbortSignal;
  server: SipServer;
  media: MediaPool;
}
