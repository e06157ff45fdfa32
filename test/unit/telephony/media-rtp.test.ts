import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseRtp, RtpStream, sequenceDistance } from '../../../telephony/media/rtp.js';

test('what a stream packs is what a receiver parses', () => {
  fc.assert(
    fc.property(
      fc.record({
        ssrc: fc.integer({ min: 0, max: 0xffffffff }),
        sequence: fc.integer({ min: 0, max: 0xffff }),
        timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      }),
      fc.integer({ min: 0, max: 127 }),
      fc.boolean(),
      fc.uint8Array({ maxLength: 480 }),
      (start, payloadType, marker, payload) => {
        const packet = new RtpStream(start).pack(payloadType, marker, Buffer.from(payload));
        assert.deepEqual(parseRtp(packet), { ...start, payloadType, marker, payload: Buffer.from(payload) });
      },
    ),
  );
});

test('sequence numbers and timestamps wrap', () => {
  const stream = new RtpStream({ ssrc: 1, sequence: 0xffff, timestamp: 0xffffffff - 159 });
  const frame = Buffer.alloc(160);
  const first = parseRtp(Buffer.from(stream.pack(0, false, frame)))!;
  stream.advance(160);
  const second = parseRtp(stream.pack(0, false, frame))!;
  assert.deepEqual([first.sequence, second.sequence], [0xffff, 0]);
  assert.equal(second.timestamp, 0);
  assert.equal(sequenceDistance(first.sequence, second.sequence), 1);
  assert.equal(sequenceDistance(second.sequence, first.sequence), -1);
});

test('contributing sources, header extension and padding are not payload', () => {
  const packet = Buffer.concat([
    // version 2, padding, extension, 2 sources; marker
    Buffer.from([0xb2, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
    Buffer.alloc(8), // sources
    Buffer.from([0xbe, 0xde, 0, 1, 9, 9, 9, 9]), // extension of one word
    Buffer.from('audio'),
    Buffer.from([0, 0, 3]), // padding
  ]);
  assert.equal(parseRtp(packet)?.payload.toString(), 'audio');
});

test('what is no RTP is undefined', () => {
  const good = Buffer.from(new RtpStream().pack(0, false, Buffer.alloc(160)));
  for (const [title, datagram] of [
    ['empty', Buffer.alloc(0)],
    ['too short', good.subarray(0, 11)],
    ['version 1', Buffer.concat([Buffer.from([0x40]), good.subarray(1)])],
    ['more sources than bytes', Buffer.concat([Buffer.from([0x8f]), good.subarray(1, 20)])],
    ['extension beyond the end', Buffer.concat([Buffer.from([0x90]), good.subarray(1, 14)])],
    [
      'padding longer than the packet',
      Buffer.concat([Buffer.from([0xa0]), good.subarray(1, 12), Buffer.from([200])]),
    ],
  ] as const) {
    assert.equal(parseRtp(datagram), undefined, title);
  }
});

test('no datagram makes the parser throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, versioned) => {
      const datagram = Buffer.from(bytes);
      if (versioned && datagram.length > 0) datagram[0] = (datagram[0]! & 0x3f) | 0x80;
      const packet = parseRtp(datagram);
      if (packet !== undefined) assert.ok(packet.payload.length <= datagram.length - 12);
    }),
    { numRuns: 500 },
  );
});
