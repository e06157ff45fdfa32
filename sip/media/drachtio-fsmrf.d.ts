/** What this application uses of drachtio-fsmrf 4.1.2, which brings no types of its own. Read from its code. */
declare module 'drachtio-fsmrf' {
  namespace Mrf {
    /** What fsmrf needs of its `srf` as long as connectCaller is not used. */
    interface CallMaker<Dialog> {
      createUAC(uri: string, options: object): Promise<Dialog>;
    }

    interface ConnectOptions {
      address: string;
      port: number;
      secret: string;
      /** Where FreeSWITCH is to find us. By default fsmrf takes the first address that is not loopback. */
      listenAddress: string;
    }

    interface DtmfEvent {
      dtmf: string;
      /** In samples. */
      duration: string;
      /** `RTP`, `ENDPOINT` (SIP INFO), `INBAND_AUDIO` or `APP`. */
      source: string;
    }

    interface Endpoint<Dialog> {
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

    /** The event socket connection; it reconnects by itself, for ever, unless `disconnect()` is called on the media server. */
    interface Connection {
      prependListener(event: 'error' | 'esl::end', listener: () => void): this;
    }

    interface MediaServer<Dialog> {
      readonly conn: Connection;
      createEndpoint(options: { remoteSdp: string }): Promise<Endpoint<Dialog>>;
      api(command: string): Promise<string>;
      disconnect(): void;
    }
  }

  class Mrf<Dialog> {
    constructor(srf: Mrf.CallMaker<Dialog>);
    /** The callback may be called more than once: for each failed connection, and for a connection after a failure. */
    connect(
      options: Mrf.ConnectOptions,
      callback: (error: unknown, mediaServer?: Mrf.MediaServer<Dialog>) => void,
    ): void;
  }

  export = Mrf;
}
