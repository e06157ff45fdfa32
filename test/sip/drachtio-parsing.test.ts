import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { contentTypeOf, parseSketch } from '../../embedded/drachtio/application-sip.js';
import { encodeFrame, FrameReader, FramingError } from '../../embedded/drachtio/control-framing.js';
import { parseApplicationMessage } from '../../embedded/drachtio/control-message.js';
import { RouteTable } from '../../embedded/drachtio/routes.js';
import { until } from '../support/wait-for.js';
import { connectApp, LIMIT, SECRET, Stack, startServer, type SipReq } from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

test('frames come out as they went in, however the stream is cut', () => {
  const payload = fc
    .string({ minLength: 1, maxLength: 60, unit: 'binary' })
    .filter((text) => !/[\uD800-\uDFFF]/.test(text));
  fc.assert(
    fc.property(
      fc.array(payload, { maxLength: 8 }),
      fc.array(fc.nat({ max: 40 }), { maxLength: 30 }),
      (payloads, cuts) => {
        const stream = Buffer.from(payloads.map(encodeFrame).join(''), 'utf8');
        const reader = new FrameReader();
        const out: string[] = [];
        let at = 0;
        for (const size of [...cuts, stream.length]) {
          out.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }
        assert.deepEqual(out, payloads);
      },
    ),
  );
});

test('whatever comes, reading frames ends with payloads or a framing error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        for (const payload of new FrameReader().push(Buffer.from(bytes))) parseApplicationMessage(payload);
      } catch (error) {
        assert.ok(error instanceof FramingError);
      }
    }),
  );
});

test('the SIP of an application is read by lines; server headers and lines that are no header are left out', () => {
  const sketch = parseSketch(
    'INVITE sip:x@192.0.2.1 SIP/2.0\r\nfrom: <sip:a@b>\r\nVia: forged\r\nno header\r\nx-UPPER: 1\r\nsession-expires: 90\r\n\r\nv=0\r\n\r\nmore',
  );
  assert.equal(sketch?.kind, 'request');
  assert.deepEqual(
    [...sketch.headers],
    [
      ['From', '<sip:a@b>'],
      ['x-UPPER', '1'],
      ['Session-Expires', '90'],
    ],
  );
  assert.equal(sketch.body, 'v=0\r\n\r\nmore');
  assert.deepEqual(contentTypeOf(sketch), { kind: 'detected', type: 'application/sdp' });
  assert.equal(parseSketch('hello'), undefined);
});

test('routes are exact, take turns, and are all forgotten together', () => {
  const routes = new RouteTable<string>();
  routes.add('invite', 'a');
  routes.add('invite', 'a');
  routes.add('invite', 'b');
  routes.add('INVITE', 'c');
  assert.deepEqual([routes.next('invite'), routes.next('invite'), routes.next('invite')], ['a', 'b', 'a']);
  routes.removeOwner('a');
  assert.equal(routes.next('invite'), 'b');
  routes.removeOwner('b');
  assert.equal(routes.next('invite'), undefined);
});

test('an application that sends nonsense gets an answer to each of its messages, and the server lives', async () => {
  const stack = new Stack();
  try {
    const server = await startServer(stack);
    const socket = connect(server.adminPort, server.adminHost);
    await once(socket, 'connect');
    stack.push(() => void socket.destroy());
    const answered = new Set<string>();
    const frames = new FrameReader();
    socket.on('data', (chunk) => {
      for (const payload of frames.push(chunk)) answered.add(payload.split('|')[2] ?? '');
    });
    socket.write(encodeFrame(`auth|authenticate|${SECRET}|`));

    const word = fc.oneof(
      fc.constantFrom(
        '',
        'sip:x@127.0.0.1:9',
        'tel:1',
        '<sip:',
        ';tag=',
        '"',
        'SIP/2.0',
        '200',
        'INVITE',
        'CANCEL',
        'ACK',
        '1 INVITE',
        '*',
      ),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll('|', '')),
    );
    const header = fc.tuple(
      fc.constantFrom(
        'From',
        'To',
        'Contact',
        'CSeq',
        'Call-ID',
        'Max-Forwards',
        'Content-Type',
        'Route',
        'X-Y',
        '',
      ),
      fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
    );
    const message = fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.array(header, { maxLength: 6 }), word)
      .map(([start, headers, body]) =>
        [start.join(' '), ...headers.map((pair) => pair.join(': ')), '', body].join('\r\n'),
      );
    const tokens = fc.constantFrom('sip||', 'sip|x|', 'sip||x', 'sip|||sip:127.0.0.1:9');
    const samples = fc.sample(fc.tuple(tokens, message), 300);
    samples.forEach(([head, sip], index) => socket.write(encodeFrame(`m${index}|${head}\r\n${sip}`)));
    await until(() => answered.size >= samples.length + 1, { what: 'all answers', within: 60_000 });
    assert.deepEqual(
      server.lines.filter((line) => line.includes('fault')),
      [],
    );
  } finally {
    await stack.close();
  }
});

test(
  'a request for a dialog whose Contact has no SIP host is refused before an application hears of it',
  LIMIT,
  async (context) => {
    const stack = new Stack();
    context.after(() => stack.close());
    const server = await startServer(stack);
    const seen: SipReq[] = [];
    await connectApp(stack, server, (app) =>
      app.invite((request, response) => {
        seen.push(request);
        response.send(486);
      }),
    );
    const phone = await Phone.open(stack, server);
    for (const method of ['INVITE', 'SUBSCRIBE']) {
      for (const contact of [
        '<tel:+4930123>',
        '*',
        'ÿ<sip:a@127.0.0.1>',
        '< sip:a@127.0.0.1>',
        '<\tsip:a@127.0.0.1>',
        '\x0b<sip:a@127.0.0.1>',
        '<tel:1>, <sip:a@127.0.0.1>',
        'x',
      ]) {
        const { status } = await phone.send({ method, headers: { Contact: contact } }).final;
        assert.equal(status, 400, `${method} with ${contact}`);
      }
    }
    assert.equal(seen.length, 0);
    const contact = '"Müller, 1. OG" <sip:a%20b@[2001:db8::1]:5062>;expires=60';
    assert.equal((await phone.send({ method: 'INVITE', headers: { Contact: contact } }).final).status, 486);
  },
);
