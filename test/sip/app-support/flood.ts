/**
 * A flood from a thread of its own, so that it is one whatever the test does meanwhile. Bounded in
 * rate and in time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

export interface FloodOptions {
  /** SIP by default; or RTP, with keys and audio, to the port of a call. */
  kind?: 'sip' | 'rtp';
  target: { host: string; port: number };
  /** A loopback address. */
  from: string;
  sockets: number;
  perSecond: number;
  /** It ends by itself then. */
  milliseconds: number;
  realm: string;
}

export interface Flood {
  /** Ends it; how many messages it was. */
  stop(): Promise<number>;
}

export function startFlood(options: FloodOptions): Flood {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  const sent = once(worker, 'message') as Promise<[number]>;
  return {
    stop: async () => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window, it has no origin
      worker.postMessage('stop');
      const [count] = await sent;
      await worker.terminate();
      return count;
    },
  };
}

const TICK_MS = 10;

async function flood(options: FloodOptions): Promise<number> {
  const { kind = 'sip', target, from, sockets, perSecond, milliseconds, realm } = options;
  const stop = new AbortController();
  parentPort?.once('message', () => stop.abort());
  /** The server's challenges are answered, as an attacker would who wants to be looked up. */
  let nonce = '';
  const open = await Promise.all(
    Array.from({ length: sockets }, async () => {
      const socket = createSocket('udp4').bind(0, from);
      await once(socket, 'listening');
      socket.on('message', (packet) => {
        nonce = /nonce="([^"]+)"/.exec(packet.toString('latin1'))?.[1] ?? nonce;
      });
      socket.on('error', () => undefined); // what the system cannot take of a flood is not sent
      return socket;
    }),
  );
  const started = performance.now();
  let sent = 0;
  while (!stop.signal.aborted && performance.now() - started < milliseconds) {
    const due = ((performance.now() - started) / 1000) * perSecond;
    for (; sent < due; sent++) {
      const socket = open[sent % sockets];
      if (socket === undefined) continue;
      if (kind === 'rtp') socket.send(rtp(sent), target.port, target.host);
      else send(socket, sent, { target, from, realm, nonce });
    }
    await sleep(TICK_MS);
  }
  for (const socket of open) socket.close();
  return sent;
}

interface Shot extends Pick<FloodOptions, 'target' | 'from' | 'realm'> {
  nonce: string;
}

function send(socket: Socket, number: number, { target, from, realm, nonce }: Shot): void {
  const { port } = socket.address();
  const user = number % 2 === 0 ? String(100 + (number % 900)) : randomUUID().slice(0, 12);
  const method = ['REGISTER', 'INVITE', 'REGISTER', 'OPTIONS', 'REGISTER', 'SUBSCRIBE'][number % 6] ?? '';
  const uri = method === 'INVITE' ? `sip:00972${number}@${realm}` : `sip:${realm}`;
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${from}:${port};rport;branch=z9hG4bK${randomUUID()}`,
    `From: <sip:${user}@${realm}>;tag=${number}`,
    `To: <sip:${user}@${realm}>`,
    `Call-ID: ${randomUUID()}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${user}@${from}:${port}>`,
    `User-Agent: ${number % 5 === 0 ? 'friendly-scanner' : 'phone'}`,
    'Max-Forwards: 70',
  ];
  if (number % 3 > 0 && nonce !== '') lines.push(`Authorization: ${guess(user, realm, nonce, uri)}`);
  if (number % 50 === 0) for (let n = 0; n < 200; n++) lines.push(`X-${n}: ${'x'.repeat(70)}`);
  if (number % 50 === 1) lines.push(`X: ${'x'.repeat(40_000)}`);
  socket.send(`${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, target.port, target.host);
}

/** In turn audio and a key, in one stream without a gap: what a latch could take for the peer. */
function rtp(number: number): Buffer {
  const isKey = number % 2 === 0;
  const packet = Buffer.alloc(isKey ? 16 : 172, 0x2a);
  packet[0] = 0x80;
  packet[1] = isKey ? 101 : 0;
  packet.writeUInt16BE(number & 0xffff, 2);
  packet.writeUInt32BE(number * 160, 4);
  packet.writeUInt32BE(4711, 8);
  if (isKey) packet.set([9, 0x8a, 3, 0x20], 12);
  return packet;
}

/** Well-formed credentials with a password that is none. */
function guess(user: string, realm: string, nonce: string, uri: string): string {
  const response = createHash('md5').update(user).digest('hex');
  return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="x"`;
}

if (!isMainThread && parentPort !== null && 'perSecond' in (workerData as object)) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window, it has no origin
  parentPort.postMessage(await flood(workerData as FloodOptions));
}
