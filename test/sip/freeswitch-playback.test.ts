import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { synthesizeKey } from '../../telephony/media/dtmf-keys.js';
import { until } from '../support/wait-for.js';
import { startRig } from './freeswitch-rig.js';
import type { Rig } from './freeswitch-rig.js';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.close());

for (const codec of ['PCMU', 'PCMA'] as const) {
  test(`a caller hears a file in ${codec}, whole and once, in an unbroken stream`, async () => {
    const { phone, endpoint } = await rig.call({ codec });
    const file = rig.sound(`hello-${codec}`, 1000);
    const events: string[] = [];
    endpoint.on('playback-start', (event) => events.push(`start ${event?.['file']}`));
    endpoint.on('playback-stop', (event) => events.push(`stop ${event?.['file']}`));
    const result = await endpoint.play(file);
    assert.deepEqual(result, {
      playbackSeconds: '1',
      playbackMilliseconds: '1000',
      playbackLastOffsetPos: '8000',
    });
    await until(() => phone.countOf(1000) === 50);
    assert.deepEqual(events, [`start ${file}`, `stop ${file}`]);
    const gaps = phone.heard
      .slice(1)
      .map((frame, i) => [
        (frame.sequence - phone.heard[i]!.sequence) & 0xffff,
        (frame.timestamp - phone.heard[i]!.timestamp) >>> 0,
      ]);
    assert.ok(
      gaps.every(([sequence, timestamp]) => sequence === 1 && timestamp! > 0 && timestamp! % 160 === 0),
    );
    await endpoint.destroy();
  });
}

test('silence is sent while nothing plays', async () => {
  const { phone, endpoint } = await rig.call();
  await until(() => phone.countOf(0) > 10);
  await endpoint.destroy();
});

test('a missing file is an error, an unreadable one too', async () => {
  const { endpoint } = await rig.call();
  await assert.rejects(endpoint.play('/nowhere/at-all.wav'), /File Not Found/);
  await assert.rejects(endpoint.play(import.meta.filename), /File Not Found/);
  await assert.rejects(endpoint.play('relative.wav'), /File Not Found/);
  await endpoint.destroy();
});

test('a list plays in order with pauses; a missing file in it goes unnoticed unless it is the last', async () => {
  const { phone, endpoint } = await rig.call();
  const [first, second] = [rig.sound('first', 200, 1000), rig.sound('second', 200, 3000)];
  await endpoint.play([first, '/nowhere.wav', second]);
  await until(() => phone.countOf(3000) === 10);
  const order = phone.heard
    .filter(({ sample }) => Math.abs(sample) > 100)
    .map(({ sample }) => (sample > 2000 ? 2 : 1));
  assert.deepEqual(order, [...Array<number>(10).fill(1), ...Array<number>(10).fill(2)]);
  const end = phone.heard.findLastIndex(({ sample }) => Math.abs(sample - 1000) < 60);
  const begin = phone.heard.findIndex(({ sample }) => Math.abs(sample - 3000) < 100);
  assert.ok(begin - end > 24, `${begin - end} frames between them`);
  await assert.rejects(endpoint.play([first, '/nowhere.wav']), /File Not Found/);
  await endpoint.destroy();
});

test('file_string plays files as one, without pauses, and a break ends all of it', async () => {
  const { phone, endpoint } = await rig.call();
  const name = `file_string://${rig.sound('one', 200, 1000)}!${rig.sound('two', 3000, 3000)}`;
  const playing = endpoint.play(name);
  await until(() => phone.countOf(3000) > 2);
  const end = phone.heard.findLastIndex(({ sample }) => Math.abs(sample - 1000) < 60);
  assert.ok(Math.abs(phone.heard[end + 1]!.sample - 3000) < 100);
  await endpoint.api('uuid_break', endpoint.uuid);
  await playing;
  assert.ok(phone.countOf(3000) < 100);
  await endpoint.destroy();
});

test('uuid_break ends a file at once', async () => {
  const { phone, endpoint } = await rig.call();
  const playing = endpoint.play(rig.sound('long', 10_000));
  await until(() => phone.countOf(1000) > 5);
  const answer = await endpoint.api('uuid_break', endpoint.uuid);
  assert.equal(answer.getBody(), '+OK\n');
  const result = await playing;
  assert.equal(result['playbackMilliseconds'], '2048', 'what was read ahead counts');
  assert.ok(Number(result['playbackLastOffsetPos']) < 8000);
  assert.match((await endpoint.api('uuid_break', 'no-such-channel')).getBody(), /No such channel/);
  await endpoint.destroy();
});

