import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { SipHeaders } from '../../../telephony/sip/headers.js';
import {
  createRequest,
  createResponse,
  type SipMessage,
  serializeMessage,
} from '../../../telephony/sip/message.js';
import { MAX_HEADER_FIELDS, MAX_MESSAGE_BYTES, parseMessage } from '../../../telephony/sip/parse.js';
import { decodeText, encodeText } from '../../../telephony/sip/text.js';
import { ALICE_INVITE, BOB_OK, COMPACT_REGISTER, wire } from './sip-samples.js';

function parsed(bytes: Buffer): SipMessage {
  const message = parseMessage(bytes);
  if (message.kind === 'malformed') assert.fail(message.reason);
  return message;
}

/** A message without what serialising adds. */
function essence(message: SipMessage) {
  const { headers, body, ...line } = message;
  return {
    ...line,
    headers: [...headers].filter(([name]) => name !== 'Content-Length'),
    body: body.toString('hex'),
  };
}

test('an INVITE of RFC 3261 is read with all its parts', () => {
  const message = parsed(ALICE_INVITE);
  assert.equal(message.kind === 'request' && message.method, 'INVITE');
  assert.equal(message.kind === 'request' && message.uri, 'sip:bob@biloxi.example.com');
  assert.equal(message.headers.get('call-id'), '3848276298220188511@atlanta.example.com');
  assert.equal(message.body.length, 151);
  assert.match(message.body.toString(), /^v=0\r\n.*m=audio 49172/s);
});

test('a response of RFC 3261 is read, folded lines and comma lists included', () => {
  const message = parsed(BOB_OK);
  assert.equal(message.kind === 'response' && message.status, 200);
  assert.equal(message.kind === 'response' && message.reason, 'OK');
  assert.deepEqual(message.headers.all('Via'), [
    'SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1 ;received=192.0.2.2',
    'SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds ;received=192.0.2.1',
  ]);
  assert.deepEqual(message.headers.all('Record-Route'), [
    '<sip:p2.biloxi.com;lr>',
    '<sip:p1.atlanta.com;lr>',
  ]);
});

test('compact header names equal long ones and leave in their long form', () => {
  const message = parsed(COMPACT_REGISTER);
  assert.equal(message.headers.get('From'), 'Bob <sip:bob@biloxi.com>;tag=456248');
  assert.match(serializeMessage(message).toString(), /\r\nVia: .*\r\nContact: <sip:bob@192\.0\.2\.4>\r\n/s);
});

test('bare line feeds end lines as well', () => {
  const message = parsed(Buffer.from('OPTIONS sip:a@b SIP/2.0\nTo: <sip:a@b>\nl: 2\n\nhi, and more'));
  assert.equal(message.headers.get('To'), '<sip:a@b>');
  assert.equal(message.body.toString(), 'hi');
});

test('without Content-Length the body is the rest of the datagram', () => {
  assert.equal(parsed(wire('MESSAGE sip:a@b SIP/2.0\nTo: <sip:a@b>\n\nhello')).body.toString(), 'hello');
});

test('Content-Length is right whatever the headers say', () => {
  const request = createRequest({
    method: 'INFO',
    uri: 'sip:a',
    headers: { 'Content-Length': '7' },
    body: 'grün',
  });
  assert.match(serializeMessage(request).toString(), /\r\nContent-Length: 5\r\n\r\ngrün$/);
  assert.equal(
    serializeMessage(request)
      .toString()
      .match(/Content-Length/g)?.length,
    1,
  );
});

test('a line break in a value, a URI or a reason makes no header line', () => {
  const request = createRequest({
    method: 'INFO',
    uri: 'sip:a\r\nX-Evil: 1',
    headers: { Subject: 'a\r\nX-Evil: 2' },
  });
  const bytes = serializeMessage(createResponse(request, 200, { reason: 'OK\r\nX-Evil: 3' }));
  for (const sent of [serializeMessage(request), bytes]) {
    assert.doesNotMatch(sent.toString(), /^X-Evil/m);
  }
});

