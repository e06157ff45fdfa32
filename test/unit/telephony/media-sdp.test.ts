import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from 'fast-check';

import { chooseFormat, readSdp } from '../../../telephony/media/sdp.js';
import type { RemoteAudio } from '../../../telephony/media/sdp.js';
import { writeAnswer, writeOffer } from '../../../telephony/media/sdp-writing.js';

const LOCAL = { rtp: { address: '192.0.2.1', port: 4000 }, sessionId: 1, sessionVersion: 1 };

function sdp(...lines: string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', ...lines, ''].join('\r\n');
}

function audioOf(text: string): RemoteAudio {
  const reading = readSdp(text);
  assert.equal(reading.kind, 'audio');
  return reading.kind === 'audio' ? reading.audio : assert.fail();
}

describe('an offer', () => {
  test('of a telephone gives its address, formats in its order and telephone-event', () => {
    const audio = audioOf(
      sdp(
        'm=audio 11780 RTP/AVP 9 8 0 18 96',
        'a=rtpmap:9 G722/8000',
        'a=rtpmap:96 telephone-event/8000',
        'a=sendrecv',
      ),
    );
    assert.deepEqual(audio.peer, { address: '192.0.2.9', port: 11780 });
    assert.deepEqual(audio.formats, [
      { codec: 'PCMA', payloadType: 8, telephoneEvent: 96, packetMs: 20 },
      { codec: 'PCMU', payloadType: 0, telephoneEvent: 96, packetMs: 20 },
    ]);
    assert.equal(chooseFormat(audio).codec, 'PCMA');
    assert.equal(chooseFormat(audio, ['PCMU']).codec, 'PCMU');
  });

  test('may give G.711 a dynamic payload type, and address and direction to the section', () => {
    const audio = audioOf(
      sdp('m=audio 5000 RTP/AVP 97', 'c=IN IP4 192.0.2.10', 'a=rtpmap:97 pcma/8000/1', 'a=sendonly'),
    );
    assert.deepEqual(audio.formats, [
      { codec: 'PCMA', payloadType: 97, telephoneEvent: undefined, packetMs: 20 },
    ]);
    assert.equal(audio.peer?.address, '192.0.2.10');
    assert.equal(audio.direction, 'sendonly');
  });

  test('with the address 0.0.0.0 is on hold: nobody may be sent to', () => {
    assert.equal(audioOf(sdp('m=audio 5000 RTP/AVP 0', 'c=IN IP4 0.0.0.0')).peer, undefined);
  });

  for (const [lines, packetMs] of [
    [[], 20],
    [['a=ptime:10'], 10],
    [['a=ptime:30'], 30],
    [['a=ptime:60'], 60],
    [['a=ptime:20', 'a=maxptime:10'], 10],
    [['a=maxptime:150'], 20],
    [['a=ptime:40', 'a=maxptime:30'], 30],
    [['a=ptime:200'], 60],
    [['a=ptime:5'], 10],
    [['a=ptime:0', 'a=maxptime:0'], 20],
  ] as const) {
    test(`with ${lines.join(' and ') || 'no word of it'} is sent ${packetMs} ms in a packet, and told so`, () => {
      const offer = audioOf(sdp('m=audio 5000 RTP/AVP 0', ...lines));
      assert.equal(offer.formats[0].packetMs, packetMs);
      assert.match(
        writeAnswer(LOCAL, offer, chooseFormat(offer)),
        new RegExp(`^a=ptime:${packetMs}\\r$`, 'm'),
      );
    });
  }

  test('cannot have for events a payload type that looks like RTCP on the wire', () => {
    const audio = audioOf(sdp('m=audio 5000 RTP/AVP 0 72', 'a=rtpmap:72 telephone-event/8000'));
    assert.equal(audio.formats[0].telephoneEvent, undefined);
  });

  for (const [title, text, kind] of [
    ['without media', sdp(), 'no-audio'],
    ['of video only', sdp('m=video 5000 RTP/AVP 96', 'a=rtpmap:96 VP8/90000'), 'no-audio'],
    ['of refused audio', sdp('m=audio 0 RTP/AVP 0'), 'no-audio'],
    ['of G.729 only', sdp('m=audio 5000 RTP/AVP 18'), 'no-common-codec'],
    ['of 16 kHz PCMU only', sdp('m=audio 5000 RTP/AVP 97', 'a=rtpmap:97 PCMU/16000'), 'no-common-codec'],
    ['of secure RTP only', sdp('m=audio 5000 RTP/SAVP 0'), 'no-common-codec'],
    ['with a host name', sdp('m=audio 5000 RTP/AVP 0', 'c=IN IP4 phone.example'), 'malformed'],
    ['with a port out of range', sdp('m=audio 99999 RTP/AVP 0'), 'malformed'],
    ['that is no SDP', 'GET / HTTP/1.1\r\n\r\n', 'malformed'],
    ['that is empty', '', 'malformed'],
    ['that does not end', sdp('a=x:'.padEnd(20_000, 'x')), 'malformed'],
  ] as const) {
    test(`${title} is ${kind}`, () => assert.equal(readSdp(text).kind, kind));
  }

  test('of any text gets an outcome', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'm=audio 5000 RTP/AVP 0 8',
        'c=IN IP4 192.0.2.1',
        'a=rtpmap:',
        'm=',
        'a=rtpmap:0',
        'c=IN IP4',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const reading = readSdp(['v=0', ...lines].join('\r\n'));
        if (reading.kind === 'audio') assert.ok(reading.audio.formats.length > 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an answer', () => {
  test('accepts one format, mirrors the direction and refuses the other media in their places', () => {
    const offer = audioOf(
      sdp(
        'm=video 6000 RTP/AVP 96',
        'm=audio 5000 RTP/AVP 8 0 101',
        'a=rtpmap:101 telephone-event/8000',
        'a=sendonly',
        'm=audio 7000 RTP/AVP 0',
      ),
    );
    const text = writeAnswer(LOCAL, offer, chooseFormat(offer));
    assert.deepEqual(text.match(/^m=.*$/gm), [
      'm=video 0 RTP/AVP 96',
      'm=audio 4000 RTP/AVP 8 101',
      'm=audio 0 RTP/AVP 0',
    ]);
    assert.match(text, /^a=recvonly\r$/m);
    assert.match(text, /^a=rtpmap:101 telephone-event\/8000\r$/m);
    assert.match(text, /^a=fmtp:101 0-15\r$/m);
  });

  test('speaks the protocol of the offer, and no RTCP over the port of RTP', () => {
    const offer = audioOf(sdp('m=audio 5000 RTP/AVPF 0', 'a=rtcp-mux', 'a=rtcp-fb:* nack'));
    const text = writeAnswer(LOCAL, offer, chooseFormat(offer));
    assert.match(text, /^m=audio 4000 RTP\/AVPF 0\r$/m);
    assert.doesNotMatch(text, /rtcp/);
  });

  test('has no telephone-event when the offer has none', () => {
    const offer = audioOf(sdp('m=audio 5000 RTP/AVP 0'));
    assert.doesNotMatch(writeAnswer(LOCAL, offer, chooseFormat(offer)), /telephone-event/);
  });
});

test('an offer of ours is one that we understand', () => {
  const audio = audioOf(writeOffer(LOCAL, ['PCMU', 'PCMA']));
  assert.deepEqual(audio.peer, LOCAL.rtp);
  assert.deepEqual(audio.formats, [
    { codec: 'PCMU', payloadType: 0, telephoneEvent: 101, packetMs: 20 },
    { codec: 'PCMA', payloadType: 8, telephoneEvent: 101, packetMs: 20 },
  ]);
  assert.equal(audioOf(writeOffer(LOCAL, ['PCMA'], null)).formats[0].telephoneEvent, undefined);
});

test('an IPv6 address is written as one', () => {
  const local = { ...LOCAL, rtp: { address: '2001:db8::1', port: 4000 } };
  assert.match(writeOffer(local, ['PCMU']), /^c=IN IP6 2001:db8::1\r$/m);
});
