/**
 * Where responses go by UDP: RFC 3261 18.2.2, RFC 3581, and phones behind NAT that ask for nothing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Flow } from '../../../telephony/sip/flow.js';
import { isSameAddress, plainAddress } from '../../../telephony/sip/local-address.js';
import { createRequest } from '../../../telephony/sip/message.js';
import { literalTarget } from '../../../telephony/sip/resolve.js';
import { responseDestination, stampTopVia } from '../../../telephony/sip/via-stamp.js';

function flowFrom(remoteAddress: string, protocol: Flow['protocol'] = 'udp'): Flow {
  return { protocol, remoteAddress, remotePort: 40_000, localAddress: '192.0.2.99', localPort: 5060 };
}

/** The port to which the response goes, and the Via as it is answered. */
function answered(sentBy: string, flow: Flow): { port: number; via: string | undefined } {
  const Via = `SIP/2.0/UDP ${sentBy};branch=z9hG4bKx`;
  const request = createRequest({ method: 'OPTIONS', uri: 'sip:a@b', headers: { Via } });
  stampTopVia(request, flow);
  const { remoteAddress, remotePort } = responseDestination(request, flow);
  assert.equal(remoteAddress, flow.remoteAddress, 'never to another address');
  return { port: remotePort, via: request.headers.first('Via') };
}

test('a peer that names another host than its packets come from is answered at the port they come from', () => {
  const v4 = flowFrom('192.0.2.7');
  for (const sentBy of [
    '192.168.1.20:5060',
    '192.168.1.20',
    'phone.example:5062',
    '[2001:db8::7]:5060',
    '192.168.1.20;received=192.0.2.66',
    '192.168.1.20;maddr=192.0.2.66',
  ])
    assert.equal(answered(sentBy, v4).port, 40_000, sentBy);
  const v6 = flowFrom('2001:db8::7');
  for (const sentBy of ['[2001:db8::8]:5060', '192.0.2.7:5060', 'phone.example'])
    assert.equal(answered(sentBy, v6).port, 40_000, sentBy);
});

test('a peer that names its own address is answered at the port that it names, 5060 by default, unless it asks otherwise', () => {
  const v4 = flowFrom('192.0.2.7');
  assert.equal(answered('192.0.2.7:5062', v4).port, 5062);
  assert.equal(answered('192.0.2.7', v4).port, 5060);
  assert.equal(answered('192.0.2.7;maddr=192.0.2.66', v4).port, 5060);
  assert.equal(answered('192.0.2.7:5062;rport', v4).port, 40_000);
  assert.equal(answered('192.0.2.7:5062;rport=9', v4).port, 40_000);
  assert.equal(answered('192.0.2.7:5062', flowFrom('192.0.2.7', 'tcp')).port, 40_000, 'its connection');
  assert.equal(answered('[::ffff:192.0.2.7]:5062', v4).port, 5062);
  const v6 = flowFrom('2001:db8::7');
  for (const sentBy of ['[2001:db8::7]:5062', '[2001:DB8:0:0::0007]:5062', '[2001:db8:0::7]:5062']) {
    const { port, via } = answered(sentBy, v6);
    assert.equal(port, 5062, sentBy);
    assert.doesNotMatch(via ?? '', /received/, 'however it spells it');
  }
});

test('`received` is written without brackets and without a zone', () => {
  assert.match(answered('10.0.0.1', flowFrom('2001:db8::7')).via ?? '', /;received=2001:db8::7$/);
  assert.match(answered('10.0.0.1', flowFrom('fe80::1%eth0')).via ?? '', /;received=fe80::1$/);
});

test('an IPv4 address that is spelled as an IPv6 one is the IPv4 address', () => {
  for (const text of ['::ffff:192.0.2.7', '::FFFF:192.0.2.7', '::ffff:c000:207', '0:0:0:0:0:ffff:192.0.2.7'])
    assert.equal(plainAddress(text), '192.0.2.7', text);
  for (const text of ['192.0.2.7', '2001:db8::7', 'fe80::1%eth0', '::1'])
    assert.equal(plainAddress(text), text);
  assert.equal(literalTarget('sip:a@[::ffff:192.0.2.7]:5062')?.address, '192.0.2.7');
});

test('two spellings of an address are one address, a name is none', () => {
  assert.equal(isSameAddress('2001:DB8::1', '2001:db8:0:0:0:0:0:1'), true);
  assert.equal(isSameAddress('::ffff:c000:207', '192.0.2.7'), true);
  assert.equal(isSameAddress('fe80::1%eth0', 'FE80::1'), true);
  assert.equal(isSameAddress('::1', '127.0.0.1'), false);
  assert.equal(isSameAddress('192.0.2.7', '192.0.2.8'), false);
  assert.equal(isSameAddress('phone', 'phone'), false);
});
