/** What the embedded SIP server drops before it costs anything, and what it never drops. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FloodGuard } from '../../embedded/drachtio/flood-guard.js';
import { KnownPhones } from '../../embedded/drachtio/known-phones.js';
import { SourcePenalties } from '../../embedded/drachtio/source-penalties.js';
import type { Flow } from '../../telephony/sip/flow.js';
import { createRequest, createResponse, type SipRequest } from '../../telephony/sip/message.js';

const FLOW: Flow = {
  protocol: 'udp',
  remoteAddress: '192.0.2.1',
  remotePort: 5060,
  localAddress: '192.0.2.99',
  localPort: 5060,
};

class Clock {
  milliseconds = 0;
  readonly now = (): number => this.milliseconds;
}

const from = (remotePort: number, remoteAddress = FLOW.remoteAddress): Flow => ({
  ...FLOW,
  remoteAddress,
  remotePort,
});

function note(penalties: SourcePenalties, flow: Flow, status: number, times: number): void {
  for (let n = 0; n < times; n++) penalties.note(flow, 'REGISTER', status);
}

test('who comes to nothing again and again is not listened to until it wears off; his neighbours are', () => {
  const clock = new Clock();
  const penalties = new SourcePenalties(clock.now);
  note(penalties, FLOW, 401, 399);
  assert.equal(penalties.isOver(FLOW), false);
  note(penalties, FLOW, 403, 1);
  assert.equal(penalties.isOver(FLOW), true);
  assert.equal(penalties.isOver(from(5061)), false);
  clock.milliseconds += 1000;
  assert.equal(penalties.isOver(FLOW), false);
});

test('phones that get in cost nothing, however many they are and whatever their way', () => {
  const penalties = new SourcePenalties(new Clock().now);
  for (let n = 0; n < 20_000; n++) {
    penalties.note(FLOW, 'REGISTER', 401);
    penalties.note(FLOW, 'REGISTER', 200);
  }
  assert.equal(penalties.isOver(FLOW), false);
  note(penalties, FLOW, 503, 10_000);
  assert.equal(penalties.isOver(FLOW), false, 'what is our own fault is not theirs');
});

test('what anybody is granted makes nobody a phone of ours', () => {
  const clock = new Clock();
  const penalties = new SourcePenalties(clock.now);
  for (let n = 0; n < 900; n++) {
    penalties.note(FLOW, 'OPTIONS', 200);
    clock.milliseconds += 1000;
  }
  assert.equal(penalties.isOver(FLOW), false, 'a keep-alive every second');
  for (let n = 0; n < 900; n++) penalties.note(FLOW, 'OPTIONS', 200);
  assert.equal(penalties.isOver(FLOW), true);
});

test('a flood from many ports is one of its address, where who has got in before stays at home', () => {
  const penalties = new SourcePenalties(new Clock().now);
  penalties.note(from(1), 'REGISTER', 200);
  for (let port = 1000; port < 1100; port++) note(penalties, from(port), 401, 50);
  assert.equal(penalties.isOver(from(2)), true);
  assert.equal(penalties.isOver(from(1)), false);
  assert.equal(penalties.isOver(from(1, '192.0.2.2')), false);
  for (let port = 1000; port < 1100; port++)
    note(penalties, from(port, `2001:db8::${port.toString(16)}`), 401, 50);
  assert.equal(penalties.isOver(from(7, '2001:db8::ffff')), true, 'an IPv6 host has a /64 of addresses');
});

test('what is our own fault is held against nobody who has got in, and against others like any refusal', () => {
  const penalties = new SourcePenalties(new Clock().now);
  note(penalties, from(1), 200, 1);
  note(penalties, from(1), 503, 1000);
  assert.equal(penalties.isOver(from(1)), false);
  note(penalties, from(2), 504, 1000);
  assert.equal(penalties.isOver(from(2)), true, 'an answer to a forged sender, and nothing else');
  for (const status of [501, 505, 513]) note(penalties, from(1), status, 200);
  assert.equal(penalties.isOver(from(1)), true, 'the fault of the request');
});

test('a burst that is answered before it is counted keeps a phone out no longer than a flood that goes on', () => {
  const clock = new Clock();
  const penalties = new SourcePenalties(clock.now);
  note(penalties, FLOW, 401, 9000);
  assert.equal(penalties.isOver(FLOW), true);
  clock.milliseconds += 1050;
  assert.equal(penalties.isOver(FLOW), false);
});

/** A REGISTER of the account, with credentials for a nonce if one is given. */
function register(user: string, nonce?: string): SipRequest {
  return createRequest({
    method: 'REGISTER',
    uri: 'sip:gate.example',
    headers: {
      From: `"Phone" <sip:${user}@gate.example>;tag=1`,
      To: `<sip:${user}@gate.example>`,
      ...(nonce === undefined
        ? {}
        : { Authorization: `Digest username="${user}", nonce="${nonce}", uri="x"` }),
    },
  });
}

const head = ({ headers }: SipRequest): string =>
  `REGISTER sip:gate.example SIP/2.0\r\n${[...headers].map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`;

function challenged(phones: KnownPhones, nonce: string): void {
  const headers = { 'WWW-Authenticate': `Digest realm="x, y", nonce="${nonce}", algorithm=MD5` };
  phones.note(FLOW, register('a'), createResponse(register('a'), 401, { headers }));
}

