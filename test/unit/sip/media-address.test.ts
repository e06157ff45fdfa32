import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerAsOffer, offerToCaller, STAND_IN_OFFER } from '../../../sip/media/late-offer.js';
import { LocalDescription } from '../../../sip/answered-call.js';
import { hasTelephoneEvent, withMediaAtSource, withMediaNowhere } from '../../../sip/media/media-address.js';

function sdp(...lines: string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 10.0.0.5', 's=-', ...lines, ''].join('\r\n');
}

/** Every address and port that an SDP asks for packets at. */
function addresses(text: string): string[] {
  return text.match(/^(?:c=|m=audio \d+|a=rtcp|a=candidate|a=ice).*$/gm)?.map((line) => line.trimEnd()) ?? [];
}

describe('the host to which a media server is sent with an SDP', () => {
  test('is the one that signalled, whatever the SDP names, for the session and for the media', () => {
    const named = sdp(
      'c=IN IP4 203.0.113.9',
      'm=audio 4000 RTP/AVP 0',
      'c=IN IP4 victim.example',
      'a=sendrecv',
    );
    assert.deepEqual(addresses(withMediaAtSource(named, '192.0.2.7')), [
      'c=IN IP4 192.0.2.7',
      'm=audio 4000 RTP/AVP 0',
      'c=IN IP4 192.0.2.7',
    ]);
  });

  test('is not to be learned from RTCP or ICE either', () => {
    const named = sdp(
      'c=IN IP4 192.0.2.7',
      'm=audio 4000 RTP/AVP 0',
      'a=rtcp:53 IN IP4 203.0.113.9',
      'a=rtcp-mux',
      'a=ice-ufrag:x',
      'a=ice-pwd:y',
      'a=candidate:1 1 udp 1 203.0.113.9 53 typ host',
      'a=end-of-candidates',
      'a=rtpmap:0 PCMU/8000',
    );
    const pinned = withMediaAtSource(named, '192.0.2.7');
    assert.deepEqual(addresses(pinned), ['c=IN IP4 192.0.2.7', 'm=audio 4000 RTP/AVP 0']);
    assert.match(pinned, /^a=rtpmap:0 PCMU\/8000\r$/m);
  });

  test('an SDP that names it already is left as it is, with line feeds alone as well', () => {
    const plain = sdp('c=IN IP4 192.0.2.7', 'm=audio 4000 RTP/AVP 0');
    const from = 'a=x-media-from:192.0.2.7\r\n';
    assert.equal(withMediaAtSource(plain, '::ffff:192.0.2.7'), plain + from);
    assert.equal(withMediaAtSource(plain.replaceAll('\r', ''), '192.0.2.7'), plain + from);
    const six = sdp('c=IN IP6 2001:db8::7', 'm=audio 4000 RTP/AVP 0');
    assert.equal(withMediaAtSource(six, '2001:db8::7'), `${six}a=x-media-from:2001:db8::7\r\n`);
  });

  test('and those that the SDP names are the hosts whose audio is heard, whatever the caller says of that', () => {
    const named = sdp('c=IN IP4 203.0.113.9', 'm=audio 4000 RTP/AVP 0', 'a=x-media-from:198.51.100.1');
    const from = withMediaAtSource(named, '192.0.2.7').match(/(?<=^a=x-media-from:)\S+/gm);
    assert.deepEqual(from, ['192.0.2.7', '203.0.113.9']);
  });

  test('is nobody while the caller signals over another version of IP than he names', () => {
    const four = sdp('c=IN IP4 203.0.113.9', 'm=audio 4000 RTP/AVP 0');
    assert.deepEqual(addresses(withMediaAtSource(four, '2001:db8::7')), [
      'c=IN IP4 127.0.0.1',
      'm=audio 9 RTP/AVP 0',
    ]);
  });

  test('is nobody while only a proxy of our own machine is known of the caller', () => {
    const behind = sdp('c=IN IP4 203.0.113.9', 'm=audio 20000 RTP/AVP 0');
    assert.deepEqual(addresses(withMediaAtSource(behind, '127.0.0.1')), [
      'c=IN IP4 127.0.0.1',
      'm=audio 9 RTP/AVP 0',
    ]);
    const local = sdp('c=IN IP4 127.0.0.2', 'm=audio 20000 RTP/AVP 0');
    assert.match(withMediaAtSource(local, '127.0.0.1'), /c=IN IP4 127\.0\.0\.1\r\nm=audio 20000 /);
  });

  for (const [title, hidden] of [
    ['a lone carriage return', 'a=x\rc=IN IP4 203.0.113.9'],
    ['a null', 'a=x\0c=IN IP4 203.0.113.9'],
    ['blanks before it', ' \tc=IN IP4 203.0.113.9'],
    ['blanks in it', 'c= IN  IP4 203.0.113.9'],
    ['a capital letter', 'C=IN IP4 203.0.113.9'],
    ['RTCP behind a carriage return', 'a=x\ra=rtcp:5 IN IP4 203.0.113.9'],
  ] as const) {
    test(`is not hidden behind ${title}`, () => {
      const named = sdp('c=IN IP4 192.0.2.7', 'm=audio 4000 RTP/AVP 0', hidden);
      const pinned = withMediaAtSource(named, '192.0.2.7');
      assert.doesNotMatch(pinned.replaceAll(/^a=x-media-from:.*$/gm, ''), /203\.0\.113\.9/);
      assert.match(pinned, /c=IN IP4 192\.0\.2\.7\r\nm=audio 4000/);
    });
  }

  test('a call on hold stays on hold', () => {
    const held = sdp('c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 0');
    assert.ok(withMediaAtSource(held, '192.0.2.7').startsWith(held));
    assert.equal(withMediaAtSource(held, '2001:db8::7').includes('c=IN IP4 0.0.0.0'), true);
  });
});

