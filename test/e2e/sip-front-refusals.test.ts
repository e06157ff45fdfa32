/**
 * What Kamailio, as deploy/kamailio has it, keeps from a drachtio-server. Each of the first list
 * ends version 0.9.10 (SIGSEGV), some of them before an application hears of it.
 */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.js';
import { INNER_HOST, kamailioUnavailable, startKamailio } from '../support/kamailio.js';
import { until } from '../support/wait-for.js';

const HOST = '127.0.0.1';

/** A request like a phone's, but for what is given; `extra` are whole lines. */
interface Wrong {
  method?: string;
  uri?: string;
  contact?: string | null;
  from?: string;
  tag?: string;
  via?: string;
  cseq?: string;
  extra?: string[];
}

const HOSTLESS = [
  '<tel:+4930123>',
  'tel:112',
  '*',
  'ÿ<sip:a@127.0.0.1>',
  '<modem:1>',
  '<fax:1>',
  '<cid:1>',
  '< sip:a@127.0.0.1>',
  '\x0c<sip:a@127.0.0.1>',
];

const ENDS_A_DRACHTIO: Wrong[] = ['INVITE', 'SUBSCRIBE'].flatMap((method) => [
  ...[...HOSTLESS, '<tel:1>,<sip:a@127.0.0.1>', '<sip:a@127.0.0.1>\r\nContact: <tel:1>'].map((contact) => ({
    method,
    contact,
  })),
  ...['112', 'ÿ', '//x'].map((uri) => ({ method, uri })),
]);

/** By themselves these are harmless once the header is gone. */
const WITH_A_ROUTE: Wrong[] = [
  'INVITE',
  'BYE',
  'OPTIONS',
  'ACK',
  'INFO',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
  'MESSAGE',
  'PRACK',
].flatMap(
  // prettier-ignore
  // prettier-ignore
  (method) => ['<tel:+49;lr>', '<sip:192.0.2.1;lr>, <tel:1;lr>', '<urn:x;lr>'].map((route) => ({ method, tag: ';tag=x', extra: [`Route: ${route}`] })),
);

/** In the manner of the PROTOS suite (c07-sip): one element of an INVITE is wrong. */
const MALFORMED: Wrong[] = [
  ...['', 'sip:', '<>', '<sip:>', '<sip:@>', '<sip:%n%n%n@>', `<sip:a@[>`, '\0'].map((contact) => ({
    contact,
  })),
  ...['', '<>', 'sip', '<sip:a@b', '%s%s%s', '\0\0'].map((from) => ({ from })),
  ...['', 'SIP/2.0/UDP', 'SIP/2.0', 'SIP/2.0/UDP 127.0.0.1', 'x'].map((via) => ({ via })),
  ...['', 'INVITE', '-1 INVITE', '99999999999 INVITE', '1 BYE', '%d INVITE'].map((cseq) => ({ cseq })),
  ...['<tel:1>', '*', '<urn:x:y>', '<sip:>'].map((route) => ({ extra: [`Record-Route: ${route}`] })),
];

