/** Load on an HTTP server: keep-alive connections, one request after the other on each. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Load {
  requests: number;
  perSecond: number;
  /** Milliseconds from the request to the end of the answer. */
  p50: number;
  p99: number;
}

/** The form without a MAC: one that is not the file's own would be a contradiction. */
export const USER_AGENT = 'Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0';
const HEADERS_END = Buffer.from('\r\n\r\n');

/**
 * Asks for the paths in turn for a while.
 *
 * @throws when a connection is closed, for then the figures would be of something else
 */
export async function measure(
  target: { port: number; paths: readonly string[] },
  connections: number,
  seconds: number,
): Promise<Load> {
  const requests = target.paths.map(
    (path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ${USER_AGENT}\r\n\r\n`,
  );
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, (_, at) =>
      ask(target.port, { requests, next: at, step: connections, until, times }),
    ),
  );
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (q: number): number => times[Math.floor(times.length * q)] ?? 0;
  return {
    requests: times.length,
    perSecond: times.length / elapsed,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

interface Turn {
  requests: readonly string[];
  next: number;
  step: number;
  until: number;
  times: number[];
}

async function ask(port: number, turn: Turn): Promise<void> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  for (let next = turn.next; performance.now() < turn.until; next += turn.step) {
    const sent = performance.now();
    socket.write(turn.requests[next % turn.requests.length] ?? '');
    await wholeAnswer(socket);
    turn.times.push(performance.now() - sent);
  }
  socket.destroy();
}

/** Waits for the end of one answer with a Content-Length. */
function wholeAnswer(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let needed = Infinity;
    const onData = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (needed === Infinity) needed = lengthOf(received);
      if (received.length >= needed) settle(resolve);
    };
    const onClose = (): void => {
      settle(() => {
        reject(new Error('the server closed a connection'));
      });
    };
    const settle = (then: () => void): void => {
      socket.off('data', onData).off('close', onClose);
      then();
    };
    socket.on('data', onData).on('close', onClose);
  });
}

/** Bytes of the whole answer; infinite until its headers are there. */
function lengthOf(received: Buffer): number {
  const end = received.indexOf(HEADERS_END);
  if (end < 0) return Infinity;
  const length = /content-length: (\d+)/i.exec(received.toString('latin1', 0, end))?.[1];
  return end + HEADERS_END.length + Number(length ?? 0);
}
