import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { AdmissionWatch } from '../../../sip/admission/admission.js';
import { makeAccountName } from '../../../src/domain/account-name.js';
import type { Admission } from '../../../src/contract/messages.js';
import { until } from '../../support/wait-for.js';

const KEY = Buffer.from('a key');
const LOG = pino({ level: 'silent' });

test('everything may be a call for help and every name ours until it is known better; changes are heard of', async () => {
  const told: (readonly string[] | undefined)[] = [];
  const asked: (string | null)[] = [];
  let answer: ((admission: Admission) => void) | undefined;
  const internal = {
    admission: (known: string | null, signal: AbortSignal) => {
      asked.push(known);
      return new Promise<Admission>((resolve, reject) => {
        answer = resolve;
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  };
  const watch = new AdmissionWatch(internal, (numbers) => told.push(numbers), LOG);
  watch.start();
  assert.equal(watch.isCertain, false);
  assert.equal(watch.mayBeEmergency('*89'), true);
  assert.equal(watch.mayBeAccount('100'), true);

  const admission = { version: '1', emergencyNumbers: ['112'], accountNameKey: KEY.toString('base64') };
  answer?.(admission);
  await until(() => watch.isCertain);
  assert.equal(watch.mayBeEmergency('*89'), false);
  assert.equal(watch.mayBeEmergency('112'), true);
  assert.equal(watch.mayBeEmergency('112#'), true, 'as it is dialled');
  assert.equal(watch.mayBeEmergency('urn:service:sos'), true);
  assert.equal(watch.mayBeEmergency('0911234'), false);
  assert.equal(watch.mayBeAccount('100'), false);
  assert.equal(watch.mayBeAccount(makeAccountName(KEY)), true);

  answer?.(admission);
  await until(() => asked.length === 3);
  answer?.({ ...admission, version: '2', emergencyNumbers: ['112', '110'] });
  await until(() => watch.mayBeEmergency('110'));
  assert.deepEqual(told, [['112'], ['112', '110']]);
  assert.deepEqual(asked.slice(0, 3), [null, '1', '1']);
  await watch.stop();
});
