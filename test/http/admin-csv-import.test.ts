import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  type Admin,
  MAC,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';
import { exportRows, fileOfDevices, getCsv, importCsv, postCsv } from './csv-files.js';

const makeSite = (admin: Admin, tenantId: string, name: string) =>
  expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name }), 201);

const devicesOf = async (admin: Admin) => (await expectStatus(admin.get('/devices'), 200)).items;

onAdminApp('devices are created as the lines ask for, and need authentication', async (admin) => {
  const tenantId = await makeTenant(admin);
  const site = await makeSite(admin, tenantId, 'Köln, Süd');
  const file =
    '\ufeffMAC;Vendor;Model;Site;Label;Notes\r\n' +
    '80-5E-C0-11-22-33;Yealink;T46U;Köln, Süd;"Desk ""1""";x\r\n' +
    '80:5e:c0:11:22:34;snom;;;;\r\n';
  assert.deepEqual(await importCsv(admin, `tenantId=${tenantId}`, file), {
    created: [MAC, '80:5e:c0:11:22:34'],
    count: 2,
    errors: [],
    ignoredColumns: ['Notes'],
    dryRun: false,
  });
  const created = (await eventsOf(admin, 'type=device.created')).map(({ mac, tenantId: of, data }) => [
    mac,
    of,
    data,
  ]);
  assert.deepEqual(created, [
    [MAC, tenantId, { vendor: 'yealink', model: 'T46U' }],
    ['80:5e:c0:11:22:34', tenantId, { vendor: 'snom', model: null }],
  ]);
  const device = await expectStatus(admin.get(`/devices/${MAC}`), 200);
  assert.deepEqual(
    [device.vendor, device.model, device.siteId, device.label, device.state],
    ['yealink', 'T46U', site.id, 'Desk "1"', 'needed'],
  );
  assert.equal(device.papValid, true);
  // The report of an import shows no PAP.
  assert.equal((await eventsOf(admin, 'type=pap.revealed')).length, 0);
});

onAdminApp(
  'a bad line is told by number, column and reason, and the good ones are created',
  async (admin) => {
    const [tenantId, stranger] = [await makeTenant(admin), await makeTenant(admin)];
    await makeSite(admin, tenantId, 'A');
    await makeSite(admin, stranger, 'B');
    await makeDevice(admin, tenantId);
    const file = [
      'mac,vendor,site,note',
      '80:5e:c0:00:00:01,yealink,A,"two',
      'lines"',
      `${MAC},yealink,A,`,
      '80:5e:c0:00:00:02,acme,A,',
      '80:5e:c0:00:00:02,yealink,A,',
      '80:5e:c0:00:00:01,yealink,A,',
      '80:5e:c0:00:00:03,yealink,B,',
      '80:5e:c0:00:00:04,yealink,"A',
      '80:5e:c0:00:00:05,yealink,',
      '',
      '80:5e:c0:00:00:06,yealink,,',
    ].join('\n');
    const report = await importCsv(admin, `tenantId=${tenantId}`, file);
    assert.deepEqual(report.created, ['80:5e:c0:00:00:01', '80:5e:c0:00:00:06']);
    assert.deepEqual(
      report.errors.map(({ line, column, message }: Record<string, unknown>) => [line, column, message]),
      [
        [4, 'mac', 'is that of a device that exists already'],
        [
          5,
          'vendor',
          'must be one of yealink, cisco, patton, snom, poly, panasonic, gigaset, grandstream, fanvil',
        ],
        [6, 'mac', 'is in line 5 already'],
        [7, 'mac', 'is in line 2 already'],
        [8, 'site', 'is not the name of a site of this tenant'],
        [9, 'site', 'begins with a quote that is not closed'],
        [10, null, 'has 3 cells, the first line has 4'],
      ],
    );
  },
);

onAdminApp('a file of nothing but bad lines is answered with what is wrong with them', async (admin) => {
  const tenantId = await makeTenant(admin);
  const report = await importCsv(admin, `tenantId=${tenantId}`, 'mac,vendor\nx,yealink\n');
  assert.deepEqual([report.count, report.created, report.errors.length], [0, [], 1]);
});

