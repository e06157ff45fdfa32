/**
 * Requests that end a real drachtio-server (0.9.10, SIGSEGV) as soon as they are answered through
 * it. The embedded SIP server refuses them itself, so a server stands here in its place that hands
 * everything on, as the real one does, and hears what the application wants sent.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { startControlServer, type ControlServer } from '../../embedded/drachtio/control-server.js';
import type { ControlSession } from '../../embedded/drachtio/control-session.js';
import { startSipApplication, type SipApplication } from '../../sip/application.js';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { REALM, startInternalApp, TOKEN, type InternalApp } from './app-support/internal-app.js';
import { writeTonePrompts, type TonePrompts } from './app-support/tone-prompts.js';
import { until } from './app-support/wait.js';

const HOSTLESS = [
  '<tel:+4930123>',
  'tel:112',
  '*',
  'ÿ<sip:a@127.0.0.1>',
  '\u00ff <sip:a@127.0.0.1:5060>;expires=60',
  '<modem:1>',
  '<fax:1>',
  '<cid:1>',
  '<tel:1>,<sip:a@127.0.0.1>',
  '<a>',
  'x',
  '<urn:service:sos>',
  '<sip:a b@127.0.0.1>',
  // That server takes no blank after the bracket, and no control character for a blank.
  '< sip:a@127.0.0.1>',
  '<\tsip:a@127.0.0.1>',
  '<\r\n sip:a@127.0.0.1>',
  'Front desk < sip:a@127.0.0.1>',
  '\x0b<sip:a@127.0.0.1>',
  '\x0c<sip:a@127.0.0.1>',
  '<\x0bsip:a@127.0.0.1>',
  // drachtio-srf reads other headers than that server does.
  '<tel:1>\r\n%43ontact: <sip:a@127.0.0.1>',
  '<sip:a@127.0.0.1>\r\nContact: <tel:1>',
];
/** Headers that hide a Contact from drachtio-srf. */
const HIDDEN = [
  '%43ontact: <sip:a@127.0.0.1>\r\nContact: <tel:1>',
  '%6d: <sip:a@127.0.0.1>\r\nm: <tel:1>',
  'Subject: a\nContact: <tel:1>',
  'Subject: a\rm : *',
];
const WITHOUT_SCHEME = ['112', 'ÿ', '//x', '*'];

describe('a request that a drachtio-server could not survive', UNLESS_EMBEDDED, () => {
  let prompts: TonePrompts;
  let internal: InternalApp;
  let server: ControlServer;
  let application: SipApplication;
  let session: ControlSession | undefined;
  /** What the application wanted sent, by the transaction. */
  const ordered: string[] = [];

  before(async () => {
    prompts = await writeTonePrompts();
    internal = await startInternalApp();
    server = await startControlServer(0, {
      secret: 's',
      greeting: () => 'udp/127.0.0.1:5060|v0.9.10|udp/127.0.0.1:5060',
      onOrder: (by, order) => {
        session = by;
        if (order.kind === 'sip') ordered.push(order.transactionId);
        by.answer(order.id, 'OK');
      },
      onClosed: () => undefined,
      log: () => undefined,
    });
    application = await startSipApplication({
      drachtio: [{ host: server.host, port: server.port, secret: 's' }],
      freeswitch: [{ host: '127.0.0.1', port: 9, secret: 's' }],
      mediaListenAddress: '127.0.0.1',
      promptsDir: prompts.dir,
      internal: { url: internal.url, token: TOKEN },
      realm: REALM,
      emergency: {
        route: ['sip:help@127.0.0.1:9'],
        numbers: ['112'],
        callerNumber: null,
        unknownCallers: { perSource: 100, inAll: 100 },
      },
      log: pino({ level: 'silent' }),
      clock: { now: () => new Date() },
      id: 'test',
    });
    await until('the routes of the application', () => session);
  });
  after(async () => {
    await application.stop();
    await server.close();
    await internal.close();
    await rm(prompts.dir, { recursive: true });
  });

  /** Hands a request on; answers the transaction's id. */
  function receive(method: string, uri: string, contact: string | null, headers?: string): string {
    const transactionId = randomUUID();
    const callId = randomUUID();
    const lines = [
      `${method} ${uri} SIP/2.0`,
      'Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK1',
      'From: <sip:a@127.0.0.1>;tag=1',
      'To: <sip:b@127.0.0.1>',
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      ...(contact === null ? [] : [`Contact: ${contact}`]),
      ...(headers === undefined ? [] : [headers]),
      'Content-Length: 0',
    ];
    // prettier-ignore
    const tokens = ['sip', 'network', 100, 'udp', '127.0.0.1', 5061, '00:00:00.0', transactionId, ''];
    session?.send(
      `${[randomUUID(), ...tokens, '127.0.0.1', 5060, ''].join('|')}\r\n${lines.join('\r\n')}\r\n\r\n`,
    );
    return transactionId;
  }

  /** What was sent before this one has been looked at when it is answered. */
  async function receiveLast(): Promise<void> {
    const last = receive('OPTIONS', 'sip:127.0.0.1', '<sip:a@127.0.0.1>');
    await until('the answer to OPTIONS', () => ordered.includes(last));
  }

  for (const method of ['INVITE', 'SUBSCRIBE']) {
    test(`${method}: no answer where the Contact has no host, or the request URI no scheme, an emergency included`, async () => {
      const harmful = [
        ...HOSTLESS.flatMap((contact) =>
          ['sip:112@127.0.0.1', 'sip:*89@127.0.0.1'].map((uri) => receive(method, uri, contact)),
        ),
        ...HIDDEN.map((headers) => receive(method, 'sip:112@127.0.0.1', null, headers)),
        ...WITHOUT_SCHEME.map((uri) => receive(method, uri, '<sip:a@127.0.0.1>')),
      ];
      await receiveLast();
      assert.deepEqual(
        harmful.filter((id) => ordered.includes(id)),
        [],
      );
      assert.equal(application.held().pending, 0, 'drachtio-srf keeps none of them');
    });

    test(`${method}: an answer to everybody else`, async () => {
      const usual = [
        '<sip:a@127.0.0.1>',
        'sip:a@phone.example;transport=tcp',
        '"Müller, 1. OG" <sip:a%20b@[2001:db8::1]:5062;transport=tcp>;expires=60',
        'Front desk <sips:127.0.0.1>',
        'Front\r\n desk\t<sip:127.0.0.1>',
        null,
      ].map((contact) => receive(method, 'sip:030123@127.0.0.1', contact));
      await until('their answers', () => usual.every((id) => ordered.includes(id)));
    });
  }
});
