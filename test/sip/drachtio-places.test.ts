/**
 * Places for connections: who fills them, and who keeps one. With real connections from several
 * loopback addresses.
 */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';

import { newBranch } from '../../telephony/sip/identifiers.js';
import { until } from '../support/wait-for.js';
import { parseMessage } from './app-support/sip-wire.js';
import { ANSWER, connectApp, Stack, startServer, type Server } from './drachtio-harness.js';

const LIMIT = { timeout: 60_000 };

let stack: Stack;
let server: Server;
beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack);
  await connectApp(stack, server, (app) => {
    app.options((_req, response) => response.send(200));
    // Only who brings credentials gets in; calls are taken.
    app.register((request, response) =>
      request.has('Authorization')
        ? response.send(200, { headers: { Contact: `${request.get('Contact')};expires=120` } })
        : response.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="x", nonce="y"' } }),
    );
    app.invite((request, response) =>
      app.createUAS(request, response, { localSdp: ANSWER }, () => undefined),
    );
  });
});
afterEach(() => stack.close(), LIMIT);

interface Client {
  socket: Socket;
  statuses: number[];
  send(method: string, headers?: string[]): void;
}

function open(from: string): Client {
  const socket = connect({ host: '127.0.0.1', port: server.sipPort, localAddress: from });
  socket.on('error', () => undefined); // it may be reset: whether it is, is what is tested
  stack.push(() => void socket.destroy());
  const statuses: number[] = [];
  socket.on('data', (chunk) => {
    for (const text of chunk.toString('latin1').split(/(?=^SIP\/2\.0 )/m))
      statuses.push(parseMessage(text).status);
  });
  const send = (method: string, headers: string[] = []): void => {
    const lines = [
      `${method} sip:112@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/TCP ${from};branch=${newBranch()}`,
      'From: <sip:phone@127.0.0.1>;tag=1',
      'To: <sip:112@127.0.0.1>',
      `Call-ID: ${newBranch()}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:phone@${from}:5060;transport=tcp>`,
      ...headers,
      'Content-Length: 0',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  };
  return { socket, statuses, send };
}

const answered = (clients: readonly Client[], status: number): boolean =>
  clients.every(({ statuses }) => statuses.includes(status));
const CREDENTIALS = ['Authorization: Digest username="phone", nonce="y"'];

/** Connections of some addresses that each send one OPTIONS, as many as there are places. */
async function fill(sources: readonly string[], each: number): Promise<Client[]> {
  const all: Client[] = [];
  for (const source of sources) {
    const clients = Array.from({ length: each }, () => open(source));
    for (const client of clients) client.send('OPTIONS');
    await until(() => clients.every(({ statuses, socket }) => statuses.length > 0 || socket.closed), {
      what: 'answers',
    });
    all.push(...clients);
  }
  return all;
}

test(
  '2,000 connections of four addresses that said something keep nobody out, least of all a call for help',
  LIMIT,
  async () => {
    const site = Array.from({ length: 200 }, () => open('127.0.0.20'));
    for (const phone of site) phone.send('REGISTER', CREDENTIALS);
    await until(() => answered(site, 200), { what: 'registrations' });
    const caller = open('127.0.0.21');
    caller.send('INVITE');
    await until(() => answered([caller], 200), { what: 'an answer' });

    const strangers = await fill(['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'], 500);
    const newcomers = Array.from({ length: 50 }, (_, n) => open(`127.0.0.${100 + n}`));
    for (const newcomer of newcomers) newcomer.send('INVITE');
    await until(() => answered(newcomers, 200), { what: 'answers to calls for help' });
    const again = await fill(['127.0.0.2', '127.0.0.3'], 500);

    assert.equal(
      site.filter(({ socket }) => socket.closed).length,
      0,
      'a site of 200 phones keeps its places',
    );
    assert.equal(caller.socket.closed, false, 'and a call its connection');
    assert.equal(newcomers.filter(({ socket }) => socket.closed).length, 0);
    assert.ok([...strangers, ...again].filter(({ socket }) => socket.closed).length > 200);
    for (const phone of site) phone.send('OPTIONS');
    await until(() => site.every(({ statuses }) => statuses.length === 2), { what: 'answers to the site' });
  },
);

test('one address gets 500 places, and only so many calls of it are kept', LIMIT, async () => {
  const calls = Array.from({ length: 100 }, () => open('127.0.0.2'));
  for (const call of calls) call.send('INVITE');
  await until(() => answered(calls, 200), { what: 'answers' });
  await fill(['127.0.0.2'], 400);
  for (let n = 0; n < 100; n++) await fill(['127.0.0.2'], 1);
  const left = calls.filter(({ socket }) => !socket.closed).length;
  assert.equal(left, 50, `${left} calls`);
  const neighbour = open('127.0.0.3');
  neighbour.send('OPTIONS');
  await until(() => answered([neighbour], 200));
});
