/** TLS, and requests that are too large for a datagram (RFC 3261 18.1.1). */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { makeCertificate } from '../support/certificate.js';
import { until } from '../support/wait-for.js';
import {
  askFor,
  connectApp,
  LIMIT,
  SHORT_TIMERS,
  Stack,
  startServer,
  type SipReq,
} from './drachtio-harness.js';
import { Phone } from './drachtio-phone.js';

let stack: Stack;
beforeEach(() => (stack = new Stack()));
afterEach(() => stack.close(), LIMIT);

test('a phone that registered by TLS is known by its flow, and is reached over it', LIMIT, async () => {
  const identity = makeCertificate();
  const server = await startServer(stack, { tls: { ...identity, port: 0 } });
  const seen: SipReq[] = [];
  const app = await connectApp(stack, server, (each) =>
    each.register((request, response) => {
      seen.push(request);
      response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } });
    }),
  );
  const place = { target: { ...server.target, port: server.tlsPort ?? 0 } };
  const phone = await Phone.open(stack, place, 'tls', { tls: { trustedRoots: identity.certificate } });
  // Behind a NAT this contact is unreachable.
  const contact = 'sip:phone@192.0.2.1:5061;transport=tls';
  const accepted = await phone.send({ method: 'REGISTER', headers: { Contact: `<${contact}>` } }).final;
  assert.equal(accepted.status, 200);
  assert.equal(seen[0]?.protocol, 'tls');
  assert.equal(seen[0]?.receivedOn, `127.0.0.1:${server.tlsPort}`);

  const { source_address: address, source_port: port } = seen[0];
  const headers = { Event: 'check-sync', Contact: '<sip:gate@localhost>' };
  const ways = [{ proxy: `sip:${address}:${port};transport=tls` }, {}];
  for (const [index, way] of ways.entries()) {
    const { response } = await askFor(app, contact, { method: 'NOTIFY', headers, ...way });
    const notify = await until(() => phone.arrived[index]);
    assert.match(notify.request.headers.first('Via') ?? '', /^SIP\/2\.0\/TLS /);
    assert.equal(
      notify.request.headers.get('Contact'),
      `<sip:gate@127.0.0.1:${server.tlsPort};transport=tls>`,
    );
    phone.respond(notify, 200);
    assert.equal((await response).status, 200);
  }
});

test(
  'a large request goes by TCP where that is taken, else by UDP, and one that has a flow goes over it',
  LIMIT,
  async () => {
    const server = await startServer(stack, { timers: SHORT_TIMERS });
    const app = await connectApp(stack, server);
    const headers = { Event: 'x', 'X-Ballast': 'b'.repeat(1200) };
    const protocolOf = async (phone: Phone, options: object): Promise<string | undefined> => {
      const { response } = await askFor(app, phone.uri, { method: 'NOTIFY', headers, ...options });
      const arrived = await until(() => phone.arrived.pop());
      phone.respond(arrived, 200);
      assert.equal((await response).status, 200);
      // The Via tells what it was sent by (18.1.1); the Contact names no transport that may not be
      // there.
      assert.match(arrived.request.headers.first('Via') ?? '', new RegExp(arrived.flow.protocol, 'i'));
      return arrived.flow.protocol;
    };
    const both = await Phone.open(stack, server);
    assert.equal(await protocolOf(both, {}), 'tcp');
    assert.equal(await protocolOf(both, { headers: { Event: 'x' } }), 'udp', 'a small one');
    const udpOnly = await Phone.open(stack, server, 'udp', { protocols: ['udp'] });
    assert.equal(await protocolOf(udpOnly, {}), 'udp');
    const proxy = `sip:127.0.0.1:${both.port};transport=udp`;
    assert.equal(await protocolOf(both, { proxy }), 'udp', 'a registered phone is where it is');
  },
);

test('the Route that an application gives is the way, outside of dialogs', LIMIT, async () => {
  const server = await startServer(stack);
  const app = await connectApp(stack, server);
  const edge = await Phone.open(stack, server);
  const Route = `<sip:127.0.0.1:${edge.port};lr>, <sip:inner.example;lr>`;
  const { response } = await askFor(app, 'sip:phone@192.0.2.1', {
    method: 'NOTIFY',
    headers: { Event: 'x', Route },
  });
  const arrived = await until(() => edge.arrived[0]);
  assert.deepEqual(arrived.request.headers.all('Route'), Route.split(', '));
  assert.equal(arrived.request.uri, 'sip:phone@192.0.2.1');
  edge.respond(arrived, 200);
  assert.equal((await response).status, 200);
});

test('a phone whose connection is gone is known at once not to be reached', LIMIT, async () => {
  const server = await startServer(stack);
  let port = 0;
  const app = await connectApp(stack, server, (each) =>
    each.register((request, response) => {
      port = request.source_port;
      response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } });
    }),
  );
  const own = new Stack();
  const phone = await Phone.open(own, server, 'tcp');
  assert.equal((await phone.send({ method: 'REGISTER' }).final).status, 200);
  await own.close();
  const proxy = `sip:127.0.0.1:${port};transport=tcp`;
  const { response } = await askFor(app, phone.uri, { method: 'NOTIFY', headers: { Event: 'x' }, proxy });
  assert.equal((await response).status, 503);
});