test('a phone is known by the nonce that it was sent, at whatever port, a few times', () => {
  const phones = new KnownPhones(new Clock().now);
  challenged(phones, 'one');
  assert.equal(phones.recognise(FLOW, head(register('a'))), false, 'without it anybody could be');
  assert.equal(phones.recognise(FLOW, head(register('a', 'two'))), false);
  assert.equal(
    phones.recognise(from(5060, '192.0.2.2'), head(register('a', 'one'))),
    false,
    'at another address',
  );
  for (let n = 0; n < 4; n++) assert.equal(phones.recognise(from(n), head(register('a', 'one'))), true);
  assert.equal(phones.recognise(FLOW, head(register('a', 'one'))), false, 'guesses at a password');
  phones.note(FLOW, register('a', 'one'), createResponse(register('a', 'one'), 200));
  assert.equal(phones.recognise(FLOW, head(register('a', 'one'))), true, 'it was right');
});

test('a phone that has registered is known by the name of its account, which has an allowance of its own', () => {
  const clock = new Clock();
  const phones = new KnownPhones(clock.now);
  phones.note(FLOW, register('a', 'x'), createResponse(register('a', 'x'), 200));
  assert.equal(phones.recognise(from(7), head(register('b'))), false);
  for (let n = 0; n < 100; n++) assert.equal(phones.recognise(from(7), head(register('a'))), true);
  assert.equal(phones.recognise(from(7), head(register('a'))), false);
  clock.milliseconds += 1000;
  assert.equal(phones.recognise(FLOW, head(register('a'))), true);
});

test('who floods from an address of its own gets nonces, but no more through than its address may have', () => {
  const phones = new KnownPhones(new Clock().now);
  let admitted = 0;
  for (let n = 0; n < 1000; n++) {
    challenged(phones, `n${n}`);
    if (phones.recognise(FLOW, head(register('a', `n${n}`)))) admitted += 1;
  }
  assert.equal(admitted, 400);
});

/** A guard whose FLOW has come to nothing too often. */
function guarded(): FloodGuard {
  const guard = new FloodGuard(() => undefined, new SourcePenalties(new Clock().now));
  for (let n = 0; n < 500; n++) guard.noteAnswer(FLOW, 'INVITE', 403);
  return guard;
}

const admits = (guard: FloodGuard, requestLine: string): boolean =>
  guard.admits(Buffer.from(`${requestLine} SIP/2.0\r\nVia: …`), FLOW);

test('calls to emergency numbers pass, as does what belongs to a call; nothing else of a flood', () => {
  const guard = guarded();
  guard.protect(['112', '911', '*110']);
  const passing = [
    'INVITE sip:112@example.org',
    'INVITE sip:112%23@example.org',
    'INVITE sips:911;phone-context=x@example.org',
    'INVITE tel:1-1-2',
    'INVITE sip:%2a110@example.org',
    'INVITE urn:service:sos.fire',
    'BYE sip:x@example.org',
    'ACK sip:x@example.org',
    'CANCEL sip:x@example.org',
  ];
  for (const line of passing) assert.equal(admits(guard, line), true, line);
  assert.equal(guard.admits(Buffer.from('SIP/2.0 200 OK\r\n'), FLOW), true);
  assert.equal(guard.dropped, 0);
  for (const line of [
    'INVITE sip:0911234@example.org',
    'INVITE sip:100@example.org',
    'INVITE sip:example.org',
    'REGISTER sip:112@example.org',
    'OPTIONS sip:112@example.org',
  ])
    assert.equal(admits(guard, line), false, line);
  assert.equal(guard.dropped, 5);
});

test('as long as nobody has said which numbers are for emergencies, none is dropped that could be', () => {
  const guard = guarded();
  assert.equal(admits(guard, 'INVITE sip:08001234567@example.org'), true);
  assert.equal(admits(guard, 'INVITE sip:alice@example.org'), false);
  guard.protect(['112']);
  assert.equal(admits(guard, 'INVITE sip:08001234567@example.org'), false);
  guard.protect(undefined);
  assert.equal(admits(guard, 'INVITE sip:08001234567@example.org'), true);
});

test('scanners get no answer, unless they call for help', () => {
  const told: number[] = [];
  const guard = new FloodGuard((dropped) => told.push(dropped));
  guard.protect(['112']);
  const ignored = (method: string, uri: string, agent: string): boolean =>
    guard.ignores(createRequest({ method, uri, headers: { 'User-Agent': agent } }));
  assert.equal(ignored('OPTIONS', 'sip:100@192.0.2.99', 'friendly-scanner'), true);
  assert.equal(ignored('REGISTER', 'sip:192.0.2.99', 'sipcli/v1.8'), true);
  assert.equal(ignored('INVITE', 'sip:00972@192.0.2.99', 'VaxSIPUserAgent/3.1'), true);
  assert.equal(ignored('INVITE', 'sip:112@192.0.2.99', 'friendly-scanner'), false);
  for (const agent of ['Yealink SIP-T46G 28.83.0.120', 'snomD785/10.1', 'PolycomVVX-VVX_411-UA/5.9', ''])
    assert.equal(ignored('REGISTER', 'sip:192.0.2.99', agent), false, agent);
  assert.deepEqual([guard.dropped, told], [3, [1]], 'and it is told once a minute');
});
