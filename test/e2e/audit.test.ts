import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { openStore } from '../../src/store/open-store.js';
import { wrongPap } from '../support/admin-api.js';
import { CLI, NODE_FLAGS } from '../support/command.js';
import { callService, keyIn, nextConfiguration, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';
import { SILENT } from '../support/store.js';

function verify(dataDir: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...NODE_FLAGS, CLI, 'audit', 'verify', ...parameters],
    {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, LOG_LEVEL: 'silent' },
      encoding: 'utf8',
      timeout: 240_000,
    },
  );
  return { status, stdout, stderr, head: /^head +(\S+)$/m.exec(stdout)?.[1] ?? '' };
}

describe('the audit log', () => {
  it('tells the whole story, is sealed to its end when the service has stopped, and shows what was changed', async (t) => {
    const service = await Service.start(t);
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const provisioned = nextConfiguration(phone, 30_000);
    await keyIn(await callService(phone), wrongPap(created.pap), created.pap);
    assert.equal(await provisioned, created.line.label);
    await phone.provision();

    // Fetches are written down in batches.
    const { items } = await until(
      async () => {
        const listed = await service.api.need('GET', '/events?limit=500');
        return listed.items.some(({ type }: { type: string }) => type === 'config.full') && listed;
      },
      { what: 'config.full' },
    );
    const types: string[] = items.map(({ type }: { type: string }) => type);
    const story = [
      'tenant.created',
      'line.created',
      'device.created',
      'config.minimal',
      'pap.wrong',
      'pap.accepted',
      'network.opened',
      'device.authenticated',
      'call.authentication',
      'resync.sent',
      'config.full',
    ];
    for (const type of story) assert.ok(types.includes(type), `${type} in ${types.join(' ')}`);
    assert.equal(types.filter((type) => type === 'pap.wrong').length, 1);
    const full = items.find(({ type }: { type: string }) => type === 'config.full');
    assert.equal(full.data.reason, 'token');
    assert.equal(await service.stop(), 0);

    const whole = verify(service.dataDir);
    assert.equal(whole.status, 0, whole.stderr);
    assert.match(whole.stdout, /^unsealed +0$/m);
    const sealed = Number(/^sealed +(\d+) /m.exec(whole.stdout)?.[1]);
    assert.ok(sealed >= items.length, `${sealed} of ${items.length} and more`);
    const logged = [...service.log.matchAll(/"head":"(\S+?)"/g)].map(([, head]) => head);
    assert.equal(logged.at(-1), whole.head, 'the last head is in the log of the service');
    assert.equal(verify(service.dataDir, '--head', logged[0] ?? '').status, 0, 'and so are earlier ones');

    const store = await openStore({ databaseUrl: null, dataDir: service.dataDir, log: SILENT });
    await sql`update events set type = 'pap.accepted' where type = 'pap.wrong'`.execute(store.db);
    await store.close();
    const changed = verify(service.dataDir);
    assert.equal(changed.status, 1);
    const id = items.find(({ type }: { type: string }) => type === 'pap.wrong').id;
    assert.match(
      changed.stderr,
      new RegExp(`\\(event ${id}, pap\\.accepted, .*\\) is not what was sealed there`),
    );
  });

  it('is verified by a command that says how it is used', () => {
    for (const parameters of [[], ['verify', 'twice'], ['seal']]) {
      const { status, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, CLI, 'audit', ...parameters], {
        encoding: 'utf8',
      });
      assert.equal(status, 2, parameters.join(' '));
      assert.match(stderr, /dialgate audit verify/);
    }
    const wrongHead = verify('/nonexistent', '--head', '12');
    assert.equal(wrongHead.status, 1);
    assert.match(wrongHead.stderr, /--head takes a position/);
    assert.match(verify('/nonexistent', '--tail').stderr, /--tail/);
  });
});