onAdminApp('a dry run creates nothing and tells the same', async (admin) => {
  const tenantId = await makeTenant(admin);
  const file = `mac,vendor\n${MAC},yealink\nx,snom\n${MAC},snom\n`;
  const tried = await importCsv(admin, `tenantId=${tenantId}&dryRun=true`, file);
  assert.deepEqual(await devicesOf(admin), []);
  assert.deepEqual(await eventsOf(admin, 'type=device.created'), []);
  const done = await importCsv(admin, `tenantId=${tenantId}&dryRun=false`, file);
  assert.deepEqual(tried, { ...done, dryRun: true });
  assert.deepEqual(done.created, [MAC]);
});

onAdminApp('all or nothing: one bad line keeps all of them out', async (admin) => {
  const tenantId = await makeTenant(admin);
  const query = `tenantId=${tenantId}&allOrNothing=true`;
  const good = fileOfDevices(600);
  for (const dryRun of [true, false]) {
    const refused = await postCsv(admin, `${query}&dryRun=${dryRun}`, `${good}x,yealink,\n`);
    assert.equal(refused.status, 422);
    assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(refused.body.detail, '1 of 601 lines are wrong, so nothing is imported.');
    assert.deepEqual(
      refused.body.errors.map(({ line, column }: Record<string, unknown>) => [line, column]),
      [[602, 'mac']],
    );
    assert.deepEqual(await devicesOf(admin), []);
  }
  assert.equal((await importCsv(admin, `${query}&dryRun=true`, good)).count, 600);
  assert.deepEqual(await devicesOf(admin), []);
  assert.equal((await importCsv(admin, query, good)).count, 600);
  assert.deepEqual((await importCsv(admin, `tenantId=${tenantId}`, good)).errors.length, 600);
});

onAdminApp('a file may say in a column whose each device is', async (admin) => {
  const [first, second] = [await makeTenant(admin), await makeTenant(admin)];
  await makeSite(admin, second, 'A');
  const file = [
    'mac,vendor,site,tenantId',
    `80:5e:c0:00:00:01,yealink,,${first}`,
    `80:5e:c0:00:00:02,yealink,A,${second.toUpperCase()}`,
    `80:5e:c0:00:00:03,yealink,A,${first}`,
    `80:5e:c0:00:00:04,yealink,,${randomUUID()}`,
    `80:5e:c0:00:00:05,yealink,A,${randomUUID()}`,
    '80:5e:c0:00:00:06,yealink,,',
    '80:5e:c0:00:00:07,yealink,,x',
  ].join('\n');
  const report = await importCsv(admin, '', file);
  assert.deepEqual(report.created, ['80:5e:c0:00:00:01', '80:5e:c0:00:00:02']);
  assert.deepEqual(
    report.errors.map(({ line, column }: Record<string, unknown>) => [line, column]),
    [
      [4, 'site'],
      [5, 'tenantId'],
      [6, 'tenantId'],
      [7, 'tenantId'],
      [8, 'tenantId'],
    ],
  );
  // The request's word counts more than the file's.
  const other = await importCsv(admin, `tenantId=${first}`, file.replaceAll(':00:00:', ':00:01:'));
  assert.deepEqual([other.count, other.ignoredColumns], [4, ['tenantId']]);
});

onAdminApp('what an import cannot begin with is a problem', async (admin) => {
  const tenantId = await makeTenant(admin);
  const query = `tenantId=${tenantId}`;
  const file = `mac,vendor\n${MAC},yealink\n`;
  assert.deepEqual(await expectProblem(postCsv(admin, `tenantId=${randomUUID()}`, file), 422), ['tenantId']);
  assert.deepEqual(await expectProblem(postCsv(admin, `${query}&dryRun=yes`, file), 422), ['dryRun']);
  await expectProblem(postCsv(admin, '', file), 422);
  await expectProblem(postCsv(admin, query, ''), 422);
  await expectProblem(postCsv(admin, query, `${MAC},yealink\n`), 422);
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'text/csvx']) {
    const answer = await postCsv(admin, query, type === 'application/json' ? '{}' : file, type);
    assert.equal(answer.status, 415, type);
  }
  await expectProblem(postCsv(admin, query, file, 'text/csv; charset=iso-8859-1'), 415);
  await expectProblem(postCsv(admin, query, Buffer.alloc(20_000_001, 'a')), 413);
  await expectProblem(postCsv(admin, query, `mac,vendor\n${'\n'.repeat(100_001)}`), 413);
  assert.deepEqual(await devicesOf(admin), []);
  assert.equal((await postCsv(admin, query, file, 'text/csv; charset="UTF-8"; header=present')).status, 200);
});

