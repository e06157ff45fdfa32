import { test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CallAudio } from '../../../softphone/call-audio.js';
import { Pacer } from '../../../telephony/media/pacer.js';
import { bindRtpSocket } from '../../../telephony/media/rtp-port-pool.js';

const FORMAT = { codec: 'PCMA', payloadType: 8, telephoneEvent: 101 } as const;

test('nobody waits for ever for keys to be pressed: not twice at once, not when the call is over', async () => {
  const socket = await bindRtpSocket('127.0.0.1');
  const audio = new CallAudio(socket, FORMAT, undefined, new Pacer(), () => undefined);
  const limited = (pressing: Promise<unknown>[]): Promise<unknown> =>
    Promise.race([Promise.all(pressing).then(() => 'pressed'), delay(3000, 'waits', { ref: false })]);
  assert.equal(await limited([audio.press('1'), audio.press('2')]), 'pressed');
  const interrupted = audio.press('3456789');
  audio.close();
  assert.equal(await limited([interrupted, audio.press('0')]), 'pressed');
});
