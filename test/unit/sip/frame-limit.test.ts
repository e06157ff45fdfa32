import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeOf } from '../../../sip/frame-limit.js';
import type { SipRequest } from '../../../sip/sip-messages.js';

function request(headers: Record<string, string>, body = ''): SipRequest {
  return { get: (name: string) => headers[name], body } as unknown as SipRequest;
}

test('what would hang the connection to the SIP server is not answered, or answered with nothing of it', () => {
  const usual = { from: '<sip:a@b>;tag=1', to: '<sip:c@d>', 'call-id': 'x', cseq: '1 INVITE' };
  assert.equal(sizeOf(request(usual, 'v=0'.repeat(500))), 'usual');
  assert.equal(sizeOf(request(usual, 'x'.repeat(8000))), 'too-large');
  assert.equal(sizeOf(request(usual, 'é'.repeat(4000))), 'too-large', 'bytes count');
  for (const name of Object.keys(usual)) {
    assert.equal(sizeOf(request({ ...usual, [name]: 'x'.repeat(3000) })), 'too-large', name);
    assert.equal(sizeOf(request({ ...usual, [name]: 'x'.repeat(11_000) })), 'unanswerable', name);
  }
});
