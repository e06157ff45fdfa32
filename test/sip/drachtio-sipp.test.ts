/**
 * The SIP engine against SIPp, which shares no code with us. Debian package sip-tester.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';

import { freePort } from '../support/free-port.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/wait-for.js';
import { ANSWER, connectApp, OFFER, Stack, startServer, LIMIT } from './drachtio-harness.js';

const CALLS = 10;
const installed = spawnSync('sipp', ['-v']).error === undefined;

let stack: Stack;
beforeEach(() => (stack = new Stack()));
afterEach(() => stack.close(), LIMIT);

/** Runs SIPp; resolves with 0 when every call went as its scenario wants. */
async function sipp(...args: string[]): Promise<number> {
  const limits = ['-nostdin', '-timeout', '20s', '-timeout_error', '-i', '127.0.0.1'];
  const env = { TERM: 'dumb', PATH: '/usr/bin:/bin' };
  const child = spawn('sipp', [...args, ...limits], { cwd: temporaryFolder('sipp'), stdio: 'ignore', env });
  stack.push(() => void child.kill('SIGKILL'));
  const [code] = await once(child, 'exit');
  return Number(code);
}

for (const transport of ['u1', 't1']) {
  test(
    `SIPp calls the application over ${transport} and hangs up`,
    { ...LIMIT, skip: !installed && 'sipp is not installed' },
    async () => {
      const server = await startServer(stack);
      let ended = 0;
      await connectApp(stack, server, (app) =>
        app.invite((request, response) => {
          // By callback: SIPp hangs up so quickly that the BYE may be read before the code behind
          // an `await` has run.
          app.createUAS(request, response, { localSdp: ANSWER }, (_error, dialog) =>
            dialog.on('destroy', () => (ended += 1)),
          );
        }),
      );
      const outcome = await sipp(
        `127.0.0.1:${server.sipPort}`,
        '-sn',
        'uac',
        '-t',
        transport,
        '-m',
        String(CALLS),
        '-r',
        '20',
      );
      assert.equal(outcome, 0);
      assert.equal(ended, CALLS);
    },
  );
}

test(
  'the application calls SIPp and hangs up',
  { ...LIMIT, skip: !installed && 'sipp is not installed' },
  async () => {
    const server = await startServer(stack);
    const app = await connectApp(stack, server);
    const port = await freePort();
    const callee = sipp('-sn', 'uas', '-p', String(port), '-m', String(CALLS));
    // SIPp says nowhere that it listens; the first call that is answered tells.
    const call = async (): Promise<boolean> => {
      const dialog = await app
        .createUAC(`sip:service@127.0.0.1:${port}`, { localSdp: OFFER })
        .catch(() => undefined);
      await dialog?.destroy();
      return dialog !== undefined;
    };
    await until(call);
    for (let made = 1; made < CALLS; made += 1) assert.equal(await call(), true);
    assert.equal(await callee, 0);
  },
);
