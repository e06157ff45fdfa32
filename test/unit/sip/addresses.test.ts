import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialledKind } from '../../../sip/caller.js';
import { readContacts } from '../../../sip/registrar/contact.js';
import { offerToCaller, STAND_IN_OFFER } from '../../../sip/media/late-offer.js';
import { readOffer } from '../../../sip/media/offer.js';
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
      'urn:service:sos': ['urn:service:sos', 'URN:service:SOS'],
      'alice.smith': ['sip:alice.smith@host'],
      '': ['sip:host', 'sip:@host', 'garbage', ''],
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
    const one = (uri: string, expiresSeconds: number): unknown => [{ uri, expiresSeconds }];
    assert.deepEqual(
      readContacts('<sip:a@h;transport=tcp>;expires=60', '300'),
      one('sip:a@h;transport=tcp', 60),
    );
    assert.deepEqual(readContacts('"A, B" <sip:a@h>;q=0.5', '300'), one('sip:a@h', 300));
    assert.deepEqual(readContacts('sip:a@h;expires=90', undefined), one('sip:a@h', 90));
    assert.deepEqual(readContacts('<sips:a@h>', undefined), one('sips:a@h', 3600));
    assert.deepEqual(readContacts('<sip:a@h>', 'soon'), one('sip:a@h', 3600));
    assert.deepEqual(readContacts('<sip:a@h>', '0'), one('sip:a@h', 0));
  });

  test('several contacts are each for themselves; what belongs to outbound (RFC 5626) is passed over', () => {
    assert.deepEqual(
      readContacts('<sip:old@h>;expires=0, <sip:new@h;ob>;reg-id=1;+sip.instance="<urn:uuid:x>"', '60'),
      [
        { uri: 'sip:old@h', expiresSeconds: 0 },
        { uri: 'sip:new@h;ob', expiresSeconds: 60 },
      ],
    );
  });

  test('* takes all away, if it says so by Expires, and no contact asks', () => {
    assert.equal(readContacts('*', '0'), '*');
    assert.deepEqual(readContacts(undefined, '300'), []);
  });

  test('garbage is called so, and so is more than a phone can have', () => {
    const many = Array.from({ length: 9 }, (_, at) => `<sip:a@h${at}>`).join();
    const long = `<sip:${'a'.repeat(600)}@h>`;
    for (const contact of [
      '*;x',
      '*, <sip:a@h>',
      '<sip:a@h',
      'mailto:a@h',
      '<sip:a@h> trailing',
      ',',
      'sip:a@h?Route=%3Csip:b%3E',
      '',
      many,
      long,
    ]) {
      assert.equal(readContacts(contact, '0'), null, contact);
    }
    assert.equal(readContacts('*', '300'), null);
    assert.equal(readContacts('*', undefined), null);
  });
});

const SDP =
  'v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n';

function invite(body: string, type = 'application/sdp', payload: SipRequest['payload'] = []): SipRequest {
  return {
    body,
    payload,
    get: () => type,
    protocol: 'udp',
    source_address: '192.0.2.7',
  } as unknown as SipRequest;
}

describe('what an INVITE offers', () => {
  test('audio, with or without telephone-event', () => {
    const from = 'a=x-media-from:192.0.2.7\r\n';
    assert.deepEqual(readOffer(invite(SDP)), { kind: 'sdp', sdp: SDP + from, hasTelephoneEvent: true });
    const plain = SDP.replace(/a=rtpmap.*\r\n/, '');
    const read = { kind: 'sdp', sdp: plain + from, hasTelephoneEvent: false };
    assert.deepEqual(readOffer(invite(plain)), read);
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
