import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How long what a refused client still writes is read and thrown away, and how much of it: enough
 * for it to come to reading the answer.
 */
const DRAIN_MS = 2_000;
const DRAIN_BYTES = 4 * 1024 * 1024;
const CHECK_MS = 50;

const drained = new WeakSet<Socket>();

/**
 * Reads what a client goes on writing although it has its answer, so that no reset overtakes that,
 * and throws it away; until it is done with it, or the time or the bytes are used up.
 *
 * @param request of which the body is to come; null where nothing of the connection can be
 *   understood any more
 */
export function drain(socket: Socket, request: IncomingMessage | null): void {
  if (drained.has(socket)) return;
  drained.add(socket);
  const begun = socket.bytesRead;
  const stop = (): void => {
    clearInterval(check);
    clearTimeout(limit);
    socket.off('close', stop);
    drained.delete(socket);
  };
  const cut = (): void => void socket.destroy();
  const check = setInterval(() => {
    if (socket.bytesRead - begun > DRAIN_BYTES) cut();
  }, CHECK_MS);
  const limit = setTimeout(cut, DRAIN_MS);
  socket.once('close', stop);
  if (request === null) {
    socket.once('end', cut);
    socket.resume();
    return;
  }
  // Come to its end it may be followed by another one, unless this was the last.
  request.once('end', () => {
    if (socket.writable) stop();
    else cut();
  });
  request.resume();
}