test('uuid_break in a list ends one file of it; in the pause it ends the list', async () => {
  const { phone, endpoint } = await rig.call();
  const playing = endpoint.play([
    rig.sound('a', 10_000, 1000),
    rig.sound('b', 200, 3000),
    rig.sound('c', 10_000, 6000),
  ]);
  await until(() => phone.countOf(1000) > 3);
  await endpoint.api('uuid_break', endpoint.uuid);
  await until(() => phone.countOf(3000) === 10);
  await endpoint.api('uuid_break', endpoint.uuid);
  await playing;
  assert.equal(phone.countOf(6000), 0);
  await endpoint.destroy();
});

test('keys during a file are told at once and do not stop it; the next collection does not see them', async () => {
  const { phone, endpoint, keys } = await rig.call();
  const playing = endpoint.play(rig.sound('prompt', 1000));
  await phone.key('12*#');
  await until(() => keys.length === 4);
  assert.deepEqual(
    keys.map(({ dtmf }) => dtmf),
    ['1', '2', '*', '#'],
  );
  assert.deepEqual(keys[0], { dtmf: '1', duration: '480', source: 'RTP' });
  await playing;
  await until(() => phone.countOf(1000) === 50);
  const collected = await endpoint.playCollect({ file: 'silence', min: 1, max: 4, timeout: 1000 });
  assert.equal(collected['digits'], null);
  await endpoint.destroy();
});

test('keys while nothing runs are told and lost', async () => {
  const { phone, endpoint, keys } = await rig.call();
  await phone.key('7');
  await until(() => keys.length === 1);
  const collected = await endpoint.playCollect({ file: 'silence', min: 1, max: 4, timeout: 1000 });
  assert.equal(collected['digits'], null);
  await endpoint.destroy();
});

test('playback_terminators other than none stop a file', async () => {
  const { phone, endpoint } = await rig.call();
  await endpoint.set('playback_terminators', '#');
  const playing = endpoint.play(rig.sound('terminated', 10_000));
  await until(() => phone.countOf(1000) > 2);
  await phone.key('1#');
  assert.equal((await playing)['playbackMilliseconds'], '2048');
  await endpoint.destroy();
});

test('what is executed during a file is nested into it: the newest runs, then the older goes on', async () => {
  const { phone, endpoint } = await rig.call();
  const done: string[] = [];
  const outer = endpoint.play(rig.sound('outer', 600, 1000)).then(() => done.push('outer'));
  await until(() => phone.countOf(1000) > 3);
  const inner = endpoint.play(rig.sound('inner', 300, 3000)).then(() => done.push('inner'));
  await Promise.all([outer, inner]);
  assert.deepEqual(done, ['inner', 'outer']);
  await until(() => phone.countOf(1000) === 30 && phone.countOf(3000) === 15);
  const tail = phone.heard.filter(({ sample }) => Math.abs(sample) > 100).slice(-3);
  assert.ok(tail.every(({ sample }) => Math.abs(sample - 1000) < 60));
  await endpoint.destroy();
});

test('a limit of 2 seconds cuts a file, one of 1 second does not, and it stays on the channel', async () => {
  const { endpoint } = await rig.call();
  const file = rig.sound('cut', 2500);
  const whole = await endpoint.play({ file, timeoutSecs: 1 });
  assert.equal(whole['playbackLastOffsetPos'], '20000');
  const cut = await endpoint.play({ file, timeoutSecs: 2 });
  assert.equal(cut['playbackLastOffsetPos'], '16000');
  assert.equal((await endpoint.play(file))['playbackLastOffsetPos'], '16000');
  await endpoint.destroy();
});

test('a file that was exchanged is heard anew', async () => {
  const { phone, endpoint } = await rig.call();
  await endpoint.play(rig.sound('exchanged', 100, 1000));
  const again = rig.sound('exchanged', 100, 6000);
  await until(
    async () => {
      await endpoint.play(again);
      return phone.countOf(6000) > 0;
    },
    { what: 'the new file' },
  );
  await endpoint.destroy();
});

test('tones are keys once start_dtmf was executed, and not before', async () => {
  const { phone, endpoint, keys } = await rig.call({ events: false });
  assert.equal(endpoint.dtmfType, 'info');
  phone.speak(synthesizeKey('5', 100));
  await endpoint.play(rig.sound('meanwhile', 300));
  assert.equal(keys.length, 0);
  await endpoint.execute('start_dtmf', '');
  phone.speak(new Int16Array(800));
  phone.speak(synthesizeKey('9', 100));
  await until(() => keys.length === 1);
  assert.equal(keys[0]!.dtmf, '9');
  assert.equal(keys[0]!.source, 'INBAND_AUDIO');
  await endpoint.destroy();
});
