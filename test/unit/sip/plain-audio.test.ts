import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { offerToCaller } from '../../../sip/media/late-offer.js';
import { answerWhole, readPlainAudio } from '../../../sip/media/plain-audio.js';

const AVP = ['m=audio 2252 RTP/AVP 9 0 8 101', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000'];
const SAVP = ['m=audio 2254 RTP/SAVP 9 0 8 101', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUFB'];
const VIDEO = ['m=video 2256/2 RTP/AVP 99', 'a=rtpmap:99 H264/90000', 'a=sendonly'];
const ANSWER = ['m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:0 PCMU/8000', 'a=sendrecv'];

function sdp(...sections: string[][]): string {
  const head = ['v=0', 'o=- 1 1 IN IP4 192.0.2.7', 's=-', 'c=IN IP4 192.0.2.7', 't=0 0', 'a=group:BUNDLE 1'];
  return [...head, ...sections.flat(), ''].join('\r\n');
}

function mediaLines(text: string | null | undefined): string[] {
  return text?.match(/^m=.*$/gm)?.map((line) => line.trimEnd()) ?? [];
}

describe('the audio that is taken of an offer', () => {
  for (const [name, offer, index] of [
    ['RTP/AVP before RTP/SAVP', [AVP, SAVP], 0],
    ['RTP/SAVP before RTP/AVP', [SAVP, AVP], 1],
    ['video first, then SRTP', [VIDEO, SAVP, AVP], 2],
    ['RTP/AVPF', [SAVP, AVP.map((line) => line.replace('AVP', 'AVPF'))], 1],
    ['a number of ports', [AVP.map((line) => line.replace('2252', '2252/2')), SAVP], 0],
    ['a refused section before it', [AVP.map((line) => line.replace('2252', '0')), AVP, VIDEO], 1],
  ] as const) {
    test(`is that over plain RTP: ${name}; every section is answered in its place`, () => {
      const audio = readPlainAudio(sdp(...offer.map((lines) => [...lines])));
      assert.ok(audio);
      assert.match(mediaLines(audio.sdp).join(), /^m=audio 2252 RTP\/AVPF? 9 0 8 101$/, 'a single section');
      assert.doesNotMatch(audio.sdp, /crypto|BUNDLE|H264|sendonly/);
      assert.equal(audio.hasTelephoneEvent, true);
      const answered = mediaLines(answerWhole(audio, sdp(ANSWER)));
      assert.deepEqual(
        answered.map((line) => /^m=(\S+) (\d+)/.exec(line)?.slice(1).join()),
        offer.map(([line = ''], at) => `${/^m=(\S+)/.exec(line)?.[1]},${at === index ? 4000 : 0}`),
      );
    });
  }

  test('is none where everything wants SRTP, or is refused, or cannot be read', () => {
    for (const text of [
      sdp(SAVP),
      sdp(VIDEO),
      sdp(AVP.map((line) => line.replace('2252', '0'))),
      sdp(AVP).replace('v=0', 'v=1'),
      `x=1\r\n${sdp(AVP)}`,
      sdp(AVP).replace('2252', '99999'),
      sdp(AVP).replace('2252', 'port'),
      sdp(AVP).replace('c=IN IP4 192.0.2.7', ''),
      sdp(['m=audio 2252 RTP/AVP x y']),
      sdp(...Array.from({ length: 40 }, () => AVP)),
      'v=0',
      '',
    ]) {
      assert.equal(readPlainAudio(text), null, text);
    }
  });

  test('is read with line feeds alone, and lines that mean nothing do not get into the way', () => {
    const text = sdp(['hello', ...AVP, 'a=rtpmap:x', 'a=ptime:twenty', 'a=rtpmap:8 PCMA/8000']);
    assert.equal(
      readPlainAudio(text.replaceAll('\r', ''))?.sdp,
      sdp([...AVP, 'a=rtpmap:8 PCMA/8000', 'a=sendrecv'])
        .replace('o=- 1 1', 'o=dialgate 1 1')
        .replace('a=group:BUNDLE 1\r\n', ''),
    );
  });

  test('says who may send: in its own section, else for the session', () => {
    const held = sdp(AVP).replace('t=0 0', 't=0 0\r\na=sendonly');
    assert.match(readPlainAudio(held)?.sdp ?? '', /^a=sendonly\r$/m);
    const own = held.replace('a=rtpmap:0', 'a=inactive\r\na=rtpmap:0');
    assert.match(readPlainAudio(own)?.sdp ?? '', /^a=inactive\r$/m);
    assert.doesNotMatch(readPlainAudio(own)?.sdp ?? '', /sendonly/);
  });
});

test('an answer that refuses the audio answers nothing', () => {
  const audio = readPlainAudio(sdp(AVP, SAVP));
  assert.ok(audio);
  assert.equal(answerWhole(audio, sdp(['m=audio 0 RTP/AVP 0'])), null);
  assert.equal(answerWhole(audio, ''), null);
});

test('an offer of ours in the middle of a call has the sections that there were', () => {
  const audio = readPlainAudio(sdp(SAVP, AVP, VIDEO));
  assert.ok(audio);
  const offered = mediaLines(offerToCaller(answerWhole(audio, sdp(ANSWER)) ?? ''));
  assert.deepEqual(offered, [
    'm=audio 0 RTP/SAVP 9 0 8 101',
    'm=audio 4000 RTP/AVP 8 0 101',
    'm=video 0 RTP/AVP 99',
  ]);
});
