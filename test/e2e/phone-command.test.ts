import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { CLI, NODE_FLAGS } from '../support/command.js';
import { freePort } from '../support/free-port.js';
import { Service } from '../support/service.js';
import { createLine } from '../support/unclaimed-phones.js';

let service: Service;
before(async () => {
  service = await Service.launch({ env: { UNKNOWN_DEVICES: 'autoprov' } });
});
after(() => service.kill());

interface Outcome {
  status: number | null;
  shown: string;
  complaint: string;
}

/**
 * Runs `dialgate phone` beside the service; it finds the service by the environment that both have.
 */
async function phone(
  parameters: string[],
  port = new URL(service.facts.provisioningUrl).port,
): Promise<Outcome> {
  const child = spawn(process.execPath, [...NODE_FLAGS, CLI, 'phone', ...parameters], {
    env: { PATH: process.env['PATH'], PROVISIONING_PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [shown, complaint, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { status, shown, complaint };
}

describe('dialgate phone', { concurrency: 4 }, () => {
  it('says in one sentence that nothing listens', async () => {
    const { status, complaint } = await phone(['--mac', '805ec0aa0001'], String(await freePort()));
    assert.equal(status, 1);
    assert.match(complaint, /^http:\S+ could not be fetched: nothing listens there\.\n$/);
  });

  it('keys in a PIN and ends with its line', async () => {
    const { macHex, pap, line } = await service.api.createPhone();
    const { status, shown, complaint } = await phone(['--mac', macHex, '--pap', pap]);
    assert.equal(status, 0, complaint);
    assert.match(shown, new RegExp(`phone has the account ${line.sipUser}`));
    assert.ok(!shown.includes(pap), 'the PIN is not shown');
  });

  it('fails with a wrong PIN', async () => {
    const { macHex, pap } = await service.api.createPhone();
    const { status, complaint } = await phone(['--mac', macHex, '--pap', wrongPap(pap, 1)]);
    assert.deepEqual([status, complaint], [1, 'The entry was not accepted.\n']);
  });

  for (const [how, option] of [
    ['keyed in', '--code'],
    ['dialled', '--dial'],
  ] as const) {
    it(`claims a line by its provisioning code, ${how}`, async () => {
      const line = await createLine(service.api);
      const { status, shown, complaint } = await phone([
        '--mac',
        option === '--code' ? '805ec0aa0002' : '805ec0aa0003',
        option,
        line.provisioningCode,
      ]);
      assert.equal(status, 0, complaint);
      assert.match(shown, new RegExp(`phone has the account ${line.sipUser}`));
    });
  }

  it('dials a number without an entry and tells what is heard', async () => {
    const { macHex, pap } = await service.api.createPhone();
    const { status, shown } = await phone(['--mac', macHex, '--dial', `*89*${pap}`]);
    assert.equal(status, 0);
    assert.match(shown, /hears “en\/authenticated”[^]*the service hung up/);
    assert.ok(!shown.includes(pap), 'the PIN is not shown');
  });

  it('fails where the entry is not asked for', async () => {
    const { macHex } = await service.api.createPhone();
    const { status, complaint } = await phone(['--mac', macHex, '--code', '1234']);
    assert.deepEqual([status, complaint], [1, 'The phone was not asked for an entry of 4 digits.\n']);
  });
});
