import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { DigitReceiver } from '../../../telephony/media/digit-receiver.js';
import type { RtpPacket } from '../../../telephony/media/rtp.js';
import { isDigit, readEvent, scheduleDigit } from '../../../telephony/media/telephone-event.js';

const FRAME_MS = 20;

interface TimedPacket {
  readonly packet: RtpPacket;
  readonly atMs: number;
}

/** The packets of a key as they leave a phone. */
function press(digit: string, timestamp: number, durationMs = 100, ssrc = 1): TimedPacket[] {
  return scheduleDigit(digit, durationMs).map((event, i) => ({
    atMs: timestamp / 8 + i * FRAME_MS,
    packet: { payloadType: 101, marker: false, sequence: i, timestamp, ssrc, payload: event.payload },
  }));
}

/**
 * What a receiver makes of packets, one after the other, and of a second of silence behind them.
 */
function receive(packets: readonly TimedPacket[]): { digit: string; duration: number }[] {
  const receiver = new DigitReceiver();
  const keys = packets.flatMap(({ packet, atMs }) => [
    ...receiver.expire(atMs),
    ...receiver.receive(packet, atMs),
  ]);
  return [...keys, ...receiver.expire((packets.at(-1)?.atMs ?? 0) + 1000)];
}

const noEnd = (packets: readonly TimedPacket[]): TimedPacket[] =>
  packets.filter(({ packet }) => !readEvent(packet.payload)!.end);

const digitsOf = (packets: readonly TimedPacket[]): string =>
  receive(packets)
    .map(({ digit }) => digit)
    .join('');

describe('sending', () => {
  test('a key lasts as long as asked, the duration grows, and its end is sent three times', () => {
    const schedule = scheduleDigit('5', 100);
    const events = schedule.map(({ payload }) => readEvent(payload)!);
    assert.deepEqual(
      events.map(({ duration }) => duration),
      [160, 320, 480, 640, 800, 800, 800],
    );
    assert.deepEqual(
      events.map(({ end }) => end),
      [false, false, false, false, true, true, true],
    );
    assert.deepEqual(
      schedule.map(({ marker }) => marker),
      [true, false, false, false, false, false, false],
    );
    assert.deepEqual(
      schedule.map(({ age }) => age),
      [0, 160, 320, 480, 640, 800, 960],
    );
  });

  test('only keys of a telephone are keys', () => {
    assert.ok('0123456789*#ABCDabcd'.split('').every(isDigit));
    assert.ok(!['', '12', 'E', ' ', 'é'].some(isDigit));
    assert.throws(() => scheduleDigit('x'), RangeError);
  });
});

