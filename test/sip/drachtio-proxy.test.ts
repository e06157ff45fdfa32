import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { buildAck, createUacDialog } from '../../telephony/sip/dialog.js';
import type { Target } from '../../telephony/sip/flow.js';
import { until } from '../support/wait-for.js';
import {
  ANSWER,
  connectApp,
  OFFER,
  SHORT_TIMERS,
  Stack,
  startServer,
  type ProxyResults,
  type Server,
  LIMIT,
} from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

let stack: Stack;
let server: Server;
let caller: Phone;
let first: Phone;
let second: Phone;
let results: ProxyResults[];
let refusals: unknown[];

beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack, { timers: SHORT_TIMERS });
  caller = await Phone.open(stack, server);
  first = await Phone.open(stack, server);
  second = await Phone.open(stack, server, 'tcp');
  results = [];
  refusals = [];
});
afterEach(() => stack.close(), LIMIT);

/** An application that proxies every call to these targets. */
async function proxying(targets: () => string[], options: object = {}): Promise<void> {
  await connectApp(stack, server, (app) =>
    app.invite((request) => {
      app.proxyRequest(request, targets(), { ...options }).then(
        (result) => results.push(result),
        (error: unknown) => refusals.push(error),
      );
    }),
  );
}

function invite(headers: Record<string, string> = {}) {
  return caller.send({ method: 'INVITE', body: OFFER, headers });
}

test('a call is proxied, and with Record-Route the whole dialog goes through the proxy', LIMIT, async () => {
  await proxying(() => [first.uri], { recordRoute: true });
  const attempt = invite({ 'Max-Forwards': '20' });
  const arrived = await first.next('INVITE');
  assert.equal(arrived.request.uri, first.uri);
  assert.equal(arrived.request.headers.get('Max-Forwards'), '19');
  assert.equal(arrived.request.headers.all('Via').length, 2);
  first.respond(arrived, 180, { toTag: 'b' });
  const calleeDialog = first.answer(arrived, ANSWER, 'b');
  const answer = await attempt.final;
  assert.equal(answer.headers.all('Via').length, 1);
  assert.ok(attempt.provisional.some(({ status }) => status === 180));
  const dialog = createUacDialog(attempt.transaction.request, answer)!;
  assert.deepEqual(dialog.routeSet, [`<sip:127.0.0.1:${server.sipPort};lr>`]);
  caller.layer.sendAck(buildAck(dialog, attempt.transaction.request), server.target);
  const ack = await first.nextAck();
  assert.equal(ack.headers.has('Route'), false);
  const bye = caller.inDialog(dialog, { method: 'BYE' });
  const arrivedBye = await first.next('BYE');
  assert.equal(arrivedBye.flow.remotePort, server.sipPort);
  first.respond(arrivedBye, 200);
  assert.equal((await bye.final).status, 200);
  void calleeDialog;
  await until(() => results.length > 0);
  assert.equal(results[0]?.connected, true);
});

test('without Record-Route the ACK and BYE need no proxy', LIMIT, async () => {
  await proxying(() => [first.uri]);
  const attempt = invite();
  first.answer(await first.next('INVITE'), ANSWER);
  const dialog = createUacDialog(attempt.transaction.request, await attempt.final)!;
  assert.deepEqual(dialog.routeSet, []);
  const direct: Target = { protocol: 'udp', address: '127.0.0.1', port: first.port };
  caller.layer.sendAck(buildAck(dialog, attempt.transaction.request), direct);
  await first.nextAck();
});

test('targets are tried one after the other; the caller hears the best refusal', LIMIT, async () => {
  await proxying(() => [first.uri, second.uri]);
  const attempt = invite();
  first.respond(await first.next('INVITE'), 486);
  const last = await second.next('INVITE');
  assert.equal(last.flow.protocol, 'tcp');
  second.respond(last, 500);
  assert.equal((await attempt.final).status, 486);
  await until(() => results.length > 0);
  assert.equal(results[0]?.connected, false);
  const statuses = results[0].responses.flatMap(({ msgs }) => msgs.map(({ status }) => status));
  assert.deepEqual(statuses, [486, 500]);
});

test(
  'all targets ring at once; the first to answer gets the call, the others are cancelled',
  LIMIT,
  async () => {
    await proxying(() => [first.uri, second.uri], { forking: 'simultaneous' });
    const attempt = invite();
    const [one, two] = [await first.next('INVITE'), await second.next('INVITE')];
    first.respond(one, 180);
    second.answer(two, ANSWER);
    assert.equal((await attempt.final).status, 200);
    await until(() => first.cancelled.length > 0);
  },
);

test('a caller who cancels stops all ringing and gets 487', LIMIT, async () => {
  await proxying(() => [first.uri, second.uri], { forking: 'simultaneous' });
  const attempt = invite();
  first.respond(await first.next('INVITE'), 180);
  second.respond(await second.next('INVITE'), 180);
  await until(() => attempt.provisional.some(({ status }) => status === 180));
  caller.layer.cancel(attempt.transaction);
  assert.equal((await attempt.final).status, 487);
  await until(() => first.cancelled.length > 0 && second.cancelled.length > 0);
  await until(() => results.length > 0);
});

test('a target that is silent or gone is passed over', LIMIT, async () => {
  const gone = first.uri;
  await proxying(() => [gone, second.uri], { provisionalTimeout: '200ms' });
  await first.layer.transport.close();
  const attempt = invite();
  second.answer(await second.next('INVITE'), ANSWER);
  assert.equal((await attempt.final).status, 200);
});

test('a target that only rings is given up after the final timeout', LIMIT, async () => {
  await proxying(() => [first.uri, second.uri], { finalTimeout: '200ms' });
  const attempt = invite();
  first.respond(await first.next('INVITE'), 180);
  second.answer(await second.next('INVITE'), ANSWER);
  assert.equal((await attempt.final).status, 200);
  await until(() => first.cancelled.length > 0);
});

test('a redirection is followed when the application says so', LIMIT, async () => {
  await proxying(() => [first.uri], { followRedirects: true });
  const attempt = invite();
  first.respond(await first.next('INVITE'), 302, { headers: { Contact: `<${second.uri}>` } });
  second.answer(await second.next('INVITE'), ANSWER);
  assert.equal((await attempt.final).status, 200);
});

test('a request without hops left is refused with 483', LIMIT, async () => {
  await proxying(() => [first.uri]);
  assert.equal((await invite({ 'Max-Forwards': '0' }).final).status, 483);
  await until(() => refusals.length > 0);
  assert.match(String(refusals[0]), /483/);
});

test('targets that lead nowhere end the call', LIMIT, async () => {
  await proxying(() => ['sip:x@no-such-host.invalid', 'sip:x@127.0.0.1;transport=tls']);
  assert.equal((await invite().final).status, 500);
});

test('a dialog routed through the server to itself does not loop', LIMIT, async () => {
  await connectApp(stack, server);
  const to = '<sip:x@127.0.0.1>;tag=1';
  const route = `<sip:127.0.0.1:${server.sipPort};lr>`;
  const looped = await caller.send({ method: 'INFO', headers: { To: to, Route: route } }).final;
  assert.equal(looped.status, 482);
});
