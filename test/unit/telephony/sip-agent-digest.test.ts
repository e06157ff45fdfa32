import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAuthHeader, parseAuthHeader } from '../../../telephony/sip/auth-header.js';
import { parseCSeq, createResponse } from '../../../telephony/sip/message.js';
import { digestResponse } from '../../../telephony/sip/digest.js';
import type { ServerTransaction } from '../../../telephony/sip/transaction.js';
import { ALICE, methods, ok, openAgent } from './sip-agents.js';
import { within } from './sip-peers.js';

/**
 * A registrar that knows one password, written apart from the code under test where that is
 * possible.
 */
function registrar(password: string, algorithm: 'MD5' | 'SHA-256', nonces: string[]) {
  return (transaction: ServerTransaction): void => {
    const { request } = transaction;
    const given = parseAuthHeader(request.headers.get('Authorization') ?? '')?.params;
    const nonce = given?.get('nonce') ?? '';
    const qop = { value: 'auth', nc: given?.get('nc') ?? '', cnonce: given?.get('cnonce') ?? '' } as const;
    const secret = { user: given?.get('username') ?? '', realm: 'here', password };
    const expected = digestResponse({
      algorithm,
      secret,
      method: request.method,
      uri: given?.get('uri') ?? '',
      nonce,
      qop,
    });
    const isRight = given?.get('response') === expected;
    if (isRight && nonce === nonces.at(-1)) return ok(transaction);
    const params = new Map([
      ['realm', 'here'],
      ['nonce', nonces[isRight ? nonces.length - 1 : 0] ?? ''],
      ['qop', 'auth'],
      ['algorithm', algorithm],
    ]);
    if (isRight) params.set('stale', 'true');
    const challenge = formatAuthHeader({ scheme: 'Digest', params }, 'challenge');
    transaction.respond(
      createResponse(request, 401, { toTag: 'x', headers: { 'WWW-Authenticate': challenge } }),
    );
  };
}

for (const algorithm of ['MD5', 'SHA-256'] as const) {
  test(`a ${algorithm} challenge is answered with the next CSeq in the same call`, async (t) => {
    const server = await openAgent(t, { onRequest: registrar('secret', algorithm, ['n1']) });
    const phone = await openAgent(t);
    const response = await phone.agent.request({
      method: 'REGISTER',
      uri: server.uri,
      from: ALICE,
      sequence: 41,
      credentials: { username: 'alice', password: 'secret' },
    });
    assert.equal(response.status, 200);
    assert.deepEqual(parseCSeq(response.headers.get('CSeq')), { sequence: 42, method: 'REGISTER' });
    const [first, second] = phone.sent.all;
    assert.equal(first?.headers.get('Call-ID'), second?.headers.get('Call-ID'));
  });
}

test('a stale nonce is answered again, a wrong password is not', async (t) => {
  const server = await openAgent(t, { onRequest: registrar('secret', 'MD5', ['old', 'new']) });
  const phone = await openAgent(t);
  const register = async (password: string) => {
    const init = {
      method: 'REGISTER',
      uri: server.uri,
      from: ALICE,
      credentials: { username: 'alice', password },
    };
    return (await phone.agent.request(init)).status;
  };
  assert.equal(await register('secret'), 200);
  assert.equal(methods(phone.sent).length, 3);
  assert.equal(await register('guess'), 401);
  assert.equal(methods(phone.sent).length, 5);
});

test('a challenged INVITE is repeated with credentials, and its ACK carries them', async (t) => {
  const check = registrar('secret', 'SHA-256', ['n1']);
  const callee = await openAgent(t, {
    onInvite: (invite) => {
      if (invite.request.headers.has('Authorization')) void invite.answer();
      else check(invite.transaction);
    },
  });
  const caller = await openAgent(t);
  const call = caller.agent.invite({
    uri: callee.uri,
    from: ALICE,
    credentials: { username: 'alice', password: 'secret' },
  });
  assert.equal((await within(call.outcome, 'outcome')).kind, 'established');
  assert.deepEqual(methods(caller.sent), ['INVITE', 'ACK', 'INVITE', 'ACK']);
  assert.ok(caller.sent.all.at(-1)?.headers.get('Authorization')?.startsWith('Digest username="alice"'));
});
