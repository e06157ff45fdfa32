/** Ways in which telephones send keys. Each is a row of docs/dtmf.md. */
import { disordered, isEnd, keyAudio, keyEvents, together } from '../../support/keyed-packets.js';
import type { KeyPacket } from '../../support/keyed-packets.js';
import type { PhoneCall } from './phone-call.js';

/** What is keyed: a key twice, keys of every row and column, and the # that ends the entry. */
export const PIN = '115908';
const KEYS = `${PIN}#`;

export interface DtmfCase {
  /** As the table has it. */
  readonly title: string;
  /** The payload type of telephone-event in the offer; false: none. */
  readonly telephoneEvent?: number | false;
  /** The first question is left unanswered, after which tones are listened to in any case. */
  readonly silentAtFirst?: boolean;
  send(call: PhoneCall): Promise<unknown>;
}

const events = (change: (packets: KeyPacket[]) => KeyPacket[] = (same) => same): DtmfCase['send'] => {
  return ({ media }) => media.play(change(keyEvents(KEYS.split(''))));
};

async function info(call: PhoneCall, type: string, bodyOf: (key: string) => string): Promise<void> {
  for (const key of KEYS) {
    await call.request('INFO', [['Content-Type', type]], bodyOf(key));
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
}

const relay = (key: string): string => `Signal=${key}\r\nDuration=100\r\n`;

const RFC_4733: DtmfCase[] = [
  { title: 'payload type 101', send: events() },
  {
    title: 'payload type 96',
    telephoneEvent: 96,
    send: ({ media }) => media.play(keyEvents(KEYS.split(''), { payloadType: 96 })),
  },
  {
    title: 'payload type 127',
    telephoneEvent: 127,
    send: ({ media }) => media.play(keyEvents(KEYS.split(''), { payloadType: 127 })),
  },
  { title: 'without the marker bit', send: events((all) => all.map((one) => ({ ...one, marker: false }))) },
  { title: 'every packet twice', send: events((all) => all.flatMap((one) => [one, one])) },
  { title: 'every two packets in the other order', send: events(disordered) },
  { title: 'every fifth packet lost', send: events((all) => all.filter((_, i) => i % 5 !== 2)) },
  {
    title: 'two of the three end packets lost',
    send: events((all) => all.filter((one, i) => !isEnd(one) || !isEnd(all[i + 1] ?? one))),
  },
  { title: 'all end packets lost', send: events((all) => all.filter((one) => !isEnd(one))) },
  {
    title: 'all packets lost but the end packets',
    send: events((all) => all.filter((one) => isEnd(one) || one.payloadType === 0)),
  },
  {
    title: 'quick: 40 ms each with pauses of 60 ms',
    send: ({ media }) => media.play(keyEvents(KEYS.split(''), { ms: 40 })),
  },
  {
    title: 'the first key held for 2 s',
    send: async ({ media }) => {
      await media.play(keyEvents([KEYS.charAt(0)], { ms: 2000 }));
      await media.play(keyEvents(KEYS.slice(1).split('')));
    },
  },
  {
    title: 'the first key longer than a packet can say (8.2 s), in segments',
    send: async ({ media }) => {
      await media.play(keyEvents([KEYS.charAt(0)], { ms: 400, step: 4000 }));
      await media.play(keyEvents(KEYS.slice(1).split('')));
    },
  },
  {
    title: 'events over 15 between the keys',
    send: ({ media }) => media.play(keyEvents(KEYS.split('').flatMap((key) => [16, key, 36]))),
  },
  {
    title: 'another source (SSRC) with every key',
    send: events((all) => all.map((one) => ({ ...one, source: 1 + Math.floor(one.slot / 8) }))),
  },
  {
    title: 'sequence and clock wrap',
    send: ({ media }) =>
      media.play(keyEvents(KEYS.split('')), { sequence: 0xffff - 20, timestamp: 0xffff_ffff - 3000 }),
  },
  {
    title: 'a timestamp of its own for each packet',
    send: events((all) => all.map((one) => ({ ...one, timestamp: one.slot * 160 }))),
  },
];

const RTP_ODDITIES: DtmfCase[] = [
  {
    title: 'one timestamp for all keys',
    send: events((all) => all.map((one) => (one.payloadType === 0 ? one : { ...one, timestamp: 160_000 }))),
  },
  {
    title: 'four zero bytes before each event',
    send: events((all) =>
      all.map((one) =>
        one.payloadType === 0 ? one : { ...one, payload: Buffer.concat([Buffer.alloc(4), one.payload]) },
      ),
    ),
  },
];

const INFO: DtmfCase[] = [
  { title: '`application/dtmf-relay`', send: (call) => info(call, 'application/dtmf-relay', relay) },
  { title: '`application/dtmf`', send: (call) => info(call, 'application/dtmf', (key) => key) },
  { title: '`application/dtmf`, `d=5`', send: (call) => info(call, 'application/dtmf', (key) => `d=${key}`) },
  {
    title: '`application/vnd.nortelnetworks.digits`',
    send: (call) =>
      info(
        call,
        'application/vnd.nortelnetworks.digits',
        (key) => `p=Digit-Collection\r\ny=Digits\r\nd=${key}\r\n`,
      ),
  },
  {
    title: '`application/dtmf`, 10 for `*` and 11 for `#`',
    send: async (call) => {
      await call.request('INFO', [['Content-Type', 'application/dtmf']], '7');
      await call.request('INFO', [['Content-Type', 'application/dtmf']], '10');
      await info(call, 'application/dtmf', (key) => (key === '#' ? '11' : key));
    },
  },
];

const TONES: DtmfCase[] = [
  { title: '-10 dBm0', send: ({ media }) => media.play(keyAudio(KEYS)) },
  { title: '-25 dBm0', send: ({ media }) => media.play(keyAudio(KEYS, { dBm0: -25 })) },
  {
    title: 'high tone 4 dB stronger',
    send: ({ media }) => media.play(keyAudio(KEYS, { dBm0: -6, twist: 4 })),
  },
  { title: 'low tone 8 dB stronger', send: ({ media }) => media.play(keyAudio(KEYS, { twist: -8 })) },
  { title: 'noise 20 dB below', send: ({ media }) => media.play(keyAudio(KEYS, { signalToNoise: 20 })) },
  {
    title: '1.5 % off the frequency',
    send: ({ media }) => media.play(keyAudio(KEYS, { lowDeviation: 1.5, highDeviation: -1.5 })),
  },
  {
    title: '100 ms each with pauses of 60 ms',
    send: ({ media }) => media.play(keyAudio(KEYS, { pauseMs: 60 })),
  },
  {
    title: '50 ms each with pauses of 50 ms',
    send: ({ media }) => media.play(keyAudio(KEYS, { ms: 50, pauseMs: 50 })),
  },
  {
    title: 'the first key held for 2 s',
    send: async ({ media }) => {
      await media.play(keyAudio(KEYS.charAt(0), { ms: 2000 }));
      await media.play(keyAudio(KEYS.slice(1)));
    },
  },
  {
    title: 'a packet in the middle of each key lost',
    send: ({ media }) => media.play(keyAudio(KEYS, { ms: 140 }).filter(({ slot }) => slot % 10 !== 3)),
  },
];
const IN_BAND = TONES.map((one): DtmfCase => ({ ...one, telephoneEvent: false }));

const AT_ONCE: DtmfCase[] = [
  {
    title: 'RFC 4733 and SIP INFO',
    send: (call) => Promise.all([events()(call), info(call, 'application/dtmf-relay', relay)]),
  },
  {
    title: 'tones and SIP INFO',
    telephoneEvent: false,
    send: (call) =>
      Promise.all([call.media.play(keyAudio(KEYS)), info(call, 'application/dtmf-relay', relay)]),
  },
  {
    title: 'RFC 4733 and tones',
    silentAtFirst: true,
    send: ({ media }) => media.play(together(keyEvents(KEYS.split('')), keyAudio(KEYS, { pauseMs: 60 }))),
  },
  {
    title: 'tones alone, though RFC 4733 was agreed on',
    silentAtFirst: true,
    send: ({ media }) => media.play(keyAudio(KEYS)),
  },
];

/** All cases by the heading that they have in the table. */
export const DTMF_CASES: readonly (readonly [way: string, cases: readonly DtmfCase[]])[] = [
  ['RFC 4733', [...RFC_4733, ...RTP_ODDITIES]],
  ['SIP INFO', INFO],
  ['in-band', IN_BAND],
  ['two ways at once', AT_ONCE],
];
