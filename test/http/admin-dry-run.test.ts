/** What the administrator is shown of a configuration, next to what the phone gets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createProvisioning } from '../../src/provisioning/listener.js';
import {
  type Admin,
  type Json,
  MAC,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeLine,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

const PATH = `/devices/${MAC}/configuration`;
const SECRETS = ['line-password-1', 'raw-secret-2', 'book-secret-3'];

async function makePhone(admin: Admin, policy: object = {}): Promise<void> {
  const tenantId = await makeTenant(admin, { policy });
  const line = await makeLine(admin, tenantId);
  const settings = {
    raw: { yealink: { 'some.password': 'raw-secret-2' } },
    phoneBook: { url: 'https://anna:book-secret-3@directory.example/book.xml?key=book-secret-3' },
  };
  await makeDevice(admin, tenantId, { model: 'T46U', lines: [line.id], settings });
}

const show = (admin: Admin, query = ''): Promise<Json> => expectStatus(admin.get(PATH + query), 200);

/** The values of both documents by the names of their parameters, where they differ. */
function differences(shown: string, sent: string): Record<string, [shown: string, sent: string]> {
  const read = (text: string): Map<string, string> =>
    new Map(
      text
        .split('\n')
        .filter((line) => line.includes(' = '))
        .map((line) => line.split(' = ', 2) as [string, string]),
    );
  const [left, right] = [read(shown), read(sent)];
  assert.deepEqual([...left.keys()], [...right.keys()]);
  return Object.fromEntries(
    [...left]
      .filter(([name, value]) => right.get(name) !== value)
      .map(([name, value]) => [name, [value, right.get(name) ?? '']]),
  );
}

/** Plays the phone on a port of its own. */
async function withPhone(
  admin: Admin,
  body: (fetchFile: (path: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const provisioning = createProvisioning(admin.context);
  provisioning.server.listen(0, '127.0.0.1');
  await once(provisioning.server, 'listening');
  const { port } = provisioning.server.address() as AddressInfo;
  try {
    await body(async (path) => {
      const text = await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
      await provisioning.flush();
      return text;
    });
  } finally {
    await provisioning.close();
  }
}

onAdminApp(
  'the configuration is shown as it would go out, with a mask over everything secret',
  async (admin) => {
    await makePhone(admin);
    await withPhone(admin, async (fetchFile) => {
      const first = await show(admin);
      const { contentType, document, ...about } = first;
      assert.deepEqual(about, {
        mac: MAC,
        vendor: 'yealink',
        model: 'T46U',
        as: 'minimal',
        wouldSend: 'minimal',
        reason: 'needed',
        token: null,
        address: null,
      });
      assert.equal(contentType, 'text/plain; charset=utf-8');
      const sent = await fetchFile(`/${MAC.replaceAll(':', '')}.cfg`);
      const masked = differences(document, sent);
      assert.deepEqual(Object.keys(masked), [
        'static.auto_provision.server.url',
        'static.security.user_password',
        'account.1.user_name',
        'account.1.auth_name',
        'account.1.password',
      ]);
      for (const [name, [value]] of Object.entries(masked)) assert.match(value, /\*{8}/, name);

      // Now its phone holds a token, and is asked about from where it came.
      const waiting = await show(admin);
      assert.deepEqual([waiting.token, waiting.address], ['bootstrap', '127.0.0.1']);
      await expectStatus(admin.post(`/devices/${MAC}/suspend-authentication`), 200);
      const full = await show(admin);
      assert.deepEqual([full.as, full.wouldSend, full.reason], ['full', 'full', 'suspension']);
      const [, path = ''] = /server\.url = http:\/\/192\.0\.2\.1:8080(\S+)/.exec(sent) ?? [];
      const got = await fetchFile(`${path}${MAC.replaceAll(':', '')}.cfg`);
      for (const secret of SECRETS) assert.ok(got.includes(secret), `the phone gets ${secret}`);
      const fullMasks = differences(full.document, got);
      for (const [name, [value]] of Object.entries(fullMasks)) assert.match(value, /\*{8}/, name);
      assert.equal(fullMasks['some.password']?.[0], '********');
      assert.equal(
        fullMasks['remote_phonebook.data.1.url']?.[0],
        'https://********@directory.example/book.xml?********',
      );
      assert.equal(fullMasks['account.1.password']?.[0], '********');
    });
  },
);

onAdminApp('either configuration can be shown, whichever its phone would get', async (admin) => {
  await makePhone(admin);
  const full = await show(admin, '?as=full');
  assert.deepEqual([full.as, full.wouldSend, full.reason], ['full', 'minimal', 'needed']);
  assert.match(full.document, /^account\.1\.label = 101$/m);
  await expectStatus(admin.post(`/devices/${MAC}/suspend-authentication`), 200);
  const minimal = await show(admin, '?as=minimal');
  assert.deepEqual([minimal.as, minimal.wouldSend, minimal.reason], ['minimal', 'full', 'suspension']);
  assert.match(minimal.document, /^account\.1\.label = Authentication needed$/m);
  for (const { document } of [full, minimal])
    for (const secret of SECRETS) assert.ok(!document.includes(secret), secret);
});

onAdminApp('a device without a model is shown as the one that its phone says it is', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId);
  assert.match((await show(admin)).document, /^linekey\.29\.type = 0$/m);
  const base = await show(admin, '?model=W70B');
  assert.equal(base.model, 'W70B');
  assert.match(base.document, /^handset\.1\.name = Auth needed$/m);
  await expectStatus(admin.patch(`/devices/${MAC}`, { model: 'T31P' }), 200);
  assert.equal((await show(admin, '?model=W70B')).model, 'T31P', 'what an administrator says counts');
  await expectProblem(admin.get(`${PATH}?model=`), 422);
});

onAdminApp('a policy that only observes is shown with what it would have done', async (admin) => {
  await makePhone(admin, { enforce: false });
  const { wouldSend, reason, because } = await show(admin);
  assert.deepEqual([wouldSend, reason, because], ['full', 'not-enforced', 'needed']);
});

onAdminApp('to look changes nothing, however often', async (admin) => {
  await makePhone(admin);
  const before = [
    await eventsOf(admin),
    await admin.context.store.db.selectFrom('tokens').selectAll().execute(),
  ];
  const first = await show(admin);
  assert.deepEqual(await show(admin), first, 'the same bytes');
  await show(admin, '?as=full');
  const after = [
    await eventsOf(admin),
    await admin.context.store.db.selectFrom('tokens').selectAll().execute(),
  ];
  assert.deepEqual(after, before);
});

onAdminApp('what cannot be shown is said', async (admin) => {
  await expectProblem(admin.get(PATH), 404);
  await makePhone(admin);
  assert.deepEqual(await expectProblem(admin.get(`${PATH}?as=both`), 422), ['as']);
  assert.deepEqual(await expectProblem(admin.get(`${PATH}?what=full`), 422), ['what']);
  await expectProblem(admin.get('/devices/nonsense/configuration'), 400);
  await expectProblem(admin.post(PATH), 405);
});