test('a Latin-1 display name comes back byte for byte', () => {
  const from = Buffer.concat([
    Buffer.from('From: "M'),
    Buffer.of(0xfc),
    Buffer.from('ller \u20ac" <sip:m@b>;tag=1\r\n'),
  ]);
  const bytes = Buffer.concat([Buffer.from('OPTIONS sip:a@b SIP/2.0\r\n'), from, Buffer.from('\r\n')]);
  assert.ok(serializeMessage(createResponse(parsed(bytes) as never, 200)).includes(from));
});

test('a response copies what RFC 3261 8.2.6 says and gets its To tag once', () => {
  const invite = parsed(ALICE_INVITE);
  assert.ok(invite.kind === 'request');
  invite.headers.add('Record-Route', '<sip:p1;lr>');
  const ringing = createResponse(invite, 180, { toTag: 'abc' });
  assert.equal(ringing.headers.get('To'), 'Bob <sip:bob@biloxi.example.com>;tag=abc');
  assert.equal(ringing.headers.get('Record-Route'), '<sip:p1;lr>');
  assert.equal(ringing.reason, 'Ringing');
  assert.equal(createResponse(invite, 486).headers.has('Record-Route'), false);
  const inDialog = createRequest({ method: 'BYE', uri: 'sip:a', headers: { To: '<sip:a>;tag=x' } });
  assert.equal(createResponse(inDialog, 200, { toTag: 'y' }).headers.get('To'), '<sip:a>;tag=x');
});

test('too large a message and too many headers are refused with 513', () => {
  const large = Buffer.concat([ALICE_INVITE, Buffer.alloc(MAX_MESSAGE_BYTES)]);
  const many = wire(`OPTIONS sip:a@b SIP/2.0\n${'X: y\n'.repeat(MAX_HEADER_FIELDS + 1)}\n`);
  for (const bytes of [large, many]) {
    const result = parseMessage(bytes);
    assert.equal(result.kind === 'malformed' && result.status, 513);
  }
});

const token = fc.string({
  unit: fc.constantFrom(..."abcXYZ019-.!%*_+`'~".split('')),
  minLength: 1,
  maxLength: 12,
});
const line = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((text) => text.replace(/[\r\n\0]/g, '').replace(/^[ \t]+|[ \t]+$/g, ''));
const headers = fc
  .array(fc.tuple(fc.oneof(token, fc.constantFrom('Via', 'From', 'CSeq', 'v', 'Contact')), line), {
    maxLength: 12,
  })
  .map((fields) => fields.filter(([name]) => !/^(l|content-length)$/i.test(name)));
const body = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const anyMessage: fc.Arbitrary<SipMessage> = fc.oneof(
  fc
    .record({
      method: token,
      uri: fc.string({ unit: fc.constantFrom(...'sip:@ab;=?%<>"'.split('')), minLength: 1 }),
      headers,
      body,
    })
    .map((init) => createRequest(init)),
  fc
    .record({ status: fc.integer({ min: 100, max: 699 }), reason: line, headers, body })
    .map((init) => ({ ...init, kind: 'response' as const, headers: new SipHeaders(init.headers) })),
);

test('what is serialised is parsed to the same message', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      assert.deepEqual(essence(parsed(serializeMessage(message))), essence(message));
    }),
  );
});

test('no bytes make the parser throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void parseMessage(Buffer.from(bytes))));
  const damage = fc.array(fc.tuple(fc.nat(ALICE_INVITE.length - 1), fc.nat(255)), { maxLength: 20 });
  fc.assert(
    fc.property(damage, fc.nat(ALICE_INVITE.length), (changes, length) => {
      const bytes = Buffer.from(ALICE_INVITE);
      for (const [at, value] of changes) bytes[at] = value;
      parseMessage(bytes.subarray(0, length));
    }),
  );
});

test('bytes survive being text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      assert.deepEqual(encodeText(decodeText(Buffer.from(bytes))), Buffer.from(bytes));
    }),
  );
});