describe('receiving', () => {
  test('each key comes once, with its duration, though its packets come many times', () => {
    const packets = press('5', 8000);
    assert.deepEqual(receive([...packets, ...packets]), [{ digit: '5', duration: 800 }]);
  });

  test('the same key twice is two keys', () => {
    assert.equal(digitsOf([...press('7', 8000), ...press('7', 16_000)]), '77');
  });

  test('any digits in any rhythm arrive whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'0123456789*#'.split(''))),
        fc.integer({ min: 40, max: 400 }),
        (digits, durationMs) => {
          const packets = digits.flatMap((digit, i) =>
            press(digit, 8000 + i * 8 * (durationMs + 100), durationMs),
          );
          assert.equal(digitsOf(packets), digits.join(''));
        },
      ),
    );
  });

  test('with all end packets lost, a key ends by silence, and by the next key', () => {
    assert.deepEqual(receive(noEnd(press('1', 8000))), [{ digit: '1', duration: 640 }]);
    assert.equal(digitsOf([...noEnd(press('1', 8000)), ...noEnd(press('2', 9000))]), '12');
  });

  test('with everything lost but one end packet, the key arrives', () => {
    assert.equal(digitsOf(press('9', 8000).slice(-1)), '9');
  });

  test('any loss, doubling and reordering within a key gives it once, or not at all when nothing came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 12 }), (order) => {
        const packets = press('3', 8000);
        const mangled = order.map((index, i) => ({ ...packets[index]!, atMs: 1000 + i * 10 }));
        assert.equal(digitsOf(mangled), order.length === 0 ? '' : '3');
      }),
    );
  });

  test('a late copy of an earlier key is no new one', () => {
    const first = press('1', 8000);
    const late = [first.at(-1)!, first[0]!].map(({ packet }) => ({ packet, atMs: 1300 }));
    assert.equal(digitsOf([...first, ...press('2', 9200), ...late]), '12');
  });

  test('a recorded key that is played again after another one is a new press, though its timestamp is the same', () => {
    const first = press('1', 8000);
    const again = first.map(({ packet, atMs }) => ({ packet, atMs: atMs + 800 }));
    assert.equal(digitsOf([...first, ...press('2', 11_200), ...again]), '121');
  });

  /**
   * One after the other in one stream, as it is sent: with audio between, which has the numbers
   * that are left out, and one timestamp for all presses.
   */
  const ofOneTimestamp = (keys: string): TimedPacket[] =>
    keys.split('').flatMap((key, index) =>
      press(key, 160_000).map(({ packet, atMs }, i) => ({
        atMs: atMs + index * 260,
        packet: { ...packet, sequence: (0xfff0 + index * 12 + i) & 0xffff },
      })),
    );

  test('presses that share a timestamp are told apart, the same key twice as well', () => {
    for (const keys of ['123456#', '11', '5500#', '1212', '*0*0']) {
      const packets = ofOneTimestamp(keys);
      assert.equal(digitsOf(packets), keys);
      assert.equal(digitsOf(packets.flatMap((one) => [one, one])), keys, 'each packet twice');
      assert.equal(digitsOf(noEnd(packets)), keys, 'all end packets lost');
      const swapped = packets.map((one, i) => packets[(i ^ 1) < packets.length ? i ^ 1 : i] ?? one);
      assert.equal(digitsOf(swapped), keys, 'every two packets in the other order');
    }
  });

  test('an event behind four zero bytes is read, and a key 0 that begins is one', () => {
    const shifted = press('5', 160_000).map(({ packet, atMs }) => ({
      atMs,
      packet: { ...packet, payload: Buffer.concat([Buffer.alloc(4), packet.payload]) },
    }));
    assert.equal(digitsOf(shifted), '5');
    assert.deepEqual(readEvent(Buffer.alloc(4)), { code: 0, end: false, duration: 0 });
    assert.deepEqual(readEvent(Buffer.alloc(8)), { code: 0, end: false, duration: 0 });
    assert.equal(
      readEvent(Buffer.from('050a00a000000000', 'hex'))?.code,
      5,
      'what follows an event is left alone',
    );
  });

  test('a press longer than the field can say is one key, whose segments add up', () => {
    const packets: TimedPacket[] = [];
    for (const [segment, samples] of [0xffff, 0xffff, 8000].entries()) {
      const payload = Buffer.from([4, segment === 2 ? 0x8a : 0x0a, samples >> 8, samples & 0xff]);
      const timestamp = (0xffff0000 + segment * 0xffff) >>> 0; // wraps on the way
      packets.push({
        atMs: segment * 50,
        packet: { payloadType: 101, marker: false, sequence: segment, timestamp, ssrc: 1, payload },
      });
    }
    assert.deepEqual(receive(packets), [{ digit: '4', duration: 2 * 0xffff + 8000 }]);
  });

  test('events above 15 and payloads that are too short are ignored, also in the middle of a key', () => {
    const [begin, ...rest] = press('8', 8000);
    const strange = (payload: Buffer): TimedPacket => ({
      ...begin!,
      packet: { ...begin!.packet, timestamp: 9000, payload },
    });
    assert.equal(
      digitsOf([begin!, strange(Buffer.from([16, 0x8a, 1, 0])), strange(Buffer.from([1, 2, 3])), ...rest]),
      '8',
    );
  });

  test('a new source may use the timestamps of the old one', () => {
    assert.equal(digitsOf([...press('1', 8000, 100, 1), ...press('2', 8000, 100, 2)]), '12');
  });

  test('a gateway that gives each packet a timestamp of its own is understood', () => {
    const own = (packets: readonly TimedPacket[]): TimedPacket[] =>
      packets.map(({ packet, atMs }, i) => ({
        atMs,
        packet: { ...packet, timestamp: packet.timestamp + i * 160 },
      }));
    const second = press('1', 9600).map(({ packet, atMs }) => ({
      atMs,
      packet: { ...packet, sequence: packet.sequence + 13 },
    }));
    assert.deepEqual(receive([...own(press('1', 8000)), ...own(second)]), [
      { digit: '1', duration: 800 },
      { digit: '1', duration: 800 },
    ]);
    const lossy = own(press('1', 8000)).filter((_, i) => i !== 2 && i !== 5);
    assert.equal(digitsOf(lossy), '1');
  });

  test('a gateway that does so and is held up in the middle of a key sends one key all the same', () => {
    const held = press('1', 8000, 200).map(({ packet, atMs }, i) => ({
      atMs: atMs + (i > 4 ? 500 : 0),
      packet: { ...packet, timestamp: packet.timestamp + i * 160 },
    }));
    assert.equal(digitsOf(held), '1');
  });

  test('the sequence wraps in the middle of a key', () => {
    const wrapped = press('6', 8000).map(({ packet, atMs }) => ({
      atMs,
      packet: { ...packet, sequence: (packet.sequence + 0xfffd) & 0xffff },
    }));
    assert.deepEqual(receive(wrapped), [{ digit: '6', duration: 800 }]);
  });
});
