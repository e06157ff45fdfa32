/**
 * The messages of RFC 4475, "SIP Torture Test Messages", byte for byte as its archive has them
 * (appendix A), sent to a whole SIP server and application. Those that are valid get as far as any
 * request of a stranger; the others are refused, or passed over, in the way that the RFC wants or
 * allows.
 */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { until } from '../support/wait-for.js';
import { startBench, type Bench } from './app-support/bench.js';
import { first, parseMessage, type Message } from './app-support/sip-wire.js';

const FOLDER = join(process.cwd(), 'test/unit/telephony/rfc4475');

/**
 * By name: the status that the message gets, and why it is that one; null: it is passed over in
 * silence.
 */
const ANSWERS: Readonly<Record<string, readonly [status: number | null, why: string]>> = {
  // 3.1.1 Valid messages
  wsinv: [481, 'the To has a tag of a dialog that we do not know'],
  intmeth: [501, 'an unknown method'],
  esc01: [401, 'an INVITE of nobody we know'],
  escnull: [401, 'a REGISTER'],
  esc02: [501, 'an escaped method is another method'],
  lwsdisp: [200, ''],
  longreq: [401, 'an INVITE'],
  dblreq: [401, 'the REGISTER; what follows it in the datagram is none of its business'],
  semiuri: [200, ''],
  transports: [200, ''],
  mpart01: [405, 'MESSAGE'],
  unreason: [null, 'a response to nothing'],
  noreason: [null, 'a response to nothing'],
  // 3.1.2 Invalid messages
  badinv01: [400, 'empty parameters in Via and Contact'],
  clerr: [400, 'a Content-Length beyond the datagram'],
  ncl: [400, 'a negative Content-Length'],
  scalar02: [400, 'a CSeq beyond 32 bits'],
  scalarlg: [null, 'a response with such a CSeq'],
  quotbal: [400, 'a quote that does not end'],
  ltgtruri: [400, 'a Request-URI in brackets'],
  lwsruri: [400, 'white space in the Request-URI'],
  lwsstart: [400, 'more than one space in the start-line'],
  trws: [400, 'a space at the end of the start-line'],
  escruri: [401, 'headers in the Request-URI may be passed over'],
  baddate: [401, 'a Date may be passed over'],
  regbadct: [401, 'who registers such a Contact is asked for his name first'],
  badaspec: [200, 'white space within brackets may be forgiven'],
  baddn: [400, 'a display name without quotes that has a comma'],
  badvers: [505, ''],
  mismatch01: [400, 'the CSeq is that of another method'],
  mismatch02: [400, 'the same with an unknown method'],
  bigcode: [null, 'a response with a status that is none'],
  // 3.2 Transaction layer semantics
  badbranch: [200, 'a branch that tells nothing is that of an RFC 2543 element'],
  // 3.3 Application-layer semantics
  insuf: [400, 'no To, From and Call-ID'],
  unkscm: [416, ''],
  novelsc: [416, ''],
  unksm2: [401, 'a REGISTER; its To is looked at afterwards'],
  bext01: [420, ''],
  invut: [401, 'the body is looked at afterwards'],
  regaut01: [401, 'an unknown scheme of credentials is as good as none'],
  multi01: [400, 'several Call-IDs, CSeqs, Froms and Tos'],
  mcl01: [400, 'Content-Lengths that contradict each other'],
  bcast: [null, 'a response for the whole network'],
  zeromf: [200, 'who is asked need not pass it on'],
  cparam01: [401, 'a REGISTER'],
  cparam02: [401, 'a REGISTER'],
  regescrt: [401, 'a REGISTER'],
  sdp01: [401, 'what is accepted is looked at afterwards'],
  // 3.4 Backward compatibility
  inv2543: [400, 'without a From tag no dialog can be made'],
};

describe('the torture messages', UNLESS_EMBEDDED, () => {
  let bench: Bench;
  let socket: Socket;
  const received: Message[] = [];
  before(async () => {
    bench = await startBench();
    socket = createSocket('udp4').bind(0, '127.0.0.1');
    const seen = new Set<string>();
    socket.on('message', (bytes) => {
      const text = bytes.toString('latin1');
      // The refusals of INVITEs are not acknowledged, so they are repeated.
      if (!seen.has(text)) received.push(parseMessage(text));
      seen.add(text);
    });
    await once(socket, 'listening');
  });
  after(async () => {
    socket.close();
    await bench.close();
  });

  /**
   * The final answer to a message, or null when what is sent after it is answered and it is not.
   */
  const answerTo = async (bytes: Buffer, isAnswered: boolean): Promise<number | null> => {
    const from = received.length;
    socket.send(bytes, bench.sip.port, bench.sip.host);
    const finals = (): Message[] => received.slice(from).filter((one) => one.status >= 200);
    if (!isAnswered) socket.send(ping(from), bench.sip.port, bench.sip.host);
    await until(() => finals().length > 0, { what: 'an answer' });
    const [final] = finals();
    return final === undefined || first(final, 'call-id') === `ping-${from}` ? null : final.status;
  };

  test('are answered as the RFC says, one after the other, and nobody is worse off', async () => {
    const names = readdirSync(FOLDER).map((file) => file.replace(/\.dat$/, ''));
    assert.deepEqual(names.toSorted(), Object.keys(ANSWERS).toSorted());
    const answers: Record<string, number | null> = {};
    for (const [name, [expected]] of Object.entries(ANSWERS)) {
      const bytes = readFileSync(join(FOLDER, `${name}.dat`));
      answers[name] = await answerTo(comingFromUs(bytes), expected !== null).catch(() => Number.NaN);
    }
    const expected = Object.entries(ANSWERS).map(([name, [status]]) => [name, status] as const);
    assert.deepEqual(answers, Object.fromEntries(expected));
    assert.ok(!bench.logged.some((line) => /handler failed|fault/.test(line)), bench.logged.join(''));
    const phone = await bench.phone();
    assert.equal((await phone.register()).status, 200);
  });
});

/**
 * Adds rport (RFC 3581) to the topmost Via, else the answer would go to port 5060. A response is
 * left as it is.
 */
function comingFromUs(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  if (text.startsWith('SIP/')) return bytes;
  // It has the branch of the one before, which would make it a repeat of that.
  const unique = text.includes('Call-ID: novelsc') ? text.replace('kdjuw39234', 'kdjuw39235') : text;
  const topVia = /^(?:v|via)[ ]*:[^;,]*?(?=\s*(?:;|,|\r\n(?![ ])))/im;
  return Buffer.from(unique.replace(topVia, '$&;rport'), 'latin1');
}

function ping(id: number): string {
  return [
    'OPTIONS sip:gate.example SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKping${id}`,
    'From: <sip:ping@example.com>;tag=1',
    'To: <sip:gate.example>',
    `Call-ID: ping-${id}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}
