/**
 * Where sound goes to in a call, and by which ways keys come: with phones that name other hosts,
 * hold, move, or know no events.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { startBench, type Bench } from './app-support/bench.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { RtpLeg } from './app-support/rtp-leg.js';
import type { Message } from './app-support/sip-wire.js';
import { until } from './app-support/wait.js';

/**
 * On a busy machine the first question may be over before the first packet of the phone tells where
 * it is; then it is asked again.
 */
const QUESTION_LIMIT_MS = 20_000;

let bench: Bench;
const opened: { close(): void }[] = [];
before(async () => {
  bench = await startBench();
  bench.internal.opened = { languages: ['en'], asks: 'pap', papDigits: 6, state: 'needed', attemptsLeft: 3 };
  bench.internal.verdicts = Array.from({ length: 4 }, () => ({ kind: 'accepted' as const }));
});
after(async () => {
  for (const one of opened) one.close();
  await bench.close();
});

async function openLeg(): Promise<RtpLeg> {
  const leg = await RtpLeg.open(String);
  opened.push(leg);
  return leg;
}

async function call(options: { body?: string; lateAnswer?: string }): Promise<PhoneCall> {
  const phone = await bench.phone();
  const made = await phone.call('*89', { ...options, lateOffer: options.lateAnswer !== undefined });
  made.lateAnswer = options.lateAnswer ?? null;
  await made.answered();
  return made;
}

function reinvite(on: PhoneCall, body: string, method = 'INVITE'): Promise<Message> {
  const type: [string, string][] = body === '' ? [] : [['Content-Type', 'application/sdp']];
  return on.request(method, [['Contact', on.contact], ...type], body);
}

const wasAttempted = (digits: string): boolean =>
  bench.internal.received.attempts.some((one) => one.digits === digits);

/** Waits for the attempt with these digits and the end of the call that made it. */
async function judged(digits: string, on: PhoneCall): Promise<void> {
  await until(`attempt with ${digits}`, () => wasAttempted(digits));
  await on.ended();
}

/** A host that never asked for a call. */
async function startVictim(): Promise<{ port: number; packets: () => number }> {
  const socket = createSocket('udp4');
  opened.push(socket);
  let packets = 0;
  socket.on('message', () => (packets += 1));
  socket.bind(0, '127.0.0.2');
  await once(socket, 'listening');
  return { port: socket.address().port, packets: () => packets };
}

const sdpOf = (address: string, port: number, ...lines: string[]): string =>
  [
    'v=0',
    `o=phone 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    ...lines,
  ]
    .concat('a=rtpmap:101 telephone-event/8000', '')
    .join('\r\n');

async function namesAnotherHost(): Promise<void> {
  const victim = await startVictim();
  const named = sdpOf('127.0.0.2', victim.port, `a=rtcp:${victim.port} IN IP4 127.0.0.2`);
  const one = await call({ body: named });
  await one.heard('enter-pin-6', 1, QUESTION_LIMIT_MS);
  assert.equal((await reinvite(one, named)).status, 200);
  one.media.key('111111#');
  await judged('111111', one);
  assert.equal(victim.packets(), 0, 'nothing was sent to a host that had not asked for a call');
}

async function holdsAndMoves(): Promise<void> {
  const one = await call({});
  await one.heard('enter-pin-6', 1, QUESTION_LIMIT_MS);
  const held = await reinvite(one, one.media.offer().replace('a=sendrecv', 'a=sendonly'));
  assert.match(held.body, /^a=recvonly\r$/m);
  const quietFrom = one.media.received;
  const resumed = await reinvite(one, one.media.offer());
  assert.doesNotMatch(resumed.body, /^a=(?:recvonly|sendonly|inactive)\r$/m);
  assert.ok(one.media.received - quietFrom <= 5, 'on hold nothing is sent');
  const inactive = await reinvite(one, one.media.offer().replace('sendrecv', 'inactive'), 'UPDATE');
  assert.match(inactive.body, /^a=inactive\r$/m);
  assert.equal((await reinvite(one, '', 'UPDATE')).status, 200);
  assert.equal((await reinvite(one, one.media.offer(), 'UPDATE')).status, 200);
  await until('sound again', () => one.media.received > quietFrom + 5);

  const elsewhere = await openLeg();
  one.lateAnswer = elsewhere.offer();
  const offered = await reinvite(one, '');
  assert.match(offered.body, /^m=audio [1-9]\d* RTP\/AVP 8 0 101\r$/m);
  elsewhere.connect(offered.body);
  await until('sound elsewhere', () => elsewhere.received > 0);
  elsewhere.key('222222#');
  await judged('222222', one);
  const origins = one.received
    .map(({ body }) => /^o=(\S+ \S+) (\d+)/m.exec(body))
    .filter((origin) => origin !== null);
  assert.equal(new Set(origins.map(([, origin]) => origin)).size, 1, 'one origin');
  const versions = origins.map(([, , version]) => Number(version));
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
  );
}

async function answersWithoutEvents(): Promise<void> {
  const leg = await openLeg();
  const one = await call({ lateAnswer: leg.offer({ telephoneEvent: false }) });
  const answer = one.received.find(({ status }) => status === 200);
  leg.connect(answer?.body ?? '');
  await until('first sound', () => leg.received > 0);
  // FreeSWITCH's own detector misses a key now and then when its machine is busy: people key again.
  for (let tries = 0; tries < 3 && !wasAttempted('333333'); tries++) {
    leg.keyTones('*333333#');
    await until('attempt', () => wasAttempted('333333'), 5000).catch(() => undefined);
  }
  await judged('333333', one);
}

/** Some send with the number of the offer, as they should, although they answer with another. */
async function answersWithAnotherNumber(): Promise<void> {
  const leg = await openLeg();
  const one = await call({ lateAnswer: leg.offer().replaceAll('101', '96') });
  leg.connect(one.received.find(({ status }) => status === 200)?.body ?? '');
  await until('first sound', () => leg.received > 0);
  leg.key('444444#');
  await judged('444444', one);
}

test('sound goes to whoever asked for it, and keys are heard, however a phone speaks of its media', async () => {
  await Promise.all([
    namesAnotherHost(),
    holdsAndMoves(),
    answersWithoutEvents(),
    answersWithAnotherNumber(),
  ]);
});
