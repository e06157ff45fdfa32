import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCaller } from '../../../sip/caller.js';
import type { SipRequest } from '../../../sip/sip-messages.js';

test('a caller is who the credentials or the From header say, if that can be a name at all', () => {
  assert.equal(userOf({ from: 'abc' }), 'abc');
  assert.equal(userOf({ from: 'abc', authorization: 'Digest username="def", realm="r"' }), 'def');
  assert.equal(userOf({ from: 'x'.repeat(128) }), 'x'.repeat(128));
  assert.equal(userOf({ from: 'x'.repeat(129) }), null);
  assert.equal(userOf({ from: 'a%00b' }), null);
});

function userOf({ from, authorization }: { from: string; authorization?: string }): string | null {
  const request = {
    uri: 'sip:112@127.0.0.1',
    protocol: 'udp',
    source_address: '127.0.0.1',
    source_port: 5060,
    get: (name: string) => (name === 'authorization' ? authorization : undefined),
    getParsedHeader: () => ({ uri: `sip:${from}@127.0.0.1` }),
  };
  return readCaller(request as unknown as SipRequest).user;
}
