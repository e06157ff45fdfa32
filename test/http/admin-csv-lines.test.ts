import assert from 'node:assert/strict';
import {
  type Admin,
  type Json,
  MAC,
  eventsOf,
  expectStatus,
  makeDevice,
  makeLine,
  makeTenant,
  onAdminApp,
} from './admin-server.js';
import { importCsv, postCsv } from './csv-files.js';
import { lineIds } from '../support/admin-api.js';

const OTHER = '80:5e:c0:11:22:34';
const HEADING =
  'mac,vendor,label,sipUser,authUser,password,registrar,displayName,transport,provisioningCode,serialNumber,language';

const fileOf = (...rows: string[]): string => `${[HEADING, ...rows].join('\n')}\n`;

const linesOf = async (admin: Admin, tenantId: string): Promise<Json[]> =>
  (await expectStatus(admin.get(`/tenants/${tenantId}/lines?limit=500`), 200)).items;

const deviceOf = (admin: Admin, mac: string): Promise<Json> =>
  expectStatus(admin.get(`/devices/${mac}`), 200);

/** The users of a device's lines, in the order of its keys. */
async function usersOf(admin: Admin, mac: string): Promise<string[]> {
  const device = await deviceOf(admin, mac);
  const lines = await linesOf(admin, device.tenantId);
  return lineIds(device).map((id) => lines.find((line) => line.id === id).sipUser);
}

const errorsOf = ({ errors }: Json): unknown[] =>
  errors.map(({ line, column, message }: Json) => [line, column, message]);

onAdminApp('a file makes devices with their lines, several by further rows', async (admin) => {
  const tenantId = await makeTenant(admin);
  const report = await importCsv(
    admin,
    `tenantId=${tenantId}`,
    fileOf(
      `${MAC},yealink,Hall,101,a101,"se;cret,1",pbx.example:5070,Anna,TLS,471100,SN-1,de`,
      '80-5e-c0-11-22-33,,,102,,secret-2,pbx.example,,,,,',
      '805E.C011.2233,,,103,,secret-3,pbx.example,,,,,',
      `${OTHER},snom,,102,,,PBX.EXAMPLE,,,,,`,
      `80:5e:c0:11:22:35,snom,,,,,,,,,,`,
    ),
  );
  assert.deepEqual([report.created.length, report.errors, report.updated], [3, [], undefined]);
  assert.doesNotMatch(JSON.stringify(report), /secret|se;cret/);
  assert.deepEqual(await usersOf(admin, MAC), ['101', '102', '103']);
  assert.deepEqual(await usersOf(admin, OTHER), ['102'], 'two devices share a line');
  const lines = await linesOf(admin, tenantId);
  assert.equal(lines.length, 3);
  const of = (user: string): Json => lines.find((line) => line.sipUser === user);
  const { label, displayName, sipUser, authUser, registrar, transport, provisioningCode } = of('101');
  assert.deepEqual(
    { label, displayName, sipUser, authUser, registrar, transport, provisioningCode },
    {
      label: 'Anna',
      displayName: 'Anna',
      sipUser: '101',
      authUser: 'a101',
      registrar: 'pbx.example:5070',
      transport: 'tls',
      provisioningCode: '471100',
    },
  );
  assert.deepEqual([of('102').label, of('102').transport], ['102', 'udp']);
  assert.match(of('102').provisioningCode, /^\d{6}$/);
  const device = await deviceOf(admin, MAC);
  assert.deepEqual([device.serialNumber, device.settings], ['SN-1', { language: 'de' }]);
  const text = JSON.stringify(await eventsOf(admin, 'limit=500'));
  assert.match(text, /line\.created/);
  assert.doesNotMatch(text, /secret|se;cret|471100/);
});

