/**
 * Kamailio (Debian package kamailio) with the configuration of `deploy/kamailio`, as the front that
 * docs/operating.md has operators put before drachtio-server.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './wait-for.js';

/** Compiled into dist/test/support. */
const CONFIGURATION = fileURLToPath(new URL('../../../deploy/kamailio/kamailio.cfg', import.meta.url));
const HOST = '127.0.0.1';
/** The front's address on the side of the SIP server, which nothing else uses. */
export const INNER_HOST = '127.0.0.2';

/** Why Kamailio cannot be used here; undefined when it can. */
export function kamailioUnavailable(): string | undefined {
  return spawnSync('kamailio', ['-v']).error === undefined
    ? undefined
    : 'Kamailio is not installed (Debian package kamailio)';
}

/** Starts Kamailio before a SIP server on 127.0.0.1. It is ended with the test. */
export async function startKamailio(
  t: { after(end: () => unknown): void },
  port: number,
  drachtioPort: number,
): Promise<void> {
  const folder = temporaryFolder('kamailio');
  const child = spawn(
    'kamailio',
    [
      '-DD',
      '-E',
      '-f',
      CONFIGURATION,
      '-w',
      folder,
      '-Y',
      folder,
      '-P',
      `${folder}/pid`,
      '-m',
      '32',
      '-M',
      '4',
    ],
    {
      env: {
        PATH: `${process.env['PATH']}:/usr/sbin`,
        FRONT_ADDRESS: HOST,
        FRONT_PORT: String(port),
        PUBLIC_ADDRESS: HOST,
        INNER_ADDRESS: INNER_HOST,
        INNER_PORT: String(await freePort()),
        DRACHTIO_ADDRESS: HOST,
        DRACHTIO_PORT: String(drachtioPort),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM'); // its workers end with it
    await exited;
  });
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`Kamailio ended with status ${child.exitCode}: ${said}`);
      return answersItself(port);
    },
    { within: 30_000, what: 'Kamailio' },
  );
}

/** Whether a request that cannot be routed any further is refused, which it does by itself. */
async function answersItself(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(0, HOST);
    await once(socket, 'listening');
    const { port: own } = socket.address();
    const lines = [
      `OPTIONS sip:${HOST} SIP/2.0`,
      `Via: SIP/2.0/UDP ${HOST}:${own};branch=z9hG4bKup`,
      'From: <sip:up@test>;tag=1',
      'To: <sip:up@test>',
      'Call-ID: up',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 0',
      'Content-Length: 0',
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, HOST);
    await once(socket, 'message', { signal: AbortSignal.timeout(200) });
    return true;
  } catch {
    return false; // Not yet.
  } finally {
    socket.close();
  }
}
