/**
 * Messages of RFC 4475, "SIP Torture Test Messages". The names in brackets are those of the RFC.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCSeq, type SipRequest } from '../../../telephony/sip/message.js';
import { parseNameAddr, tagOf } from '../../../telephony/sip/name-addr.js';
import { parseMessage } from '../../../telephony/sip/parse.js';
import { parseUri } from '../../../telephony/sip/uri.js';
import { requestFault } from '../../../telephony/sip/validate.js';
import { parseVia } from '../../../telephony/sip/via.js';
import { wire } from './sip-samples.js';

function request(bytes: Buffer): SipRequest {
  const message = parseMessage(bytes);
  assert.ok(message.kind === 'request', message.kind === 'malformed' ? message.reason : 'a response');
  return message;
}

/** A request that is in order but for what the test puts into it. */
function otherwiseFine(line: string, changes: Record<string, string> = {}): Buffer {
  const headers = {
    Via: 'SIP/2.0/UDP host.example.com;branch=z9hG4bK1',
    From: '<sip:a@example.com>;tag=1',
    To: '<sip:b@example.com>',
    'Call-ID': 'x',
    CSeq: `1 ${line.split(' ')[0]}`,
    'Content-Length': '0',
    ...changes,
  };
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return wire(`${line}\n${fields.join('')}\n`);
}

test('a short tortuous INVITE is read (wsinv)', () => {
  const message = request(
    wire(`INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 150
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.3
s=-
c=IN IP4 192.0.2.4
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
`),
  );
  assert.equal(requestFault(message), undefined);
  assert.equal(tagOf(message.headers.get('To')), '1918181833n');
  assert.equal(parseNameAddr(message.headers.get('From') ?? '')?.displayName, 'J Rosenberg \\"');
  assert.equal(tagOf(message.headers.get('From')), '98asjd8');
  assert.deepEqual(parseCSeq(message.headers.get('CSeq')), { sequence: 9, method: 'INVITE' });
  const vias = message.headers.all('Via').map((via) => parseVia(via));
  assert.deepEqual(
    vias.map((via) => [via?.transport, via?.host, via?.params.get('branch')]),
    [
      ['UDP', '192.0.2.2', '390skdjuw'],
      ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
      ['UDP', '192.168.255.111', 'z9hG4bK30239'],
    ],
  );
  assert.equal(message.headers.get('NewFangledHeader'), 'newfangled value continued newfangled value');
  assert.equal(message.headers.get('Subject'), '');
  const contact = parseNameAddr(message.headers.first('Contact') ?? '');
  assert.equal(contact?.displayName, 'Quoted string ""');
  assert.deepEqual(
    [...(contact?.params ?? [])],
    [
      ['newparam', 'newvalue'],
      ['secondparam', true],
      ['q', '0.33'],
    ],
  );
  assert.equal(message.body.length, 150);
});