describe('a front keeps from the SIP server', { skip: kamailioUnavailable() ?? false }, () => {
  const ended: (() => unknown)[] = [];
  let server: Socket;
  let stranger: Socket;
  let frontPort: number;
  const reached: string[] = [];
  const answers: string[] = [];
  let count = 0;

  before(async () => {
    [server, stranger] = [createSocket('udp4'), createSocket('udp4')];
    for (const socket of [server, stranger]) {
      socket.bind(0, HOST);
      await once(socket, 'listening');
    }
    server.on('message', (packet) => reached.push(packet.toString('latin1')));
    stranger.on('message', (packet) => answers.push(packet.toString('latin1')));
    frontPort = await freePort();
    await startKamailio({ after: (end) => ended.push(end) }, frontPort, server.address().port);
  });
  after(async () => {
    for (const end of ended) await end();
    server.close();
    stranger.close();
  });

  /** Sends a request; answers its Call-ID. */
  function send(
    { method = 'INVITE', uri = 'sip:112@127.0.0.1', tag = '', extra = [], ...wrong }: Wrong,
    sender = stranger,
  ): string {
    const id = `c${++count}`;
    const { port } = sender.address();
    const { contact = `<sip:a@127.0.0.1:${port}>`, from = '<sip:a@b>;tag=1' } = wrong;
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: ${wrong.via ?? `SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${id};rport`}`,
      `From: ${from}`,
      `To: <sip:112@127.0.0.1>${tag}`,
      `Call-ID: ${id}`,
      `CSeq: ${wrong.cseq ?? `1 ${method}`}`,
      ...(contact === null ? [] : [`Contact: ${contact}`]),
      ...extra,
      'Content-Length: 0',
    ];
    sender.send(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), frontPort, HOST);
    return id;
  }

  /**
   * A good request is sent last; what was sent before it has been dealt with when it, and then one
   * more, has come through: several workers read.
   */
  async function settled(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const last = send({ method: 'OPTIONS' });
      await until(() => reached.some((packet) => packet.includes(`Call-ID: ${last}\r\n`)));
    }
  }
  const passed = (id: string): string[] => reached.filter((packet) => packet.includes(`Call-ID: ${id}\r\n`));

  it('what it does not survive', async () => {
    const ids = ENDS_A_DRACHTIO.map((one) => send(one));
    await until(() => ids.every((id) => answers.some((one) => one.includes(`Call-ID: ${id}\r\n`))));
    await settled();
    for (const [index, id] of ids.entries())
      assert.deepEqual(passed(id), [], JSON.stringify(ENDS_A_DRACHTIO[index]));
    // prettier-ignore
    assert.ok(answers.filter((one) => ids.some((id) => one.includes(`Call-ID: ${id}\r\n`))).every((one) => /^SIP\/2.0 (?:400|100) /.test(one)));
  });

  it('every Route of a sender', async () => {
    WITH_A_ROUTE.forEach((one) => send(one));
    await settled();
    assert.deepEqual(
      reached.filter((packet) => /^Route:/im.test(packet)),
      [],
    );
  });

  it('malformed requests', async () => {
    const ids = MALFORMED.map((one) => send(one));
    await settled();
    for (const [index, id] of ids.entries())
      assert.deepEqual(passed(id), [], JSON.stringify(MALFORMED[index]));
  });

  it('nothing else: an emergency call with credentials that no server can read goes through, without them', async () => {
    const extra = [
      'Authorization: Digest username="a, realm="b',
      'X-Dialgate-Source: <sip:192.0.2.1:1;transport=udp>',
    ];
    const id = send({
      extra,
      contact: '"Müller, 1. OG" <sip:a%20b@[2001:db8::1]:5062;transport=tcp>;expires=60',
    });
    const [packet = ''] = await until(() => (passed(id).length > 0 ? passed(id) : null));
    assert.doesNotMatch(packet, /^Authorization:/m);
    assert.deepEqual(packet.match(/^X-Dialgate-Source: .*$/gm), [
      `X-Dialgate-Source: <sip:127.0.0.1:${stranger.address().port};transport=udp>`,
    ]);
    assert.match(packet, /^Record-Route: /m);
  });

  it('what a flood of strangers begins, beyond its memory; a registered phone gets through', async (t) => {
    const phone = createSocket('udp4');
    t.after(() => phone.close());
    phone.bind(0, HOST);
    await once(phone, 'listening');
    const register = send({ method: 'REGISTER' }, phone);
    const [packet = ''] = await until(() => (passed(register).length > 0 ? passed(register) : null));
    const granted = once(phone, 'message', { signal: AbortSignal.timeout(60_000) });
    const [, port] = /^Via: SIP\/2\.0\/UDP 127\.0\.0\.2:(\d+)/m.exec(packet) ?? [];
    server.send(`SIP/2.0 200 OK\r\n${copied(packet)}Content-Length: 0\r\n\r\n`, Number(port), INNER_HOST);
    assert.match(String((await granted)[0]), /^SIP\/2\.0 200 /);

    const refused = (): string | undefined => answers.find((one) => one.startsWith('SIP/2.0 503 '));
    // How much memory is free is known to the front a second late.
    const refusal = await until(
      () => {
        for (let one = 0; one < 20; one += 1) send({ extra: [`Subject: ${'x'.repeat(500)}`] });
        return refused();
      },
      { every: 2, what: 'a refusal' },
    );
    assert.match(refusal, /^Retry-After: \d+\r$/m);
    const calls: string[] = []; // A datagram may be lost in the flood.
    await until(() => {
      calls.push(send({}, phone));
      return calls.some((call) => passed(call).length > 0);
    });
  });
});

/** The headers that a response has from its request. */
function copied(request: string): string {
  const lines = request.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq): /.test(line));
  return `${lines.join('\r\n').replace(/^(To: .*)$/m, '$1;tag=2')}\r\n`;
}
