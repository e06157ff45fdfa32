/** The part of sdp-transform that this folder uses; the package brings no types of its own. */
declare module 'sdp-transform' {
  export interface Connection {
    version: number;
    ip: string;
  }
  export interface Rtpmap {
    payload: number;
    codec: string;
    rate?: number;
    encoding?: number;
  }
  export interface Media {
    type: string;
    port: number;
    protocol: string;
    payloads?: string | number;
    connection?: Connection;
    direction?: string;
    ptime?: number;
    maxptime?: number;
    rtp: Rtpmap[];
    fmtp: { payload: number; config: string }[];
  }
  export interface SessionDescription {
    version?: number;
    origin?: {
      username: string;
      sessionId: number | string;
      sessionVersion: number;
      netType: string;
      ipVer: number;
      address: string;
    };
    name?: string;
    timing?: { start: number; stop: number };
    connection?: Connection;
    direction?: string;
    media: Media[];
  }
  export function parse(sdp: string): SessionDescription;
  export function write(session: SessionDescription): string;
}
