import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDescription, mediaOfCaller } from '../../../sip/emergency/caller-media.js';

const PHONE = '198.51.100.7';

function sdp(...lines: string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 10.0.0.5', 's=-', ...lines, ''].join('\r\n');
}

const at = (address: string, ...lines: string[]): string =>
  sdp(`c=IN IP${address.includes(':') ? 6 : 4} ${address}`, 't=0 0', 'm=audio 4000 RTP/AVP 0', ...lines);

describe('the audio of an emergency call', () => {
  test('is sent where the caller wants it, if that is where the call comes from', () => {
    for (const isKnown of [true, false]) {
      assert.equal(mediaOfCaller(at(PHONE), PHONE, isKnown), at(PHONE));
      assert.equal(mediaOfCaller(at('2001:db8::7'), '2001:db8::7', isKnown), at('2001:db8::7'));
      assert.equal(mediaOfCaller(at('2001:0DB8:0::7'), '2001:db8::7', isKnown), at('2001:0DB8:0::7'));
      assert.equal(mediaOfCaller('', PHONE, isKnown), '');
      const held = at('0.0.0.0');
      assert.equal(mediaOfCaller(held, PHONE, isKnown), held, 'a call on hold');
    }
  });

  test('is not sent to another host, however the SDP names it', () => {
    for (const isKnown of [true, false]) {
      for (const named of ['203.0.113.9', 'victim.example', '127.0.0.2', '203.0.113.9/127/3']) {
        assert.equal(mediaOfCaller(at(named), PHONE, isKnown), at(PHONE), named);
      }
      for (const hidden of [
        '\rc=IN IP4 203.0.113.9',
        '\0c=IN IP4 203.0.113.9',
        '  C = IN IP4  203.0.113.9',
      ]) {
        const read = mediaOfCaller(at(PHONE) + hidden, PHONE, isKnown);
        assert.doesNotMatch(read, /203\.0\.113\.9/, JSON.stringify(hidden));
      }
      assert.equal(mediaOfCaller(at('2001:db8::9'), PHONE, isKnown), at(PHONE), 'of another version of IP');
    }
    const others = ['a=rtcp:53 IN IP4 203.0.113.9', 'a=candidate:1 1 udp 1 203.0.113.9 53 typ host'];
    assert.equal(mediaOfCaller(at(PHONE, ...others), PHONE, false), at(PHONE), 'by RTCP or ICE');
    assert.equal(mediaOfCaller(at('127.0.0.9'), '127.0.0.1', false), at('127.0.0.1'), 'on one machine');
  });

  test('goes to the private address of a phone behind a NAT as it did, if the phone is known', () => {
    for (const address of ['10.0.0.5', '192.168.1.5', '172.31.0.5', '100.64.0.5', '169.254.1.5', 'fd00::5']) {
      assert.equal(mediaOfCaller(at(address), PHONE, true), at(address));
      assert.equal(mediaOfCaller(at(address), PHONE, false), at(PHONE));
    }
    for (const address of ['172.32.0.5', '100.128.0.5', '11.0.0.5'])
      assert.equal(mediaOfCaller(at(address), PHONE, true), at(PHONE), address);
  });

  test('goes where the SDP says if only a proxy on our own machine is known of the caller', () => {
    for (const isKnown of [true, false])
      assert.equal(mediaOfCaller(at(PHONE), '127.0.0.1', isKnown), at(PHONE));
  });

  test('a caller who is not known says nothing else of itself', () => {
    const said = sdp(
      'i=help',
      'p=+49301234',
      'e=a@b.example',
      'c=IN IP4 198.51.100.7',
      'm=audio 4000 RTP/AVP 0',
    );
    assert.equal(mediaOfCaller(said, PHONE, true), said);
    assert.doesNotMatch(mediaOfCaller(said, PHONE, false), /^[iep]=/m);
  });
});

test('a body without media is no description', () => {
  assert.equal(isDescription(at(PHONE)), true);
  for (const body of ['', 'v=0\r\n', 'help', 'm=audio 4000 RTP/AVP 0\r\n', `<x/>\r\n${at(PHONE)}`])
    assert.equal(isDescription(body), false, body);
});