test('all characters that a method and a URI may have are taken (intmeth)', () => {
  const method = "!interesting-Method0123456789_*+`.%indeed'~";
  const uri =
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
  const message = request(otherwiseFine(`${method} ${uri} SIP/2.0`));
  assert.equal(message.method, method);
  assert.equal(requestFault(message), undefined);
  assert.equal(parseUri(message.uri)?.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  assert.equal(parseUri(message.uri)?.host, 'example.com');
});

test('escapes in the user part are undone, once (esc01, escnull, semiuri)', () => {
  assert.equal(parseUri('sip:sips%3Auser%40example.com@example.net')?.user, 'sips:user@example.com');
  assert.equal(parseUri('sip:null-%00-null@example.com')?.user, 'null-\0-null');
  assert.equal(parseUri('sip:user;par=u%40example.net@example.com')?.user, 'user;par=u@example.net');
  assert.equal(parseUri('sip:%2541@host')?.user, '%41');
});

test('bytes behind Content-Length are ignored (dblreq)', () => {
  const two = Buffer.concat([
    otherwiseFine('REGISTER sip:example.com SIP/2.0'),
    otherwiseFine('INVITE sip:b@c SIP/2.0'),
  ]);
  assert.equal(request(two).method, 'REGISTER');
  assert.equal(request(two).body.length, 0);
});

test('unusual and empty reason phrases are taken (unreason, noreason)', () => {
  const reason = '= 2**3 * 5**2 но сто девяносто девять - простое';
  const unusual = parseMessage(wire(`SIP/2.0 200 ${reason}\nCSeq: 1 INVITE\n\n`));
  assert.equal(unusual.kind === 'response' && unusual.reason, reason);
  const none = parseMessage(wire('SIP/2.0 100 \nCSeq: 1 INVITE\n\n'));
  assert.equal(none.kind === 'response' && none.status, 100);
});

const REFUSED: readonly [name: string, bytes: Buffer, status: number][] = [
  [
    'Content-Length beyond the datagram (clerr)',
    otherwiseFine('INVITE sip:a@b SIP/2.0', { 'Content-Length': '9999' }),
    400,
  ],
  [
    'a negative Content-Length (ncl)',
    otherwiseFine('INVITE sip:a@b SIP/2.0', { 'Content-Length': '-999' }),
    400,
  ],
  ['another version (badvers)', otherwiseFine('OPTIONS sip:t.watson@example.org SIP/7.0'), 505],
  ['a header line without a name', otherwiseFine('OPTIONS sip:a@b SIP/2.0', { ' ': 'x' }), 400],
];
for (const [name, bytes, status] of REFUSED) {
  test(`refused with ${status}: ${name}`, () => {
    const result = parseMessage(bytes);
    assert.ok(result.kind === 'malformed');
    assert.equal(result.status, status);
    // Enough of it is there to be answered.
    assert.equal(result.request?.headers.get('Call-ID'), 'x');
  });
}

for (const [name, line] of [
  ['white space in the Request-URI (lwsruri)', 'INVITE sip:user@example.com; lr SIP/2.0'],
  ['more than one space in the start-line (lwsstart)', 'INVITE  sip:user@example.com  SIP/2.0'],
  ['a space at the end of the start-line (trws)', 'OPTIONS sip:remote-target@example.com SIP/2.0 '],
  ['a status beyond all classes (bigcode)', 'SIP/2.0 4294967301 better not break the receiver'],
]) {
  test(`not taken for a message: ${name}`, () => {
    assert.equal(parseMessage(wire(`${line}\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n\n`)).kind, 'malformed');
  });
}

const UNFIT: readonly [name: string, bytes: Buffer, fault: RegExp][] = [
  [
    'separators without values in Via (badinv01)',
    otherwiseFine('INVITE sip:a@b SIP/2.0', { Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,' }),
    /Via/,
  ],
  [
    'CSeq beyond 32 bits (scalar02)',
    otherwiseFine('REGISTER sip:b SIP/2.0', { CSeq: '36893488147419103232 REGISTER' }),
    /CSeq/,
  ],
  [
    'an unbalanced quote in To (quotbal)',
    otherwiseFine('INVITE sip:a@b SIP/2.0', { To: '"Mr. J. User <sip:j.user@example.com>' }),
    /To/,
  ],
  [
    'brackets around the Request-URI (ltgtruri)',
    otherwiseFine('INVITE <sip:user@example.com> SIP/2.0'),
    /URI/,
  ],
  [
    'a CSeq of another method (mismatch01)',
    otherwiseFine('OPTIONS sip:a@b SIP/2.0', { CSeq: '8 INVITE' }),
    /Mismatch/,
  ],
  [
    'no To, From, Call-ID and CSeq (insuf)',
    wire('INVITE sip:a@b SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n\n'),
    /From/,
  ],
];
for (const [name, bytes, fault] of UNFIT) {
  test(`read, but unfit: ${name}`, () => assert.match(requestFault(request(bytes)) ?? 'fit', fault));
}
