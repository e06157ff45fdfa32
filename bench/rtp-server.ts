/**
 * The baseline of `calls.ts`: sends and receives as many RTP streams as calls would, and does
 * nothing else.
 */
import type { Socket } from 'node:dgram';
import { Pacer } from '../telephony/media/pacer.js';
import { bindRtpSocket } from '../telephony/media/rtp-port-pool.js';
import { RtpSession } from '../telephony/media/rtp-session.js';
import { serveOrder } from './child.js';
import { FORMAT } from './heard-stream.js';

/** The ports of the load. */
export interface RtpOrder {
  ports: number[];
}

export interface RtpReady {
  /** The ports here, one for each. */
  ports: number[];
}

serveOrder<RtpOrder, RtpReady>(async ({ ports }) => {
  const pacer = new Pacer();
  const sockets: Socket[] = [];
  const sessions: RtpSession[] = [];
  for (const port of ports) {
    const socket = await bindRtpSocket('127.0.0.1');
    const session = new RtpSession({ socket, format: FORMAT, peer: { address: '127.0.0.1', port } });
    pacer.add(() => session.sendSilence());
    sockets.push(socket);
    sessions.push(session);
  }
  return {
    ready: { ports: sockets.map((socket) => socket.address().port) },
    stop: async () => {
      for (const session of sessions) session.close();
    },
  };
});
