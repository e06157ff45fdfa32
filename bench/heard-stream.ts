/** How evenly the packets of one RTP stream come. */
import type { Socket } from 'node:dgram';
import type { AudioFormat } from '../telephony/media/format.js';
import { parseRtp } from '../telephony/media/rtp.js';

export const FORMAT: AudioFormat = { codec: 'PCMA', payloadType: 8, telephoneEvent: 101 };
const FRAME_SAMPLES = 160;
const FRAME_MS = 20;

/** What all streams of a measurement have shown. */
export class Evenness {
  /**
   * Milliseconds by which the time between two packets that belong 20 ms apart differed from that.
   */
  readonly offBy: number[] = [];
  packets = 0;
  /** Packets that were sent and have not come. */
  lost = 0;
  /** Nothing counts before it is set, nor after it is taken away. */
  counts = false;
}

/** Listens to a socket for as long as it is open. */
export function hearStream(socket: Socket, evenness: Evenness): void {
  let last: { sequence: number; timestamp: number; at: number } | null = null;
  socket.on('message', (datagram) => {
    const at = performance.now();
    const packet = parseRtp(datagram);
    if (packet === undefined || packet.payloadType !== FORMAT.payloadType) return;
    const { sequence, timestamp } = packet;
    const before = last;
    last = { sequence, timestamp, at };
    if (!evenness.counts) return;
    evenness.packets++;
    if (before === null) return;
    const missing = ((sequence - before.sequence) & 0xffff) - 1;
    if (missing > 0 && missing < 1000) evenness.lost += missing;
    const isNext = missing === 0 && (timestamp - before.timestamp) >>> 0 === FRAME_SAMPLES;
    if (isNext) evenness.offBy.push(Math.abs(at - before.at - FRAME_MS));
  });
}
