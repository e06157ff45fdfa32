/**
 * A running service whose machine's clock is set: locks end, phones register and PINs are taken,
 * whatever time it has become.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { preparedFolder } from '../support/prepared-database.js';
import { registeredPhone, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

for (const [what, seconds] of [
  ['an hour back', -3600],
  ['an hour forward', 3600],
] as const) {
  test(`the clock steps ${what} during a lock`, async (t) => {
    const dataDir = preparedFolder('steps');
    const file = join(dataDir, 'ahead');
    const service = await Service.start(t, {
      dataDir,
      env: {
        NODE_OPTIONS: `--import ${new URL('../support/stepping-time.js', import.meta.url).href}`,
        STEPPING_TIME_FILE: file,
      },
    });
    const created = await service.api.createPhone({ policy: { lockoutSeconds: 12, maxAttempts: 1 } });
    const phone = await registeredPhone(t, service, created);
    assert.equal(await tryPap(phone, wrongPap(created.pap)), 'not-possible');
    assert.equal((await service.api.device(created.macHex)).state, 'failed');

    writeFileSync(file, String(seconds));
    const note = await until(() => readStep(service), { every: 200 });
    assert.match(note, new RegExp(`stepped ${seconds < 0 ? 'back' : 'forward'} by 3600 s`));
    const { failedUntil } = await service.api.device(created.macHex);
    if (failedUntil !== null) {
      const leftMs = Date.parse(failedUntil) - (Date.now() + seconds * 1000);
      assert.ok(leftMs < 13_000, `the lock lasts another ${leftMs} ms`);
    }
    // Twelve seconds and the watch's own; not an hour.
    await until(async () => (await service.api.device(created.macHex)).state === 'needed', { every: 200 });
    assert.equal(await phone.register(), 200);
    assert.equal(await tryPap(phone, created.pap), 'authenticated');
    const told = await service.api.need('GET', '/events?type=clock.stepped');
    assert.deepEqual(
      told.items.map(({ data }: { data: unknown }) => data),
      [{ seconds }],
    );
  });
}

/** The warning that tells of a step; null while there is none. */
async function readStep(service: Service): Promise<string | null> {
  const answer = await fetch(new URL('/readyz', service.facts.adminUrl));
  const { warnings = [] } = (await answer.json()) as { warnings?: string[] };
  return warnings.find((warning) => warning.startsWith('The clock stepped')) ?? null;
}