onAdminApp(
  'a row with a wrong line costs itself; where it is the device, all rows of the device',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    await makeLine(admin, tenantId, { sipUser: '900', provisioningCode: '123456' });
    await makeDevice(admin, tenantId, { mac: '80:5e:c0:00:00:09' });
    const rows = fileOf(
      `${MAC},yealink,,101,,p-1,pbx.example,,,,,`, // 2
      `${MAC},,,102,,p-2,,,,,,`,
      `${MAC},,,103,,,pbx.example,,,,,`,
      `${MAC},,,101,,p-1,pbx.example,,,,,`,
      `${MAC},,,104,,p-4,pbx.example,,,123456,,`,
      `${MAC},,,105,,p-5,pbx.example,,sctp,,,`,
      `${MAC},,,106,,p-6,pbx.example,,,,,`, // 8
      `${OTHER},yealink,,107,,,pbx.example,,,,,`, // 9
      `${OTHER},,,108,,p-8,pbx.example,,,,,`,
      `80:5e:c0:00:00:09,yealink,,109,,p-9,pbx.example,,,,,`, // 11
      `80:5e:c0:00:00:09,,,110,,p-10,pbx.example,,,,,`,
      `80:5e:c0:00:00:10,yealink,,900,,other,pbx.example,,,,,`, // 13
      `80:5e:c0:00:00:11,yealink,,900,,line-password-1,pbx.example,,,,,`,
      `${MAC},,,111,,p-11,pbx.example,,,,,`, // 15
    );
    const expected = [
      [3, 'registrar', 'is required'],
      [4, 'password', 'is required, for the tenant has no such line'],
      [5, 'sipUser', 'is a line that this device has already'],
      [6, 'provisioningCode', 'is that of another line'],
      [7, 'transport', 'must be udp, tcp or tls'],
      [9, 'password', 'is required, for the tenant has no such line'],
      [10, 'mac', 'goes on with line 9, which is not imported'],
      [11, 'mac', 'is that of a device that exists already'],
      [12, 'mac', 'goes on with line 11, which is not imported'],
      [13, 'password', 'is not that of the line that the tenant has; update=true changes it'],
      [15, 'vendor', 'is required'],
    ];
    const dry = await importCsv(admin, `tenantId=${tenantId}&dryRun=true`, rows);
    assert.deepEqual(errorsOf(dry), expected);
    assert.equal((await linesOf(admin, tenantId)).length, 1, 'a dry run leaves no line');
    const refused = await postCsv(admin, `tenantId=${tenantId}&allOrNothing=true`, rows);
    assert.deepEqual([refused.status, errorsOf(refused.body)], [422, expected]);
    assert.equal((await linesOf(admin, tenantId)).length, 1);

    const report = await importCsv(admin, `tenantId=${tenantId}`, rows);
    assert.deepEqual(errorsOf(report), expected);
    assert.deepEqual(report.created, [MAC, '80:5e:c0:00:00:11']);
    assert.deepEqual(await usersOf(admin, MAC), ['101', '106']);
    assert.deepEqual(await usersOf(admin, '80:5e:c0:00:00:11'), ['900']);
    assert.doesNotMatch(JSON.stringify([dry, refused.body, report]), /p-\d|other"|line-password/);
  },
);

onAdminApp(
  'a row that says the same of its device again brings a line, too; any other repeats a MAC',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    const report = await importCsv(
      admin,
      `tenantId=${tenantId}`,
      fileOf(
        `${MAC},yealink,Hall,101,,p-1,pbx.example,,,,,de`,
        `805EC0112233,Yealink,Hall,102,,p-2,pbx.example,,,,,`,
        `${MAC},,,103,,p-3,pbx.example,,,,,`,
        `${MAC},yealink,Hall,101,,p-1,pbx.example,,,,,de`, // 5
        `${OTHER},yealink,,104,,p-4,pbx.example,,,,,`,
        `${OTHER},snom,,105,,p-5,pbx.example,,,,,`, // 7
        `80:5e:c0:11:22:35,yealink,,106,,p-6,pbx.example,,,,,`,
        `80:5e:c0:11:22:35,yealink,Hall,107,,p-7,pbx.example,,,,,`, // 9
      ),
    );
    assert.deepEqual(errorsOf(report), [
      [5, 'mac', 'is in line 2 already'],
      [7, 'mac', 'is in line 6 already'],
      [9, 'mac', 'is in line 8 already'],
    ]);
    assert.deepEqual(await usersOf(admin, MAC), ['101', '102', '103']);
    assert.deepEqual(await usersOf(admin, OTHER), ['104']);
  },
);

onAdminApp('with update=true the lines of a device are those of the file, in its order', async (admin) => {
  const tenantId = await makeTenant(admin);
  const stranger = await makeTenant(admin);
  const first = await makeLine(admin, tenantId, { sipUser: '101' });
  const second = await makeLine(admin, tenantId, { sipUser: '102' });
  await makeDevice(admin, tenantId, { label: 'Hall', model: 'T46U', lines: [first.id, second.id] });
  await makeDevice(admin, tenantId, { mac: OTHER, lines: [first.id] });
  await makeDevice(admin, stranger, { mac: '80:5e:c0:00:00:07' });
  const query = `tenantId=${tenantId}&update=true`;
  const rows = fileOf(
    `${MAC},,Desk,103,,p-3,pbx.example,,,,,`,
    `${MAC},,,102,,line-password-1,pbx.example,Ben,,,,`,
    `${OTHER},,,,,,,,,,SN-2,`,
    '80:5e:c0:00:00:07,,,104,,p-4,pbx.example,,,,,',
    '80:5e:c0:00:00:08,fanvil,,104,,p-4,pbx.example,,,,,',
    '80:5e:c0:00:00:09,,,104,,,pbx.example,,,,,',
  );
  const report = await importCsv(admin, query, rows);
  assert.deepEqual(report.created, ['80:5e:c0:00:00:08']);
  assert.deepEqual(report.updated, [
    { mac: MAC, changed: ['label', 'lines'] },
    { mac: OTHER, changed: ['serialNumber', 'lines'] },
  ]);
  assert.deepEqual(errorsOf(report), [
    [5, 'mac', 'is that of a device of another tenant'],
    [7, 'vendor', 'is required, for there is no such device'],
  ]);
  assert.deepEqual(await usersOf(admin, MAC), ['103', '102']);
  assert.deepEqual(await usersOf(admin, OTHER), []);
  const { label, model, vendor } = await deviceOf(admin, MAC);
  assert.deepEqual([label, model, vendor], ['Desk', 'T46U', 'yealink']);
  const changed = await eventsOf(admin, 'type=line.updated');
  assert.deepEqual(
    changed.map(({ data }) => data.changed),
    [['displayName']],
    'the same password is no change',
  );

  const before = (await eventsOf(admin, 'limit=500')).length;
  const again = await importCsv(admin, query, rows);
  assert.deepEqual([again.created, again.updated], [[], []]);
  assert.equal((await eventsOf(admin, 'limit=500')).length, before, 'the same file again changes nothing');

  const kept = await importCsv(admin, query, `mac,label\n${MAC},Table\n`);
  assert.deepEqual(kept.updated, [{ mac: MAC, changed: ['label'] }]);
  assert.deepEqual(await usersOf(admin, MAC), ['103', '102'], 'a file without columns of lines leaves them');
});

