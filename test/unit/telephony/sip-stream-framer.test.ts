import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { MAX_MESSAGE_BYTES } from '../../../telephony/sip/parse.js';
import { StreamFramer } from '../../../telephony/sip/stream-framer.js';
import { ALICE_INVITE, BOB_OK, COMPACT_REGISTER, wire } from './sip-samples.js';

const MESSAGES = [ALICE_INVITE, BOB_OK, COMPACT_REGISTER, ALICE_INVITE];

test('messages come out whole, however the stream is cut', () => {
  const stream = Buffer.concat(MESSAGES);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 30 }), (cuts) => {
      const framer = new StreamFramer();
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const pieces = edges.slice(1).flatMap((end, index) => framer.push(stream.subarray(edges[index], end)));
      assert.deepEqual(
        pieces,
        MESSAGES.map((bytes) => ({ kind: 'message', bytes })),
      );
    }),
  );
});

test('single bytes make messages, too', () => {
  const framer = new StreamFramer();
  const pieces = [...ALICE_INVITE].flatMap((byte) => framer.push(Buffer.of(byte)));
  assert.deepEqual(pieces, [{ kind: 'message', bytes: ALICE_INVITE }]);
});

test('a double CRLF is a ping, a single one a pong', () => {
  assert.deepEqual(new StreamFramer().push(Buffer.from('\r\n\r\n')), [{ kind: 'ping' }]);
  assert.deepEqual(new StreamFramer().push(Buffer.from('\r\n')), [{ kind: 'pong' }]);
  const framer = new StreamFramer();
  const kinds = ['\r\n', '\r\n', BOB_OK, '\r\n\r\n'].flatMap((chunk) =>
    framer.push(Buffer.from(chunk)).map(({ kind }) => kind),
  );
  assert.deepEqual(kinds, ['pong', 'ping', 'message', 'ping']);
});

for (const [name, bytes] of [
  ['a Content-Length that is no number', wire('INVITE sip:a SIP/2.0\nContent-Length: x\n\n')],
  ['a body beyond the limit', wire(`INVITE sip:a SIP/2.0\nl: ${MAX_MESSAGE_BYTES}\n\n`)],
  ['a head without end', Buffer.alloc(MAX_MESSAGE_BYTES + 1, 'a')],
] as const) {
  test(`broken for good by ${name}`, () => {
    const framer = new StreamFramer();
    assert.deepEqual(
      framer.push(bytes).map(({ kind }) => kind),
      ['broken'],
    );
    assert.deepEqual(framer.push(BOB_OK), []);
  });
}

test('no bytes make the framer throw or hang', () => {
  const chunks = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.constantFrom(BOB_OK, Buffer.from('\r\n'))),
  );
  fc.assert(
    fc.property(chunks, (list) => {
      const framer = new StreamFramer();
      for (const chunk of list) framer.push(Buffer.from(chunk));
    }),
  );
});
