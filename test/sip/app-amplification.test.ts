/**
 * What a forged sender can bring upon an address that answers nothing: never more than ten times
 * the bytes that came in its name, refusals once, and nothing at all upon addresses that are only
 * named in a request.
 */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { makeAccountName } from '../../src/domain/account-name.js';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { until } from '../support/wait-for.js';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { REALM } from './app-support/internal-app.js';
import { branch, first, formatMessage, parseMessage, type Message } from './app-support/sip-wire.js';
import { SHORT_TIMERS } from './drachtio-harness.js';

const KEY = Buffer.from('a key for names');

/** An address that hears everything and says nothing. */
interface Victim {
  socket: Socket;
  address: string;
  port: number;
  sent: number;
  received: Message[];
  receivedBytes: number;
}

type Headers = [name: string, value: string][];

interface Forged {
  method: string;
  uri?: string;
  headers?: Headers;
  body?: string;
  /** Leaves these out. */
  without?: string[];
  /** Instead of those that it would have. */
  instead?: Record<string, string>;
}

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 0',
  '',
];
const OFFER: { headers: Headers; body: string } = {
  headers: [['Content-Type', 'application/sdp']],
  body: SDP.join('\r\n'),
};
const HELP = `sip:112@${REALM}`;
const LONG = 'x'.repeat(2800);

/** All that is refused; how often it is answered. */
const REFUSED: Readonly<Record<string, Forged>> = {
  'REGISTER without credentials': { method: 'REGISTER', uri: `sip:${REALM}` },
  'REGISTER with credentials of its own': {
    method: 'REGISTER',
    headers: [
      ['Authorization', `Digest username="a", realm="${REALM}", nonce="b", uri="sip:a", response="c"`],
    ],
  },
  'REGISTER with credentials that nobody can read': {
    method: 'REGISTER',
    headers: [['Authorization', 'Digest username="a']],
  },
  'INVITE of the service': { method: 'INVITE', uri: `sip:*89@${REALM}`, ...OFFER },
  'INVITE without an offer': { method: 'INVITE', uri: `sip:*89@${REALM}` },
  'INVITE without Contact': { method: 'INVITE', without: ['Contact'] },
  'INVITE without From tag': { method: 'INVITE', instead: { From: '<sip:a@b>' } },
  'INVITE for help without Contact': { method: 'INVITE', uri: HELP, without: ['Contact'], ...OFFER },
  'INVITE for help through too many hops': { method: 'INVITE', uri: HELP, instead: { 'Max-Forwards': '0' } },
  'INVITE of a call that is none of ours': { method: 'INVITE', instead: { To: '<sip:a@b>;tag=1' } },
  'INVITE with a body that is too large': { method: 'INVITE', body: 'x'.repeat(9000) },
  'INVITE with a long From': { method: 'INVITE', instead: { From: `"${LONG}" <sip:a@b>;tag=1` } },
  'INVITE for help with a long Call-ID': {
    method: 'INVITE',
    uri: HELP,
    instead: { 'Call-ID': LONG },
    ...OFFER,
  },
  'OPTIONS with a long To': { method: 'OPTIONS', instead: { To: `<sip:${LONG}@b>` } },
  'REGISTER with a very long From': {
    method: 'REGISTER',
    instead: { From: `<sip:${'x'.repeat(12_000)}@b>;tag=1` },
  },
  'a head that is too long': { method: 'INVITE', headers: [['X', 'x'.repeat(17_000)]] },
  'two Call-IDs': { method: 'INVITE', headers: [['Call-ID', 'another']] },
  'no CSeq that could be read': { method: 'INVITE', instead: { CSeq: 'x INVITE' } },
  BYE: { method: 'BYE', instead: { To: '<sip:a@b>;tag=1' } },
  CANCEL: { method: 'CANCEL' },
  UPDATE: { method: 'UPDATE', instead: { To: '<sip:a@b>;tag=1' } },
  PRACK: { method: 'PRACK', instead: { To: '<sip:a@b>;tag=1' } },
  INFO: { method: 'INFO', instead: { To: '<sip:a@b>;tag=1' } },
  SUBSCRIBE: { method: 'SUBSCRIBE', headers: [['Event', 'dialog']] },
  MESSAGE: { method: 'MESSAGE', body: 'hello' },
  NOTIFY: { method: 'NOTIFY' },
  REFER: { method: 'REFER' },
  PUBLISH: { method: 'PUBLISH' },
  'an unknown method': { method: 'DANCE' },
  OPTIONS: { method: 'OPTIONS' },
};