onAdminApp('a file in another encoding is refused whole, and says where and what to do', async (admin) => {
  const tenantId = await makeTenant(admin);
  const file = `mac,vendor,label\n${fileOfDevices(300).split('\n').slice(1).join('\n')}${MAC},snom,Büro\n`;
  for (const [body, line, column] of [
    [Buffer.from(file, 'latin1'), 302, 'label'],
    [Buffer.from(`\ufeff${file}`, 'utf16le'), 1, null],
    [Buffer.from(file, 'utf16le'), 1, null],
  ] as const) {
    const { status, body: problem } = await postCsv(admin, `tenantId=${tenantId}`, body);
    assert.equal(status, 422);
    assert.deepEqual(problem.errors, [{ line, column, message: 'is not UTF-8' }]);
    assert.match(problem.detail, /Save the file as UTF-8/);
  }
  assert.deepEqual(await devicesOf(admin), []);
});

onAdminApp('a file may come compressed, and is measured by what it unpacks to', async (admin) => {
  // Before any request: for seconds nothing else runs in this process, and a kept connection would
  // be closed.
  const huge = gzipSync(Buffer.alloc(200_000_000), { level: 1 });
  const send = async (body: Buffer) =>
    fetch(`${admin.url}/api/v1/devices.csv?tenantId=${await makeTenant(admin)}`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer the-bootstrap-key-of-the-tests',
        'content-type': 'text/csv',
        'content-encoding': 'gzip',
      },
      body,
    });
  assert.equal((await send(gzipSync(fileOfDevices(3)))).status, 200);
  assert.equal((await send(huge)).status, 413);
});

onAdminApp('what was exported can be imported again', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeSite(admin, tenantId, '=Site; "A"');
  const labels = [
    '=1+1',
    "'=1+1",
    '+49',
    '@x',
    '-',
    ' blanks ',
    'a,b;c',
    '"',
    "'tis",
    '\u00a0ä\u2028',
    '＝1',
  ];
  for (const [index, label] of labels.entries()) {
    const sites = (await expectStatus(admin.get(`/tenants/${tenantId}/sites`), 200)).items;
    const mac = `80:5e:c0:00:00:${index.toString(16).padStart(2, '0')}`;
    await makeDevice(admin, tenantId, { mac, label, model: label, siteId: sites[0].id });
  }
  const essence = async () =>
    (await exportRows(admin))
      .map(({ vendor, model, mac, site, label }) => ({ vendor, model, mac, site, label }))
      .toSorted((a, b) => (a.mac! < b.mac! ? -1 : 1));
  const before = await essence();
  const { text } = await getCsv(admin, `tenantId=${tenantId}`);
  for (const { mac } of before) assert.equal((await admin.delete(`/devices/${mac}`)).status, 204);

  const report = await importCsv(admin, `tenantId=${tenantId}`, text);
  assert.deepEqual([report.count, report.errors], [labels.length, []]);
  assert.deepEqual(report.ignoredColumns, ['createdAt', 'state', 'pap', 'lines', 'tenantId']);
  assert.deepEqual(await essence(), before);
  assert.deepEqual(
    (await devicesOf(admin)).map(({ label }: { label: string }) => label).toSorted(),
    labels.toSorted(),
  );
});

onAdminApp('two imports of the same file at once create each device once', async (admin) => {
  const tenantId = await makeTenant(admin);
  const file = fileOfDevices(600);
  const [head = '', ...lines] = file.trimEnd().split('\n');
  const backwards = [head, ...lines.toReversed()].join('\n');
  const reports = await Promise.all([
    importCsv(admin, `tenantId=${tenantId}&allOrNothing=false`, file),
    importCsv(admin, `tenantId=${tenantId}`, backwards),
  ]);
  const created = reports.flatMap((report) => report.created);
  assert.equal(created.length, 600);
  assert.equal(new Set(created).size, 600);
  assert.equal(reports[0].errors.length + reports[1].errors.length, 600);
});
