import type { Dialog, ReceivedResponse, SentRequest } from './sip-messages.js';

/** A call to a URI. */
export interface Leg {
  uri: string;
  headers: Record<string, string>;
  /** Without it the other side is asked for an offer, and `acknowledge` gives it the answer. */
  localSdp?: string;
  /** Whether to go where a 3xx leads, four times at most; else that is a failure like any other. */
  followRedirects?: boolean;
}

/** The other side has answered a leg without an offer of ours: here is its own. */
export interface OfferedLeg {
  kind: 'offer';
  sdp: string;
  ack(answer: string): Promise<Dialog>;
  destroy(): Promise<void>;
}

/**
 * It should have made one (RFC 3261 13.2.1), and did not: drachtio-srf has acknowledged
 * the call, and it must be ended.
 */
export interface LegWithoutOffer {
  kind: 'no-offer';
  dialog: Dialog;
}

export interface LegProgress {
  onSent(request: SentRequest): void;
  onProvisional(response: ReceivedResponse): void;
}

/** In the words of drachtio-srf. */
export function progressOf(progress: LegProgress | undefined): object {
  return {
    cbRequest: (_error: unknown, request?: SentRequest) => {
      if (request !== undefined) progress?.onSent(request);
    },
    cbProvisional: (response: ReceivedResponse) => progress?.onProvisional(response),
  };
}
