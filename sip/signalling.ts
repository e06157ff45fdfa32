import type { Socket } from 'node:net';
import type { ControlInput } from './control-input.js';
import type { Dialog, SentRequest, SipRequest, SipResponse } from './sip-messages.js';

/** What of Srf is used; its own types do not say what it does. */
export interface Signalling {
  use(method: string, handler: (request: SipRequest, response: SipResponse) => void): void;
  connect(options: object): unknown;
  disconnect(socket?: Socket): void;
  on(
    event: 'connect' | 'error',
    listener: (error: Error | null, at?: string, version?: string) => void,
  ): void;
  on(event: 'close', listener: () => void): void;
  createUAS(
    request: SipRequest,
    response: SipResponse,
    options: object,
    callback: (error: unknown, dialog?: Dialog) => void,
  ): void;
  createUAC(options: object, progress?: object): Promise<unknown>;
  request(uri: string, options: object, callback: (error: unknown, request?: SentRequest) => void): void;
  /**
   * Its own: the connection itself, from connect() on, and the dialogs, which it forgets only when
   * they end.
   */
  readonly app: {
    readonly client: { readonly wp: ControlProtocol; readonly mapServer: Map<Socket, ServerTables> };
    /** What a request passes, in order; the first is drachtio-srf's for requests within dialogs. */
    readonly stack: Layer[];
  };
  readonly _dialogs: Map<string, unknown>;
}

interface Layer {
  readonly method: '*';
  readonly handle: (request: SipRequest, response: SipResponse, next: () => void) => void;
}

/** What it keeps for a connection: tables of what it waits for. */
interface ServerTables {
  /** By Call-ID. */
  readonly pendingNetworkInvites: Map<string, { readonly req: SipRequest }>;
}

interface ControlProtocol extends ControlInput {
  send(socket: Socket, message: 'ping'): void;
}
