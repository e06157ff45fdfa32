import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { preparedFolder } from '../support/prepared-database.js';
import { Service, startInVain } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('a start that cannot be', { concurrency: 2 }, () => {
  for (const setting of ['PROVISIONING_PORT', 'ADMIN_PORT', 'INTERNAL_PORT']) {
    it(`says which port is in use, and that ${setting} moves it`, async (t) => {
      const occupant = createServer().listen(0, '127.0.0.1');
      t.after(() => occupant.close());
      await once(occupant, 'listening');
      const { port } = occupant.address() as AddressInfo;
      const { status, output } = await startInVain({
        DATA_DIR: preparedFolder('port'),
        [setting]: String(port),
      });
      assert.equal(status, 1);
      assert.match(output, new RegExp(`Port ${port} .*in use.*${setting}`));
    });
  }

  it('says so of the SIP port, which is UDP too', UNLESS_EMBEDDED, async (t) => {
    const occupant = createSocket('udp4').bind(0, '127.0.0.1');
    t.after(() => occupant.close());
    await once(occupant, 'listening');
    const { port } = occupant.address();
    const { status, output } = await startInVain({
      DATA_DIR: preparedFolder('port'),
      SIP_PORT: String(port),
    });
    assert.equal(status, 1);
    assert.match(output, new RegExp(`port ${port} .*in use.*SIP_PORT`));
  });

  it('tells of a DATA_DIR that cannot be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'not a folder');
    const { status, output } = await startInVain({ DATA_DIR: join(folder, 'file', 'data') });
    assert.equal(status, 1);
    assert.match(output, /DATA_DIR/);
    assert.doesNotMatch(output, /\n\s+at /, 'no stack');
  });

  it('tells of another MASTER_KEY than the one the data was made with', async (t) => {
    const dataDir = preparedFolder('key');
    const service = await Service.start(t, {
      dataDir,
      env: { MASTER_KEY: 'the first key of this installation' },
    });
    assert.equal(await service.stop(), 0);
    const { status, output } = await startInVain({
      DATA_DIR: dataDir,
      MASTER_KEY: 'another key than that one',
    });
    assert.equal(status, 1);
    assert.match(output, /MASTER_KEY/);
    assert.ok(!output.includes('another key'));
  });

  it('tells of everything in the environment that is wrong at once', async () => {
    const { status, output } = await startInVain({
      ADMIN_PORT: 'eighty',
      LOG_LEVEL: 'loud',
      EMERGENCY_ROUTE: 'tel:112',
    });
    assert.equal(status, 1);
    for (const name of ['ADMIN_PORT', 'LOG_LEVEL', 'EMERGENCY_ROUTE']) assert.match(output, new RegExp(name));
  });

  it('tells of a database server that is not there', async () => {
    const { status, output } = await startInVain({
      DATA_DIR: temporaryFolder(),
      DATABASE_URL: 'postgres://dialgate:very-secret@127.0.0.1:9/dialgate',
    });
    assert.equal(status, 1);
    assert.match(output, /DATABASE_URL/);
    assert.ok(!output.includes('very-secret'));
  });

  it('does not let two processes onto one data folder', async (t) => {
    const dataDir = temporaryFolder();
    mkdirSync(dataDir, { recursive: true });
    await Service.start(t, { dataDir });
    const { status, output } = await startInVain({ DATA_DIR: dataDir });
    assert.equal(status, 1);
    assert.match(output, /DATA_DIR|data folder|another/i);
  });
});