test('events at another clock rate are none that we hear', () => {
  const offer = (rate: string): string =>
    sdp('c=IN IP4 10.0.0.5', 'm=audio 4000 RTP/AVP 0 101', `a=rtpmap:101 telephone-event/${rate}`);
  assert.equal(hasTelephoneEvent(offer('8000')), true);
  assert.equal(hasTelephoneEvent(offer('48000')), false);
});

describe('what a caller is told of us', () => {
  test('has one origin in a call, whose version rises with every change and with nothing else', () => {
    const ours = new LocalDescription();
    const first = offerToCaller(STAND_IN_OFFER.replace('audio 9', 'audio 30000')) ?? '';
    const origins = [
      first,
      first,
      first.replace('a=sendrecv', 'a=recvonly'),
      `${first}a=x\r\n`.replace('o=dialgate 1', 'o=FS 7'),
    ]
      .map((text) => /^o=(\S+ \d+) (\d+) /m.exec(ours.tell(text)) ?? [])
      .map(([, origin, version]) => [origin, version]);
    assert.deepEqual(
      origins.map(([, version]) => version),
      ['1', '1', '2', '3'],
    );
    assert.equal(new Set(origins.map(([origin]) => origin)).size, 1);
  });
});

describe('an answer to an offer of ours', () => {
  const answer = sdp(
    'm=audio 4000 RTP/AVP 8 96',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:96 telephone-event/8000',
    'a=fmtp:96 0-15',
  );

  test('that calls events by another number than we did is offered on with ours: that is what he sends', () => {
    const offered = answerAsOffer(answer);
    assert.match(offered, /^m=audio 4000 RTP\/AVP 8 101\r$/m);
    assert.match(offered, /^a=rtpmap:101 telephone-event\/8000\r$/m);
    assert.match(offered, /^a=fmtp:101 0-15\r$/m);
    assert.doesNotMatch(offered, /96/);
  });

  test('with our number, or without events, is offered on as it is', () => {
    const usual = answer.replaceAll('96', '101');
    assert.equal(answerAsOffer(usual), usual);
    const none = sdp('m=audio 9696 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000');
    assert.equal(answerAsOffer(none), none);
  });
});

test('until a caller has proved its address nobody is sent to, in the version of IP that it names; a call on hold stays there', () => {
  const two = sdp(
    'c=IN IP4 192.0.2.7',
    'm=audio 4000 RTP/AVP 0',
    'c=IN IP6 2001:db8::7',
    'm=audio 0 RTP/AVP 0',
  );
  assert.deepEqual(addresses(withMediaNowhere(two)), [
    'c=IN IP4 127.0.0.1',
    'm=audio 9 RTP/AVP 0',
    'c=IN IP6 ::1',
    'm=audio 0 RTP/AVP 0',
  ]);
  const held = sdp('c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 0', 'c=IN IP6 ::');
  assert.deepEqual(addresses(withMediaNowhere(held)), [
    'c=IN IP4 0.0.0.0',
    'm=audio 9 RTP/AVP 0',
    'c=IN IP6 ::',
  ]);
});
