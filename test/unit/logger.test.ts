import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { createLogger, muteConsole } from '../../src/process/logger.js';

test('what a library writes to the console is noted in the log, without its words', () => {
  let written = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const output = { log: assert.fail, warn: assert.fail, error: assert.fail };
  muteConsole(createLogger('info', destination), output);
  for (const write of [output.log, output.warn, output.error] as ((words: string) => void)[])
    write('unable to parse incoming message: INVITE sip:*89*135790@pbx.example SIP/2.0');
  assert.equal(written.match(/a library wrote to the console/g)?.length, 3);
  assert.ok(!written.includes('135790'));
});
