import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { TransportAddress } from '../../../telephony/media/format.js';
import { RtpLatch } from '../../../telephony/media/rtp-latch.js';

const phone = { address: '192.0.2.7', port: 4000 };
/** The same host, whose NAT has given it another port; and another host, whatever it is. */
const behindNat = { address: '192.0.2.7', port: 61_000 };
const gateway = { address: '198.51.100.1', port: 5000 };
const stranger = { address: '203.0.113.66', port: 5000 };

/** Sends packets from a source in sequence; answers which of them were taken. */
function send(latch: RtpLatch, source: TransportAddress, packets: number, nowMs = 0, first = 1): boolean[] {
  return Array.from({ length: packets }, (_, i) =>
    latch.accept(source, { ...PACKET, ssrc: source.port, sequence: first + i }, nowMs),
  );
}

const PACKET = {
  payloadType: 0,
  marker: false,
  sequence: 0,
  timestamp: 0,
  ssrc: 1,
  payload: Buffer.alloc(160),
};

describe('where RTP goes to and comes from', () => {
  test('the signalled peer is sent to at once and heard from its first packet', () => {
    const latch = new RtpLatch(phone);
    assert.deepEqual(latch.target(0), phone);
    assert.deepEqual(send(latch, phone, 1), [true]);
  });

  for (const [title, source] of [
    ['the same host from another port', behindNat],
    ['another host', gateway],
  ] as const) {
    test(`${title} is taken from its second packet in sequence on, and kept`, () => {
      const latch = new RtpLatch(phone);
      assert.deepEqual(send(latch, source, 3), [false, true, true]);
      assert.deepEqual(latch.target(0), source);
      assert.deepEqual(send(latch, stranger, 5), [false, false, false, false, false]);
      assert.deepEqual(latch.target(0), source);
    });
  }

  test('single packets, repetitions and jumps prove nothing', () => {
    const latch = new RtpLatch(undefined);
    for (const sequence of [1, 1, 3, 9, 8]) send(latch, stranger, 1, 0, sequence);
    assert.equal(latch.target(0), undefined);
  });

  test('who sends between the packets of another does not keep him out', () => {
    const latch = new RtpLatch(phone);
    for (let n = 1; n <= 2; n++) {
      for (let port = 1; port <= 3; port++) send(latch, { ...stranger, port }, 1, 0, n * 7);
      send(latch, behindNat, 1, 0, n);
    }
    assert.deepEqual(latch.target(0), behindNat);
  });

  test('a number that wraps is in sequence', () => {
    assert.deepEqual(send(new RtpLatch(undefined), phone, 1, 0, 0xffff), [false]);
    const latch = new RtpLatch(undefined);
    for (const sequence of [0xffff, 0]) send(latch, phone, 1, 0, sequence);
    assert.deepEqual(latch.target(0), phone);
  });

  test('a stranger who was faster gives way to the signalled peer at once, and to its host', () => {
    for (const source of [phone, behindNat]) {
      const latch = new RtpLatch(phone);
      send(latch, stranger, 3);
      send(latch, source, 2);
      assert.deepEqual(latch.target(0), source);
      assert.deepEqual(send(latch, stranger, 2), [false, false]);
    }
  });

  test('a host that nobody named is sent to only as long as it sends: forged packets do not fill a line', () => {
    const latch = new RtpLatch(phone);
    send(latch, gateway, 2, 0);
    assert.deepEqual(latch.target(999), gateway);
    assert.equal(latch.target(1000), undefined);
    send(latch, gateway, 1, 5000, 100);
    assert.deepEqual(latch.target(5500), gateway);
  });

  test('the named host may be silent as long as it likes', () => {
    const latch = new RtpLatch(phone);
    send(latch, behindNat, 2, 0);
    assert.deepEqual(latch.target(60_000), behindNat);
  });

  test('another peer that is signalled puts an end to it; the same one does not', () => {
    const latch = new RtpLatch(phone);
    send(latch, behindNat, 2);
    latch.signal({ peer: { ...phone } });
    assert.deepEqual(latch.target(0), behindNat);
    latch.signal({ peer: gateway });
    assert.deepEqual(latch.target(0), gateway);
  });

  test('a stream that goes on from another port of its host is followed there, as when a NAT changes its mind', () => {
    for (const first of [phone, behindNat]) {
      const latch = new RtpLatch(phone);
      const ssrc = 77;
      const from = (source: TransportAddress, sequence: number, of = ssrc): boolean =>
        latch.accept(source, { ...PACKET, ssrc: of, sequence: sequence & 0xffff }, 0);
      for (let n = 0xfff0; n < 0xfff8; n++) from(first, n);
      const moved = { ...phone, port: 62_000 };
      assert.deepEqual(
        [from(moved, 0x10003), from(moved, 0x10004), from(moved, 0x10005)],
        [false, true, true],
      );
      assert.deepEqual(latch.target(0), moved);
      assert.equal(latch.shutsOut(moved), false);
    }
  });

  test('another stream, one that does not go on, or another host takes nothing over', () => {
    const latch = new RtpLatch(phone);
    const ssrc = 77;
    for (let sequence = 100; sequence < 105; sequence++)
      latch.accept(behindNat, { ...PACKET, ssrc, sequence }, 0);
    const moved = { ...phone, port: 62_000 };
    const tries = (source: TransportAddress, of: number, first: number): boolean[] =>
      [0, 1, 2, 3].map((n) => latch.accept(source, { ...PACKET, ssrc: of, sequence: first + n }, 0));
    const never = [false, false, false, false];
    assert.deepEqual(tries(moved, 78, 105), never, 'another SSRC');
    assert.deepEqual(tries(moved, ssrc, 90), never, 'numbers that have been');
    assert.deepEqual(tries(moved, ssrc, 20_000), never, 'numbers that are far away');
    assert.deepEqual(tries(stranger, ssrc, 105), never, 'another host');
    assert.equal(latch.shutsOut(stranger), true);
    assert.deepEqual(latch.target(0), behindNat);
  });

  test('where the hosts are named, no other is ever heard, before the caller is or afterwards', () => {
    const latch = new RtpLatch(undefined);
    latch.signal({ peer: phone, hosts: [phone.address, gateway.address] });
    assert.equal(latch.shutsOut(stranger), true);
    assert.deepEqual(send(latch, stranger, 5), [false, false, false, false, false]);
    assert.deepEqual(send(latch, gateway, 3), [false, true, true]);
    assert.deepEqual(send(latch, behindNat, 3), [false, true, true]);
    assert.deepEqual(latch.target(0), behindNat);
  });
});
