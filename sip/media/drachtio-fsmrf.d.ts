/**
 * What this application uses of drachtio-fsmrf 4.1.2, which brings no types of its own. Read from
 * its code. Its `Mrf.connect` is not used: it would open a port to every host, and make a
 * connection that cannot be ended (event-socket-client.ts); the class behind it is.
 */
declare module 'drachtio-fsmrf/lib/mediaserver.js' {
  import type Mrf from 'drachtio-fsmrf';

  const MediaServer: new (
    connection: Mrf.Connection,
    mrf: { srf: Mrf.CallMaker; customEvents: readonly string[] },
    /** Where it listens for FreeSWITCH, and what FreeSWITCH is told of it. */
    listenAddress: string,
    listenPort: number,
    advertisedAddress: string,
    advertisedPort: number,
    profile: string,
  ) => Mrf.MediaServer;
  export = MediaServer;
}

declare module 'drachtio-fsmrf' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:net';
  import type { Dialog } from '../sip-messages.js';

  namespace Mrf {
    /** What fsmrf needs of its `srf` as long as connectCaller is not used. */
    interface CallMaker {
      createUAC(uri: string, options: CallOptions): Promise<Dialog>;
    }

    interface CallOptions {
      headers: Record<string, string>;
      localSdp: string;
    }

    interface DtmfEvent {
      dtmf: string;
      /** In samples. */
      duration: string;
      /** `RTP`, `ENDPOINT` (SIP INFO), `INBAND_AUDIO` or `APP`. */
      source: string;
    }

    interface Endpoint {
      readonly uuid: string;
      readonly connected: boolean;
      readonly dialog: Dialog;
      readonly local: { readonly sdp: string };
      on(event: 'dtmf', listener: (event: DtmfEvent) => void): this;
      on(event: 'destroy', listener: (event?: { reason?: string }) => void): this;
      play(file: string): Promise<unknown>;
      api(command: string, args: string): Promise<unknown>;
      execute(application: string, argument: string): Promise<unknown>;
      destroy(): Promise<void>;
    }

    /** The event socket connection, as far as MediaServer uses it. */
    interface Connection {
      readonly socket: { readonly remoteAddress: string | undefined };
      subscribe(events: readonly string[]): void;
      on(event: string, listener: (...args: never[]) => void): void;
      api(command: string, callback: (answer: { getBody(): string }) => void): void;
      connected(): boolean;
      disconnect(): void;
      removeAllListeners(): void;
    }

    interface MediaServer {
      once(event: 'ready', listener: () => void): this;
      createEndpoint(options: { remoteSdp: string; family: 'ipv4' | 'ipv6' }): Promise<Endpoint>;
      disconnect(): void;
      /** Its own: what takes the connections of FreeSWITCH, and the port behind it. */
      readonly _server: {
        readonly server: Server;
        _onConnection(socket: EventEmitter): void;
      };
    }
  }

  const Mrf: unknown;
  export = Mrf;
}
