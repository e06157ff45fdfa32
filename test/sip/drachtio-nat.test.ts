/**
 * Where requests and responses within a call go, when a phone's packets come from elsewhere than it
 * says, or from elsewhere than before.
 */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';

import { newBranch } from '../../telephony/sip/identifiers.js';
import { until } from '../support/wait-for.js';
import { first, formatMessage, parseMessage, type Message } from './app-support/sip-wire.js';
import {
  ANSWER,
  connectApp,
  LIMIT,
  OFFER,
  SHORT_TIMERS,
  Stack,
  startServer,
  type Server,
  type SrfDialog,
} from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

let stack: Stack;
let server: Server;
const dialogs: SrfDialog[] = [];
beforeEach(async () => {
  stack = new Stack();
  dialogs.length = 0;
  server = await startServer(stack, { timers: SHORT_TIMERS });
  await connectApp(stack, server, (app) =>
    app.invite((request, response) => {
      app.createUAS(request, response, { localSdp: ANSWER }, (error, dialog) => {
        assert.equal(error, null);
        dialog.on('info', (_info: unknown, answer: { send(status: number): void }) => answer.send(200));
        dialogs.push(dialog);
      });
    }),
  );
});
afterEach(() => stack.close(), LIMIT);

for (const protocol of ['udp', 'tcp'] as const) {
  test(
    `a phone whose port changes within a call over ${protocol} is called at the new one`,
    LIMIT,
    async () => {
      const contact = { Contact: '<sip:phone@192.168.1.20:5060>' };
      const before = await Phone.open(stack, server, protocol);
      const attempt = before.send({ method: 'INVITE', headers: contact, body: OFFER });
      const dialog = before.acknowledge(attempt, await attempt.final);
      const [uas] = await until(() => dialogs.length > 0 && dialogs);

      const moved = await Phone.open(stack, server, protocol);
      assert.equal((await moved.inDialog(dialog, { method: 'INFO' }).final).status, 200);
      void uas!.destroy();
      moved.respond(await moved.next('BYE'), 200);
      assert.equal(before.arrived.length, 0);
    },
  );
}

/** A socket of a phone that sends by one and listens at another. */
async function open(): Promise<{ socket: Socket; port: number; received: Message[] }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  stack.push(() => void socket.close());
  const received: Message[] = [];
  socket.on('message', (bytes) => received.push(parseMessage(bytes.toString('latin1'))));
  return { socket, port: socket.address().port, received };
}

test('a phone that names its own address gets everything at the port that it names', LIMIT, async () => {
  const [sending, listening] = [await open(), await open()];
  const contact = `<sip:phone@127.0.0.1:${listening.port}>`;
  const send = (method: string, sequence: number, to = '<sip:service@127.0.0.1>', body = ''): void => {
    const headers: [string, string][] = [
      ['Via', `SIP/2.0/UDP 127.0.0.1:${listening.port};branch=${newBranch()}`],
      ['From', '<sip:phone@127.0.0.1>;tag=1'],
      ['To', to],
      ['Call-ID', 'asymmetric'],
      ['CSeq', `${sequence} ${method}`],
      ['Contact', contact],
    ];
    const text = formatMessage(`${method} sip:service@127.0.0.1 SIP/2.0`, headers, body);
    sending.socket.send(text, server.sipPort, '127.0.0.1');
  };
  send('INVITE', 1, undefined, OFFER);
  const answer = await until(() => listening.received.find(({ status }) => status === 200));
  await until(() => listening.received.filter(({ status }) => status === 200).length >= 2, {
    what: 'a repetition',
  });
  send('ACK', 1, first(answer, 'to'));
  const [uas] = await until(() => dialogs.length > 0 && dialogs);
  send('INFO', 2, first(answer, 'to'));
  await until(() => listening.received.some((one) => first(one, 'cseq') === '2 INFO'));
  uas!.destroy().catch(() => undefined); // it is not answered
  await until(() => listening.received.some(({ method }) => method === 'BYE'));
  assert.deepEqual(sending.received, []);
});