describe('what comes in the name of an address that answers nothing', UNLESS_EMBEDDED, () => {
  let bench: Bench;
  let gateway: Gateway;
  const victims: Victim[] = [];
  before(async () => {
    const accountNameKey = KEY.toString('base64');
    bench = await startBench({
      timers: SHORT_TIMERS,
      admission: { version: '1', emergencyNumbers: ['112'], accountNameKey },
    });
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.reset();
    bench.internal.emergency = {
      numbers: ['112'],
      targets: [`sip:112@${gateway.address}`],
      callerIdentity: null,
    };
  });
  after(async () => {
    for (const { socket } of victims) socket.close();
    gateway.close();
    await bench.close();
  });

  /** No other socket sends from its address, so that the address stays unproven. */
  const openVictim = async (): Promise<Victim> => {
    const address = `127.0.7.${victims.length + 1}`;
    const socket = createSocket('udp4').bind(0, address);
    await once(socket, 'listening');
    const { port } = socket.address();
    const victim: Victim = { socket, address, port, sent: 0, received: [], receivedBytes: 0 };
    socket.on('message', (bytes) => {
      victim.receivedBytes += bytes.length;
      victim.received.push(parseMessage(bytes.toString('latin1')));
    });
    victims.push(victim);
    return victim;
  };
  const sendAs = (victim: Victim, text: string): void => {
    victim.sent += Buffer.byteLength(text, 'latin1');
    victim.socket.send(Buffer.from(text, 'latin1'), bench.sip.port, bench.sip.host);
  };
  const forge = (victim: Victim, { method, uri = `sip:*89@${REALM}`, ...more }: Forged): string => {
    const usual: Headers = [
      ['Via', `SIP/2.0/UDP ${victim.address}:${victim.port};branch=${branch()}`],
      ['Max-Forwards', '70'],
      ['From', '<sip:a@b>;tag=1'],
      ['To', `<${uri}>`],
      ['Call-ID', branch()],
      ['CSeq', `1 ${method}`],
      ['Contact', `<sip:a@${victim.address}:${victim.port}>`],
    ];
    const { headers = [], body = '', without = [], instead = {} } = more;
    const kept = usual
      .filter(([name]) => !without.includes(name))
      .map(([name, value]): [string, string] => [name, instead[name] ?? value]);
    return formatMessage(`${method} ${uri} SIP/2.0`, [...kept, ...headers], body);
  };
  /** Until nothing is repeated to anybody any more. */
  const quiet = (): Promise<unknown> =>
    until(
      async () => {
        const { sip } = await bench.held();
        return sip!.serverTransactions + sip!.clientTransactions + sip!.incomingRequests === 0;
      },
      { what: 'silence', within: 15_000 },
    );
  const assertBounded = (victim: Victim, what: string): void =>
    assert.ok(
      victim.receivedBytes <= 10 * victim.sent,
      `${what}: ${victim.receivedBytes} bytes for ${victim.sent}: ${victim.received.map(({ start }) => start).join(', ')}`,
    );

  test('is refused once, with fewer than ten bytes for each', async () => {
    const sent: [what: string, victim: Victim][] = [];
    for (const [what, forged] of Object.entries(REFUSED)) {
      const victim = await openVictim();
      sendAs(victim, forge(victim, forged));
      sent.push([what, victim]);
    }
    await until(() => sent.every(([, { received }]) => received.length > 0), { what: 'all answers' }).catch(
      () => undefined, // what is missing is shown below
    );
    await quiet();
    const answers = sent.map(([what, { received }]) => [
      what,
      received.filter((one) => one.status >= 200).length,
    ]);
    assert.deepEqual(
      answers,
      Object.keys(REFUSED).map((what) => [what, 1]),
    );
    for (const [what, victim] of sent) assertBounded(victim, what);
  });

  test('and is as short as it can be, or no SIP at all, brings no more than that', async () => {
    const shortest = (method: string): string =>
      `${method} sip:a SIP/2.0\nv:SIP/2.0/UDP a\nf:<sip:a>;tag=1\nt:<sip:a>\ni:1\nm:<sip:a>\nCSeq:1 ${method}\n\n`;
    const texts = [
      ...['OPTIONS', 'REGISTER', 'INVITE', 'SUBSCRIBE', 'BYE', 'CANCEL', 'X'].map(shortest),
      'INVITE sip:112@a SIP/2.0\nv:SIP/2.0/UDP a\nf:<sip:a>;tag=1\nt:<sip:a>\ni:1\nm:<sip:a>\nCSeq:1 INVITE\n\n',
      'OPTIONS sip:a SIP/3.0\nv:SIP/2.0/UDP a\nf:<sip:a>\nt:<sip:a>\ni:1\nCSeq:1 OPTIONS\n\n',
      'garbage of more than twelve bytes',
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n\r\n',
      `ACK sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n`,
      '\0'.repeat(200),
    ];
    const ones = await Promise.all(texts.map(async (text) => ({ text, victim: await openVictim() })));
    for (const { text, victim } of ones) sendAs(victim, text);
    const probe = await openVictim();
    sendAs(probe, forge(probe, { method: 'OPTIONS' }));
    await until(() => probe.received.length > 0, { what: 'an answer to what was sent last' });
    await quiet();
    for (const { text, victim } of ones) assertBounded(victim, text);
  });

  /** Calls for help whose callers never acknowledge anything, to targets of each kind. */
  const CALLS: Readonly<Record<string, Pick<Forged, 'headers' | 'body'>>> = {
    'an offer': OFFER,
    'no offer': {},
    'reliable provisional responses': { ...OFFER, headers: [...OFFER.headers, ['Supported', '100rel']] },
  };
  const call = async ({ headers = [], ...more }: Pick<Forged, 'headers' | 'body'>, cancels: boolean) => {
    const [caller, named] = [await openVictim(), await openVictim()];
    const there = `<sip:a@${named.address}:${named.port};lr>`;
    const text = forge(caller, {
      method: 'INVITE',
      uri: HELP,
      ...more,
      headers: [...headers, ['Record-Route', there]],
      instead: { Contact: there },
    });
    sendAs(caller, text);
    if (cancels) {
      await until(() => caller.received.some(({ status }) => status === 180), { what: 'ringing' });
      sendAs(caller, text.replaceAll('INVITE', 'CANCEL'));
    }
    await until(
      () => caller.received.some((one) => one.status >= 200 && first(one, 'cseq').endsWith('INVITE')),
      { what: 'a final answer' },
    );
    return { caller, named };
  };
  for (const behaviour of ['answer', 'early-media', 'reliable-early-media', 'ring', 'refuse'] as const)
    test(`is a call for help to a target that does this: ${behaviour}`, async () => {
      if (behaviour === 'refuse') bench.internal.emergency.targets = [`sip:486@${gateway.address}`];
      else gateway.behaviour = behaviour;
      const kinds = Object.entries(CALLS);
      const calls = await Promise.all(kinds.map(([, kind]) => call(kind, behaviour === 'ring')));
      await quiet();
      for (const [index, { caller, named }] of calls.entries()) {
        assertBounded(caller, kinds[index]![0]);
        assert.deepEqual(named.received, [], 'what it names hears nothing');
      }
    });

  test('a phone that has acknowledged something hears its refusals until it acknowledges them', async () => {
    const user = makeAccountName(KEY);
    bench.internal.users.set(user, 'a password');
    const phone = await bench.phone({ login: { user, password: 'a password' } });
    assert.equal((await phone.register()).status, 200);
    const refusals = (callId: string): Message[] =>
      phone.received.filter((one) => first(one, 'call-id') === callId && one.status >= 400);
    const headers: Headers = [
      ...phone.headers('INVITE', { callId: 'refused' }),
      ['Contact', `<sip:a@${phone.address}>`],
    ];
    bench.internal.emergency.targets = [];
    phone.send(formatMessage(`INVITE ${HELP} SIP/2.0`, headers));
    await until(() => refusals('refused').length >= 3, { what: 'repetitions of the refusal' });
    const ack = headers.map(([name, value]): [string, string] =>
      name === 'CSeq'
        ? [name, value.replace('INVITE', 'ACK')]
        : name === 'To'
          ? [name, first(refusals('refused')[0]!, 'to')]
          : [name, value],
    );
    phone.send(formatMessage(`ACK ${HELP} SIP/2.0`, ack));
    await quiet();
  });
});
