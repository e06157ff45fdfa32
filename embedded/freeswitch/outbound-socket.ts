import { connect, isIP } from 'node:net';

import type { EngineLog } from '../log.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import { EslSession } from './esl-session.js';

/** For the connection and for the client's first word. */
const CONNECT_TIMEOUT_MS = 5000;

/** Where a client waits for its channels: `address:port` of the INVITE's X-esl-outbound. */
export interface ClientAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * undefined when the text is no address and port. Names are not resolved: no application sends any.
 */
export function parseClientAddress(text: string): ClientAddress | undefined {
  const match = /^\[?([0-9a-fA-F.:]+)\]?:(\d{1,5})$/.exec(text.trim());
  const [, host = '', digits = ''] = match ?? [];
  const port = Number(digits);
  return isIP(host) !== 0 && port > 0 && port < 65_536 ? { host, port } : undefined;
}

/**
 * The "outbound" event socket: we connect to the client that is to control a channel. The two live
 * and die together.
 */
export function openOutboundSocket(
  core: Core,
  channel: Channel,
  client: ClientAddress,
  log: EngineLog,
): void {
  const socket = connect(client.port, client.host);
  const session = new EslSession(socket, core, channel);
  socket.setNoDelay(true).setKeepAlive(true);
  const timeout = setTimeout(() => socket.destroy(new Error('no word from the client')), CONNECT_TIMEOUT_MS);
  socket.on('error', (error) =>
    log('warn', 'control connection failed', { channel: channel.uuid, reason: error.message }),
  );
  channel.listeners.add(session);
  socket.once('data', () => clearTimeout(timeout));
  socket.on('data', (chunk: Buffer) => session.receive(chunk));
  socket.once('close', () => {
    clearTimeout(timeout);
    // Not when the channel was taken from this client before.
    if (channel.listeners.delete(session)) channel.hangup('NORMAL_CLEARING');
  });
}
