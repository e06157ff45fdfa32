import { createConnection } from 'node:net';

/** What there was to see at a FreeSWITCH's event socket. */
export type ProbeOutcome = { kind: 'ready' } | { kind: 'not-ready'; reason: string };

const LIMIT_MS = 3000;
/** The line of `sofia status` that fsmrf needs; without it fsmrf throws where nobody can catch. */
const PROFILE = /^\s*drachtio_mrf\s.*sip:mod_sofia@(?:[0-9]{1,3}\.){3}[0-9]{1,3}:\d+/m;

/**
 * Asks, by a connection of its own, whether fsmrf would succeed: fsmrf's connect() never settles when the secret is wrong or the server
 * is silent, and goes on reconnecting for ever, out of reach, after a connection that was refused.
 */
export function probeEventSocket(
  { host, port, secret }: { host: string; port: number; secret: string },
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const settle = (outcome: ProbeOutcome): void => {
      socket.destroy();
      signal.removeEventListener('abort', giveUp);
      resolve(outcome);
    };
    const fail = (reason: string): void => settle({ kind: 'not-ready', reason });
    const giveUp = (): void => fail('no longer wanted');
    signal.addEventListener('abort', giveUp, { once: true });
    socket.setTimeout(LIMIT_MS, () => fail(`no answer within ${LIMIT_MS} ms`));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('connection closed'));

    let received = '';
    let asked: 'nothing' | 'access' | 'status' = 'nothing';
    socket.setEncoding('utf8').on('data', (chunk) => {
      received += String(chunk);
      if (received.includes('text/rude-rejection')) return fail('refused by its access list');
      if (asked === 'nothing' && received.includes('auth/request\n\n')) {
        asked = 'access';
        socket.write(`auth ${secret}\n\n`);
      } else if (asked === 'access' && /^Reply-Text: (.*)\n\n/m.test(received)) {
        if (!received.includes('Reply-Text: +OK')) return fail('the secret is wrong');
        asked = 'status';
        socket.write('api sofia status\n\n');
      } else if (asked === 'status' && apiResponse(received) !== null) {
        if (PROFILE.test(apiResponse(received) ?? '')) settle({ kind: 'ready' });
        else fail('it has no running SIP profile drachtio_mrf');
      }
    });
  });
}

/** The body of an api/response, when all of it is here. */
function apiResponse(received: string): string | null {
  const head = /Content-Type: api\/response\nContent-Length: (\d+)\n\n/.exec(received);
  if (head === null) return null;
  const body = received.slice(head.index + head[0].length);
  return Buffer.byteLength(body) >= Number(head[1]) ? body : null;
}
