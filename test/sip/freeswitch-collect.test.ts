import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { until } from '../support/wait-for.js';
import { startRig } from './freeswitch-rig.js';
import type { Rig, RigCall } from './freeswitch-rig.js';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.close());

interface Collected {
  readonly digits: string | null;
  readonly invalidDigits: string | null;
  readonly terminatorUsed: string | null;
}

/** Runs playCollect while `digits` are keyed; the prompt is silence unless the options name one. */
async function collect({ phone, endpoint }: RigCall, digits: string, options: object): Promise<Collected> {
  const begun = new Promise<void>((resolve) => {
    endpoint.conn.once(`esl::event::CHANNEL_EXECUTE::${endpoint.uuid}`, resolve);
  });
  const collecting = endpoint.playCollect({ file: 'silence', timeout: 1000, digitTimeout: 1000, ...options });
  await begun;
  await phone.key(digits);
  return (await collecting) as unknown as Collected;
}

test('a terminator ends the entry and is not part of it', async () => {
  const call = await rig.call();
  const { digits, terminatorUsed } = await collect(call, '123456#', { min: 1, max: 7 });
  assert.deepEqual([digits, terminatorUsed], ['123456', '#']);
  assert.equal(call.keys.map(({ dtmf }) => dtmf).join(''), '123456#');
  await call.endpoint.destroy();
});

test('at max the entry ends at once, and a # behind it ends a collection that starts at once', async () => {
  const call = await rig.call();
  const keying = call.phone.key('123456#', 100);
  const first = await call.endpoint.playCollect({ file: 'silence', min: 1, max: 6, timeout: 3000 });
  assert.deepEqual([first['digits'], first['terminatorUsed']], ['123456', null]);
  const second = await call.endpoint.playCollect({ file: 'silence', min: 1, max: 6, timeout: 3000 });
  assert.deepEqual([second['digits'], second['terminatorUsed']], [null, '#']);
  await keying;
  await call.endpoint.destroy();
});

test('at max, a # behind it is lost when nothing runs meanwhile', async () => {
  const call = await rig.call();
  assert.equal((await collect(call, '123456#', { min: 1, max: 6 })).digits, '123456');
  await until(() => call.keys.length === 7);
  const second = await call.endpoint.playCollect({ file: 'silence', min: 1, max: 6, timeout: 1000 });
  assert.deepEqual([second['digits'], second['terminatorUsed']], [null, null]);
  await call.endpoint.destroy();
});

test('min is not enforced on the result: a short entry comes back when the tries are over', async () => {
  const call = await rig.call();
  assert.equal((await collect(call, '123', { min: 6, max: 7 })).digits, '123');
  assert.equal((await collect(call, '123#', { min: 6, max: 7, tries: 2 })).digits, null);
  await call.endpoint.destroy();
});

test('the terminator is sticky, and with min 0 an old one makes an empty entry final', async () => {
  const call = await rig.call();
  await collect(call, '1#', { min: 1, max: 4 });
  const empty = await collect(call, '', { min: 0, max: 4, tries: 3 });
  assert.deepEqual([empty.digits, empty.terminatorUsed], [null, '#']);
  await call.endpoint.destroy();
});

test('the default expression is not anchored; what an anchored one refuses is invalid', async () => {
  const call = await rig.call();
  assert.equal((await collect(call, '12*345#', { min: 1, max: 8 })).digits, '12*345');
  const refused = await collect(call, '12345#', { min: 1, max: 8, regexp: '^\\d{6}$' });
  assert.deepEqual([refused.digits, refused.invalidDigits], [null, '12345']);
  await call.endpoint.destroy();
});

test('nothing keyed, # alone and a missing prompt give null digits and no error', async () => {
  const call = await rig.call();
  assert.equal((await collect(call, '', { min: 1, max: 4 })).digits, null);
  assert.equal((await collect(call, '#', { min: 1, max: 4 })).digits, null);
  // With a prompt it would wait longer than the test may take.
  const missing = await collect(call, '', { min: 1, max: 4, file: '/nowhere.wav', timeout: 600_000 });
  assert.equal(missing.digits, null);
  await call.endpoint.destroy();
});

test('a digit stops the prompt and counts; the time for the first one runs from the end of the prompt', async () => {
  const call = await rig.call();
  const prompt = rig.sound('prompt', 1500);
  const barged = await collect(call, '42#', { min: 1, max: 4, file: prompt });
  assert.equal(barged.digits, '42');
  assert.ok(call.phone.countOf(1000) < 60, 'the prompt was cut');
  const began = performance.now();
  await collect(call, '', { min: 1, max: 4, file: prompt });
  assert.ok(performance.now() - began > 2500);
  await call.endpoint.destroy();
});

test('uuid_break ends the prompt and collecting goes on', async () => {
  const call = await rig.call();
  const collecting = call.endpoint.playCollect({
    file: rig.sound('long', 10_000),
    min: 1,
    max: 2,
    timeout: 2000,
  });
  await until(() => call.phone.countOf(1000) > 3);
  await call.endpoint.api('uuid_break', call.endpoint.uuid);
  await call.phone.key('42');
  assert.equal((await collecting)['digits'], '42');
  await call.endpoint.destroy();
});

test('digits of a command are collected like keyed ones', async () => {
  const call = await rig.call();
  const collecting = call.endpoint.playCollect({ file: 'silence', min: 1, max: 4, timeout: 2000 });
  await call.endpoint.api('uuid_recv_dtmf', `${call.endpoint.uuid} 12#`);
  assert.equal((await collecting)['digits'], '12');
  assert.deepEqual(call.keys[0], { dtmf: '1', duration: '2000', source: 'APP' });
  await call.endpoint.destroy();
});

test('SIP INFO on the call of the media server is a digit', async () => {
  const call = await rig.call();
  for (const [type, body] of [
    ['application/dtmf-relay', 'Signal=#\r\nDuration=160\r\n'],
    ['application/dtmf-relay', 'Signal= 10\r\n'],
    ['application/dtmf', '5'],
    ['application/dtmf', '*'],
    ['text/plain', '5'],
  ]) {
    await call.endpoint.dialog.request({ method: 'INFO', headers: { 'Content-Type': type }, body });
  }
  await until(() => call.keys.length === 4);
  assert.deepEqual(
    call.keys.map(({ dtmf, duration, source }) => `${dtmf} ${duration} ${source}`),
    ['# 1280 ENDPOINT', '* 2000 ENDPOINT', '5 2000 ENDPOINT', '0 2000 ENDPOINT'],
  );
  await call.endpoint.destroy();
});

test('no digit is ever in the log', () => {
  assert.ok(rig.logged.length > 0);
  assert.doesNotMatch(rig.logged.join('\n').replaceAll(/[0-9a-f-]{36}/g, ''), /123456|12345/);
});