onAdminApp('MACs are read as spreadsheets and labels have them, in files and in paths', async (admin) => {
  const tenantId = await makeTenant(admin);
  const spellings = [
    '0:4:13:0:9:1',
    '0004:1300:0902',
    '00.04.13.00.09.03',
    '00 04 13 00 09 04',
    '\u200b00-04-13-00-09-05\u00a0',
  ];
  const rows = spellings.map((mac) => `${mac};snom`);
  const file = `sep=;\r\nmac;vendor\r\n${rows.join('\r\n')}\r\n7C2F80000905-ABCD;gigaset\r\n`;
  const report = await importCsv(admin, `tenantId=${tenantId}`, file);
  assert.deepEqual([report.errors, report.ignoredColumns], [[], []]);
  const macs = [1, 2, 3, 4, 5].map((last) => `00:04:13:00:09:0${last}`);
  assert.deepEqual(report.created, [...macs, '7c:2f:80:00:09:05']);
  for (const [index, spelling] of spellings.entries())
    assert.equal((await deviceOf(admin, encodeURIComponent(spelling))).mac, macs[index], spelling);
  const repeated = await importCsv(admin, `tenantId=${tenantId}`, `mac,vendor\n4:13:0:9:1,snom\n`);
  assert.deepEqual([repeated.created, repeated.errors.length], [[], 1]);
});

onAdminApp('a row has several lines and settings; what is wrong is told with its column', async (admin) => {
  const tenantId = await makeTenant(admin);
  const heading = 'sep=;\nmac;vendor;sipUser;password;registrar;sipUser2;password2;registrar2;settings\n';
  const json = (value: object): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
  const server = 'auto_provision.server.url';
  const rows = [
    `${MAC};yealink;101;p1;pbx.example;102;p2;pbx.example;${json({ srtp: 'optional', language: 'de' })}`,
    `${OTHER};yealink;103;p3;pbx.example;104;;pbx.example;`,
    `80:5e:c0:11:22:35;yealink;105;p5;pbx.example;;;;${json({ raw: { yealink: { [server]: 'x' } } })}`,
  ];
  const report = await importCsv(admin, `tenantId=${tenantId}`, heading + rows.join('\n'));
  assert.deepEqual(report.created, [MAC]);
  assert.deepEqual(errorsOf(report).slice(0, 1), [
    [4, 'password2', 'is required, for the tenant has no such line'],
  ]);
  assert.deepEqual([report.errors[1].line, report.errors[1].column], [5, 'settings']);
  assert.match(report.errors[1].message, /^\/settings\/raw\/yealink\/auto_provision/);
  assert.deepEqual(await usersOf(admin, MAC), ['101', '102']);
  assert.equal((await linesOf(admin, tenantId)).length, 2, 'what is refused leaves no line');
  assert.deepEqual((await deviceOf(admin, MAC)).settings, { srtp: 'optional', language: 'de' });

  const again = [
    `${MAC};;102;;pbx.example;;;;${json({ srtp: null, voicemailNumber: '*97' })}`,
    `${OTHER};snom;;;;;;;${json({ raw: { snom: { setting_server: 'x' } } })}`,
  ];
  const updated = await importCsv(admin, `tenantId=${tenantId}&update=true`, heading + again.join('\n'));
  assert.deepEqual(updated.updated, [{ mac: MAC, changed: ['lines', 'settings'] }]);
  assert.deepEqual(await usersOf(admin, MAC), ['102']);
  assert.deepEqual((await deviceOf(admin, MAC)).settings, { language: 'de', voicemailNumber: '*97' });
});
