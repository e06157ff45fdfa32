import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Registration } from '../../../softphone/registration.js';
import type { SipResponse } from '../../../telephony/sip/message.js';
import { SipHeaders } from '../../../telephony/sip/headers.js';
import type { UserAgent } from '../../../telephony/sip/user-agent.js';

const ACCOUNT = {
  label: '',
  user: 'u',
  authUser: 'u',
  password: 'p',
  host: '127.0.0.1',
  port: 5060,
  transport: 'udp',
} as const;

test('a phone that is unregistered while its REGISTER is under way does not register again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pending: ((response: SipResponse) => void)[] = [];
  const request = (): Promise<SipResponse> => new Promise((resolve) => pending.push(resolve));
  const registration = new Registration({ request } as unknown as UserAgent, ACCOUNT, () => undefined);
  const outcomes = [registration.start(), registration.stop()];
  const granted = { status: 200, reason: 'OK', headers: new SipHeaders({ Expires: '300' }) };
  for (const answer of pending) answer(granted as unknown as SipResponse);
  await Promise.all(outcomes);
  t.mock.timers.tick(301_000);
  assert.equal(pending.length, 2, 'one to register, one to unregister');
});
