import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialledKind } from '../../../sip/caller.js';
import { readBinding } from '../../../sip/contact.js';
import { offerToCaller, STAND_IN_OFFER } from '../../../sip/late-offer.js';
import { readOffer } from '../../../sip/offer.js';
import type { SipRequest } from '../../../sip/sip-messages.js';
import { dialledNumber, escapeUser, flowUri, uriUser } from '../../../sip/sip-uri.js';

describe('what was dialled', () => {
  test('is the same in every way of writing it', () => {
    const same: Record<string, string[]> = {
      '*89': [
        'sip:*89@host',
        'sip:*89@host:5060;user=phone',
        'sips:*89;x=y@host',
        'sip:%2a89@host',
        'SIP:*89@host',
      ],
      '*89*123456#': ['sip:*89*123456#@host', 'sip:*89*123456%23@host;user=phone'],
      '112': [
        'tel:112',
        'tel:112;phone-context=+49',
        'sip:112@host',
        'sip:112:pw@host',
        'sip:1-1-2@host;user=phone',
      ],
      '+49301234': ['tel:+49-30-1234', 'sip:+49(30)1234@host', 'sip:%2B49301234@host'],
      '0911234': ['sip:0911234@host'],
      'alice.smith': ['sip:alice.smith@host'],
      '': ['sip:host', 'sip:@host', 'urn:service:sos', 'garbage', ''],
    };
    for (const [number, uris] of Object.entries(same)) {
      for (const uri of uris) assert.equal(dialledNumber(uri), number, uri);
    }
  });

  test('a lone % is taken as it is', () => {
    assert.equal(uriUser('sip:50%@host'), '50%');
  });

  test('is told by kind only', () => {
    const kinds = {
      service: ['*89', '*89#'],
      pap: ['*89*123456', '*89*123456#', '*89*1'],
      code: ['1234', '0301234', '123456789012', '*8912345678', '1234#'],
      other: ['123', '1234567890123', '*89123', '*89*12a', '+4930', 'front.desk', ''],
    };
    for (const [kind, dialled] of Object.entries(kinds))
      for (const one of dialled) assert.equal(dialledKind(one), kind, one);
  });
});

describe('URIs of ours', () => {
  test('a user part keeps what may stand there and escapes the rest', () => {
    assert.equal(escapeUser('+4930*1'), '+4930*1');
    assert.equal(escapeUser('a b@c>'), 'a%20b%40c%3E');
  });

  test('a flow is a URI with its transport; IPv6 has its brackets', () => {
    assert.equal(
      flowUri({ protocol: 'tcp', address: '192.0.2.1', port: 40001 }),
      'sip:192.0.2.1:40001;transport=tcp',
    );
    assert.equal(
      flowUri({ protocol: 'udp', address: '2001:db8::1', port: 5060 }),
      'sip:[2001:db8::1]:5060;transport=udp',
    );
  });
});

describe('what a REGISTER asks for', () => {
  test("a contact's own expires goes before the header, and there is a default", () => {
    const register = (contact: string, expiresSeconds: number): unknown => ({
      kind: 'register',
      contact,
      expiresSeconds,
    });
    assert.deepEqual(
      readBinding('<sip:a@h;transport=tcp>;expires=60', '300'),
      register('sip:a@h;transport=tcp', 60),
    );
    assert.deepEqual(readBinding('"A, B" <sip:a@h>;q=0.5', '300'), register('sip:a@h', 300));
    assert.deepEqual(readBinding('sip:a@h;expires=90', undefined), register('sip:a@h', 90));
    assert.deepEqual(readBinding('<sip:a@h>', undefined), register('sip:a@h', 3600));
    assert.deepEqual(readBinding('<sip:a@h>', 'soon'), register('sip:a@h', 3600));
    assert.deepEqual(
      readBinding('<sip:old@h>;expires=0, <sip:new@h>;+sip.instance="<urn:x>"', '60'),
      register('sip:new@h', 60),
    );
  });

  test('0 and * end it, no contact asks', () => {
    assert.deepEqual(readBinding('<sip:a@h>', '0'), { kind: 'unregister' });
    assert.deepEqual(readBinding('<sip:a@h>;expires=0', '300'), { kind: 'unregister' });
    assert.deepEqual(readBinding('*', '0'), { kind: 'unregister' });
    assert.deepEqual(readBinding(undefined, '300'), { kind: 'query' });
  });

  test('garbage is called so', () => {
    for (const contact of ['*;x', '<sip:a@h', 'mailto:a@h', '<sip:a@h> trailing', ',', '']) {
      assert.deepEqual(readBinding(contact, '300'), { kind: 'malformed' }, contact);
    }
    assert.deepEqual(readBinding('*', '300'), { kind: 'malformed' });
  });
});

const SDP =
  'v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n';

function invite(body: string, type = 'application/sdp', payload: SipRequest['payload'] = []): SipRequest {
  return { body, payload, get: () => type } as unknown as SipRequest;
}

describe('what an INVITE offers', () => {
  test('audio, with or without telephone-event', () => {
    assert.deepEqual(readOffer(invite(SDP)), { kind: 'sdp', sdp: SDP, hasTelephoneEvent: true });
    const plain = SDP.replace(/a=rtpmap.*\r\n/, '');
    assert.deepEqual(readOffer(invite(plain)), { kind: 'sdp', sdp: plain, hasTelephoneEvent: false });
  });

  test('nothing, something else than SDP, or no audio that can be had', () => {
    assert.equal(readOffer(invite('')).kind, 'none');
    assert.equal(readOffer(invite('<x/>', 'text/xml')).kind, 'unsupported-type');
    assert.equal(readOffer(invite(SDP.replace('audio 4000', 'audio 0'))).kind, 'no-audio');
    assert.equal(readOffer(invite(SDP.replace('audio', 'video'))).kind, 'no-audio');
    assert.equal(readOffer(invite(SDP.replace('RTP/AVP', 'RTP/SAVP'))).kind, 'no-audio');
  });

  test('the SDP part of a multipart body', () => {
    const parts = [
      { type: 'application/pidf+xml', content: '<x/>' },
      { type: 'application/sdp', content: SDP },
    ];
    assert.equal(readOffer(invite('--x…', 'multipart/mixed;boundary=x', parts)).kind, 'sdp');
  });

  test('an offer of ours has the address at which the media server waits', () => {
    const offer = offerToCaller(SDP);
    assert.match(offer ?? '', /c=IN IP4 192\.0\.2\.7\r\n[^]*m=audio 4000 RTP\/AVP 8 0 101\r\n/);
    assert.equal(offerToCaller('v=0\r\n'), null);
    assert.equal(readOffer(invite(STAND_IN_OFFER)).kind, 'sdp');
  });
});
