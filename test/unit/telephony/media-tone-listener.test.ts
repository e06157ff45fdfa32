import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { encodeG711 } from '../../../telephony/media/g711.js';
import type { RtpPacket } from '../../../telephony/media/rtp.js';
import { ToneListener } from '../../../telephony/media/tone-listener.js';
import { join, keyTones, silence } from '../../support/tone-signals.js';

/** A stream as it leaves a phone that sends `packetMs` in a packet. */
function stream(parts: readonly Int16Array[], packetMs = 20, ssrc = 1): RtpPacket[] {
  const samples = join(parts);
  const size = packetMs * 8;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) => ({
    payloadType: 0,
    marker: false,
    sequence: (0xfff0 + i) & 0xffff,
    timestamp: (0xffffff00 + i * size) >>> 0,
    ssrc,
    payload: encodeG711('PCMU', samples.subarray(i * size, (i + 1) * size)),
  }));
}

/** The keys in packets that come when they are due, and in the silence after them. */
function hear(packets: readonly RtpPacket[]): string {
  const listener = new ToneListener();
  const keys = packets.flatMap((packet, i) => listener.receive(packet, 'PCMU', i * 20));
  return [...keys, ...listener.expire(packets.length * 20 + 1000)].map(({ digit }) => digit).join('');
}

const KEYS = '15#90'.split('');
const keyed = KEYS.flatMap((key) => [keyTones(key, 100), silence(60)]);

describe('keys in a stream of RTP', () => {
  for (const packetMs of [10, 20, 30, 40, 60]) {
    test(`are heard in packets of ${packetMs} ms, with numbers and clock that wrap`, () => {
      assert.equal(hear(stream([silence(60), ...keyed, silence(60)], packetMs)), '15#90');
    });
  }

  test('are heard once though every packet comes twice, or changes places with the next', () => {
    const packets = stream([silence(60), ...keyed, silence(60)]);
    assert.equal(hear(packets.flatMap((packet) => [packet, packet])), '15#90');
    const disordered = packets.slice();
    for (let i = 0; i + 1 < disordered.length; i += 12) {
      const [first, second] = [disordered[i], disordered[i + 1]];
      if (first && second) [disordered[i], disordered[i + 1]] = [second, first];
    }
    assert.equal(hear(disordered), '15#90');
  });

  test('stay one key each when packets in the middle of them are lost', () => {
    const held = stream([silence(40), keyTones('5', 400), silence(100)]);
    assert.equal(hear(held.filter((_, i) => i % 7 !== 6)), '5');
    assert.equal(hear(held.filter((_, i) => i !== 9 && i !== 10)), '5');
  });

  test('are two when the phone sends nothing in the pause between them', () => {
    const packets = stream([silence(40), keyTones('5', 100), silence(100), keyTones('5', 100), silence(100)]);
    const spoken = packets
      .filter((_, i) => i < 7 || (i >= 12 && i < 17))
      .map((packet, i) => ({ ...packet, sequence: i }));
    assert.equal(hear(spoken), '55');
  });

  test('end when nothing more comes, and not a second time when it does', () => {
    const listener = new ToneListener();
    const packets = stream([silence(40), keyTones('5', 100), silence(100)]);
    const during = packets.slice(0, 7).flatMap((packet, i) => listener.receive(packet, 'PCMU', i * 20));
    assert.deepEqual(during, []);
    assert.deepEqual(listener.expire(500), []);
    assert.deepEqual(
      listener.expire(600).map(({ digit }) => digit),
      ['5'],
    );
    assert.deepEqual(listener.expire(2000), []);
    assert.deepEqual(
      packets.slice(7).flatMap((packet) => listener.receive(packet, 'PCMU', 2000)),
      [],
    );
  });

  test('go on in a new source', () => {
    const first = stream([silence(40), keyTones('1', 100), silence(100)]);
    const second = stream([silence(40), keyTones('2', 100), silence(100)], 20, 2);
    assert.equal(hear([...first, ...second]), '12');
  });
});
