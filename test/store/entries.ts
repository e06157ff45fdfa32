/** Entries as the SIP application brings them, from whatever address a test likes. */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { AttemptVerdict, CallOpened } from '../../src/contract/messages.js';
import { type AttemptOutcome, attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { openCall } from '../../src/services/authentication/call.js';
import { PHONE_SOURCE, type TestContext, papOf, wrongPapOf } from '../support/fixture.js';

export type User = Pick<{ id: string }, 'id'>;

const sourceAt = (address: string) => ({ ...PHONE_SOURCE, address });

export async function enter(
  context: TestContext,
  { id: user }: User,
  digits: string,
  address = PHONE_SOURCE.address,
): Promise<AttemptOutcome> {
  return attemptEntry(context, 'call-1', { user, digits, source: sourceAt(address) });
}

export async function verdictOf(
  context: TestContext,
  user: User,
  digits: string,
  address?: string,
): Promise<AttemptVerdict> {
  const outcome = await enter(context, user, digits, address);
  return outcome.kind === 'verdict' ? outcome.verdict : assert.fail(outcome.kind);
}

/** The verdict on a wrong PAP. */
export async function guess(
  context: TestContext,
  device: Device,
  user: User,
  address?: string,
): Promise<AttemptVerdict> {
  return verdictOf(context, user, await wrongPapOf(context, device), address);
}

/** The verdict on the right one. */
export async function enterPap(
  context: TestContext,
  device: Device,
  user: User,
  address?: string,
): Promise<AttemptVerdict> {
  return verdictOf(context, user, await papOf(context, device), address);
}

/** What a caller hears first. */
export async function opened(
  context: TestContext,
  { id: user }: User,
  address = PHONE_SOURCE.address,
): Promise<CallOpened> {
  const source = sourceAt(address);
  const answer = await openCall(context, {
    callId: `call-from-${address}`,
    user,
    dialled: 'service',
    source,
  });
  return answer ?? assert.fail('the caller is unknown');
}
