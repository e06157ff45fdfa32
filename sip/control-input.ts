import type { Socket } from 'node:net';
import type { Logger } from 'pino';

/** drachtio-server sends no message above 64 kB, so that more which makes up none is no message. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** What of drachtio-srf's connection to a drachtio-server is used here; its own. */
export interface ControlInput {
  on(event: 'connect', listener: (socket: Socket) => void): void;
  on(event: 'msg', listener: MessageListener): void;
  off(event: 'msg', listener: MessageListener): void;
  listeners(event: 'msg'): MessageListener[];
  readonly mapIncomingMsg: ReadonlyMap<Socket, { readonly incomingMsg: Buffer }>;
}

type MessageListener = (socket: Socket, message: string) => void;

/**
 * Keeps what a drachtio-server sends from ending the process: drachtio-srf throws out of a socket
 * event when it finds no message, buffers without a bound, and throws in the middle of a SIP
 * message that it cannot read. A message that cannot be read is passed over, for it is a
 * stranger's; a connection that holds no messages is ended, and made anew.
 *
 * To be called once, before anything has come.
 */
export function guardControlInput(input: ControlInput, log: Logger): void {
  for (const listener of input.listeners('msg')) {
    input.off('msg', listener);
    input.on('msg', (socket, message) => {
      try {
        listener(socket, message);
      } catch (error) {
        // The fault's own text may quote the message, and that a PIN that was dialled.
        log.error({ fault: placeOf(error) }, 'a message from the SIP server cannot be read');
      }
    });
  }
  input.on('connect', (socket) => {
    for (const listener of socket.listeners('data') as ((chunk: Buffer) => void)[]) {
      socket.off('data', listener);
      socket.on('data', (chunk) => {
        try {
          listener(chunk);
          const unread = input.mapIncomingMsg.get(socket)?.incomingMsg.length ?? 0;
          if (unread <= MAX_UNREAD_BYTES) return;
          log.error('the SIP server sends no messages');
        } catch (error) {
          log.error({ fault: placeOf(error) }, 'what the SIP server sends cannot be read');
        }
        socket.destroy();
      });
    }
  });
}

/** The kind of an error and where it was thrown, without its text. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 5).map((line) => line.trim())].join(' ');
}
