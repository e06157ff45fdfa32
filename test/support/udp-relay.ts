/**
 * What stands between phones and a SIP server and looks to it like a NAT: each phone gets a port of
 * the relay's. It may lose packets.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HOST = '127.0.0.1';

export interface RelayOptions {
  /** The port that phones send to. */
  readonly port?: number;
  /** Whether a packet is lost. By default none is. */
  readonly loses?: (packet: string, to: 'server' | 'phone') => boolean;
}

/**
 * Starts a relay to a port of 127.0.0.1; it ends with the test. @returns the port that phones send
 * to
 */
export async function startUdpRelay(
  t: { after(end: () => unknown): void },
  serverPort: number,
  { port = 0, loses = () => false }: RelayOptions = {},
): Promise<number> {
  const inside = createSocket('udp4');
  const outside = new Map<string, Socket>();
  t.after(() => {
    for (const socket of [inside, ...outside.values()]) socket.close();
  });
  inside.on('message', (packet, phone) => {
    const key = `${phone.address}:${phone.port}`;
    let socket = outside.get(key);
    if (socket === undefined) {
      socket = createSocket('udp4');
      socket.on('message', (answer) => {
        if (!loses(answer.toString('latin1'), 'phone')) inside.send(answer, phone.port, phone.address);
      });
      outside.set(key, socket);
    }
    if (!loses(packet.toString('latin1'), 'server')) socket.send(packet, serverPort, HOST);
  });
  inside.bind(port, HOST);
  await once(inside, 'listening');
  return inside.address().port;
}
