/**
 * Phones for tests of the SIP engine, made of our own transaction layer.
 */
import { AcceptedInvites } from '../../telephony/sip/accepted-invites.js';
import {
  buildAck,
  buildRequest,
  createUacDialog,
  createUasDialog,
  type Dialog,
  type InDialogRequestInit,
} from '../../telephony/sip/dialog.js';
import type { SipProtocol, Target } from '../../telephony/sip/flow.js';
import { newCallId, newTag } from '../../telephony/sip/identifiers.js';
import {
  createRequest,
  createResponse,
  type SipRequest,
  type SipResponse,
} from '../../telephony/sip/message.js';
import type { ClientTransaction, ServerTransaction } from '../../telephony/sip/transaction.js';
import { TransactionLayer } from '../../telephony/sip/transactions.js';
import { SipTransport, type SipTransportOptions } from '../../telephony/sip/transport.js';
import { until } from '../support/wait-for.js';
import { SHORT_TIMERS, type Server, type Stack } from './drachtio-harness.js';

/** One attempt of a phone's: the responses so far, and the final one. */
export interface Attempt {
  readonly transaction: ClientTransaction;
  readonly provisional: SipResponse[];
  readonly final: Promise<SipResponse>;
  /** Final responses that came, repeats of a 2xx included. */
  readonly finals: SipResponse[];
}

export interface PhoneRequest {
  readonly method: string;
  readonly uri?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** A phone that does nothing by itself, except to answer with 100 and to repeat what is lost. */
export class Phone {
  readonly layer: TransactionLayer;
  readonly accepted = new AcceptedInvites(SHORT_TIMERS);
  /** Requests that have come and were not taken yet. */
  readonly arrived: ServerTransaction[] = [];
  readonly acks: SipRequest[] = [];
  readonly cancelled: ServerTransaction[] = [];
  /** What it does when a call to it is cancelled. */
  onCancel = (invite: ServerTransaction): void => void this.respond(invite, 487);
  readonly #protocol: SipProtocol;
  readonly #server: Target;

  private constructor(transport: SipTransport, protocol: SipProtocol, server: Target) {
    this.#protocol = protocol;
    this.#server = { ...server, protocol };
    this.layer = new TransactionLayer({
      transport,
      timers: SHORT_TIMERS,
      handlers: {
        onRequest: (transaction) => this.arrived.push(transaction),
        onCancel: (invite) => {
          this.cancelled.push(invite);
          this.onCancel(invite);
        },
        onAck: (ack, flow) => {
          this.accepted.acknowledge(ack, flow);
          this.acks.push(ack);
        },
      },
    });
  }

  static async open(
    stack: Stack,
    server: Pick<Server, 'target'>,
    protocol: SipProtocol = 'udp',
    options: Partial<SipTransportOptions> = {},
  ): Promise<Phone> {
    const transport = await SipTransport.bind({ host: '127.0.0.1', port: 0, ...options });
    const phone = new Phone(transport, protocol, server.target);
    stack.push(async () => {
      phone.accepted.close();
      phone.layer.close();
      await transport.close();
    });
    return phone;
  }

  get port(): number {
    return this.layer.transport.port;
  }

  /** Its address as others write to it. */
  get uri(): string {
    return `sip:phone@127.0.0.1:${this.port}${this.#protocol === 'udp' ? '' : `;transport=${this.#protocol}`}`;
  }

  /** Sends a request outside of dialogs to the server. */
  send({
    method,
    uri = `sip:service@127.0.0.1:${this.#server.port}`,
    headers,
    body = '',
  }: PhoneRequest): Attempt {
    const request = createRequest({
      method,
      uri,
      headers: {
        From: `<sip:phone@127.0.0.1>;tag=${newTag()}`,
        To: `<${uri}>`,
        'Call-ID': newCallId(),
        CSeq: `1 ${method}`,
        Contact: `<${this.uri}>`,
        'Content-Type': body === '' ? undefined : 'application/sdp',
        ...headers,
      },
      body,
    });
    return this.transmit(request);
  }

  transmit(request: SipRequest, target: Target = this.#server): Attempt {
    const provisional: SipResponse[] = [];
    const finals: SipResponse[] = [];
    let transaction: ClientTransaction | undefined;
    const final = new Promise<SipResponse>((resolve) => {
      transaction = this.layer.request(request, target, {
        onResponse: (response) => {
          if (response.status < 200) provisional.push(response);
          else finals.push(response);
          if (response.status >= 200) resolve(response);
        },
      });
    });
    return { transaction: transaction!, provisional, final, finals };
  }

  /** Acknowledges the answer to its INVITE; the dialog it is in then. */
  acknowledge({ transaction }: Attempt, answer: SipResponse, body?: string): Dialog {
    const dialog = createUacDialog(transaction.request, answer)!;
    const init = body === undefined ? {} : { headers: { 'Content-Type': 'application/sdp' }, body };
    this.layer.sendAck(buildAck(dialog, transaction.request, init), this.#server);
    return dialog;
  }

  /** Sends a request in a dialog. */
  inDialog(dialog: Dialog, init: InDialogRequestInit): Attempt {
    return this.transmit(buildRequest(dialog, init));
  }

  /** The next request with this method, when it has come. */
  async next(method: string): Promise<ServerTransaction> {
    return until(
      () => {
        const at = this.arrived.findIndex(({ request }) => request.method === method);
        return at === -1 ? undefined : this.arrived.splice(at, 1)[0];
      },
      { what: `a ${method} at the phone`, every: 5 },
    );
  }

  /** The next ACK to a 2xx. */
  async nextAck(): Promise<SipRequest> {
    return until(() => this.acks.shift(), { what: 'an ACK at the phone', every: 5 });
  }

  /** Answers a request. */
  respond(
    transaction: ServerTransaction,
    status: number,
    init: { toTag?: string; body?: string; headers?: Record<string, string> } = {},
  ): SipResponse {
    const { toTag = newTag(), body, headers = {} } = init;
    const founding = transaction.request.method === 'INVITE' || transaction.request.method === 'SUBSCRIBE';
    const response = createResponse(transaction.request, status, {
      toTag,
      headers: {
        ...(founding && status < 300 ? { Contact: `<${this.uri}>` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/sdp' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    transaction.respond(response);
    return response;
  }

  /** Takes a call: 200, repeated until its ACK comes. */
  answer(transaction: ServerTransaction, body: string, toTag = newTag()): Dialog {
    const response = createResponse(transaction.request, 200, {
      toTag,
      headers: { Contact: `<${this.uri}>`, 'Content-Type': 'application/sdp' },
      body,
    });
    void this.accepted.accept(transaction, response);
    return createUasDialog(transaction.request, response)!;
  }
}
