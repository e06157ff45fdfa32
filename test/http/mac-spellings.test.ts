/**
 * MACs as they come in: in what phones ask for, in the API, and in files that spreadsheets made.
 */
import assert from 'node:assert/strict';
import { findDeviceByMac } from '../../src/store/devices.js';
import { parseMac } from '../../src/domain/mac.js';
import { makeDevice as makeStoredDevice } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';
import { expectStatus, makeDevice, makeTenant, onAdminApp } from './admin-server.js';
import { importCsv } from './csv-files.js';
import { withProvisioning } from './provisioning-phones.js';

onBothDatabases('a phone is known by its MAC, however its firmware spells that', async ({ store }) => {
  await withProvisioning(store, async ({ context, fetch }) => {
    const { mac } = await makeStoredDevice(context, { vendor: 'snom' });
    const bytes = mac.split(':');
    const spelled = (separator: string): string => bytes.join(separator);
    const old = { 'User-Agent': 'Mozilla/4.0 (compatible; snom765-SIP 8.9.3.80 2010.06)' };
    for (const target of [
      `/${spelled('')}.xml`,
      `/${spelled(':')}.xml`,
      `/${spelled('%3A')}.xml`,
      `/${spelled('%3a').toUpperCase()}.xml`,
      `/${spelled('-')}.xml`,
      `/snom765-${spelled(':')}.htm`,
      `/?mac=${spelled(':')}`,
      `/index.php?MAC=${spelled('')}`,
      `/index.php?Mac=${spelled('-').toUpperCase()}`,
    ]) {
      const { status, body } = await fetch(target, { headers: old });
      assert.equal(status, 200, target);
      assert.match(body, /Authentication needed/, target);
    }
    for (const target of [
      `/${bytes.slice(0, 3).join(':')}-${bytes.slice(3).join(':')}.xml`,
      `/?mac=${bytes.slice(1).join(':')}`,
      `/index.php?nic=${spelled('')}`,
    ])
      assert.equal((await fetch(target, { headers: old })).status, 404, target);
  });
});

onBothDatabases('an unknown phone that says nothing of itself is of its MAC’s maker', async ({ store }) => {
  await withProvisioning(
    store,
    async ({ fetch }) => {
      for (const [file, userAgent, vendor] of [
        ['/0c383e000012.cfg', 'x', 'fanvil'],
        ['/0c383e000013.cfg', undefined, 'fanvil'],
        ['/0c:38:3e:00:00:14.xml', 'x', 'fanvil'],
        // Its maker's phones ask for other names.
        ['/000b82000015.xml', 'x', 'snom'],
        ['/bcc342000016.cfg', '', 'panasonic'],
        ['/00a0ba000017.cfg', 'x', 'patton'],
        ['/7c2f80000018.xml', 'x', 'gigaset'],
        ['/000413000019.xml', 'x', 'snom'],
        ['/805ec000001a.cfg', 'x', 'yealink'],
        // A maker that is none of ours: the first that has such names.
        ['/020000000001.cfg', 'x', 'yealink'],
        // What the phone says comes first.
        ['/0c383e00001b.cfg', 'Yealink SIP-T46U 108.86.0.90 0c:38:3e:00:00:1b', 'yealink'],
      ] as const) {
        const headers = userAgent === undefined ? {} : { 'User-Agent': userAgent };
        assert.equal((await fetch(file, { headers })).status, 200, file);
        const mac = parseMac(file.slice(1).replace(/\.\w+$/, ''));
        assert.equal((await findDeviceByMac(store.db, mac!))?.vendor, vendor, file);
      }
      // This maker's name its configuration in a file of the name that is the configuration of
      // others.
      assert.match((await fetch('/0004f2000015.cfg')).body, /CONFIG_FILES/);
    },
    { unknownDevices: 'autoprov' },
  );
});

onAdminApp('the API takes a MAC as it was copied', async (admin) => {
  const tenantId = await makeTenant(admin);
  const { id } = await makeDevice(admin, tenantId, { mac: '0:4:13:0:9:1', vendor: 'snom' });
  for (const mac of [
    '000413000901',
    '00 04 13 00 09 01',
    '00.04.13.00.09.01',
    '\u{FEFF}0004:1300:0901\u{200B}',
    '000413000901-AB12',
  ]) {
    const { body } = await admin.get(`/devices/${encodeURIComponent(mac)}`);
    assert.deepEqual([body.id, body.mac], [id, '00:04:13:00:09:01'], mac);
  }
  for (const mac of ['4:13:0:9:1', '0:4:13-0:9:1', '413000901'])
    assert.equal((await admin.get(`/devices/${encodeURIComponent(mac)}`)).status, 400, mac);
});

onAdminApp(
  'a file of a spreadsheet’s MACs is read, and what can be read in two ways is told',
  async (admin) => {
    const tenantId = await makeTenant(admin);
    const file = [
      'mac;vendor',
      '0:4:13:0:9:1;snom',
      '0004:1300:0902;snom',
      '00.04.13.00.09.03;snom',
      '00 04 13 00 09 04;snom',
      '7C2F80000905-ABCD;gigaset',
      '\u{200B}000413000906\u{A0};snom',
      '4130009;snom',
      '0:4:13:0:9:2;snom',
    ].join('\r\n');
    const { created, errors } = await importCsv(admin, `tenantId=${tenantId}`, file);
    const ends = ['00:04:13:00:09:01', '00:04:13:00:09:02', '00:04:13:00:09:03', '00:04:13:00:09:04'];
    assert.deepEqual(created, [...ends, '7c:2f:80:00:09:05', '00:04:13:00:09:06']);
    assert.deepEqual(
      errors.map(({ line, column }: { line: number; column: string }) => [line, column]),
      [
        [8, 'mac'],
        [9, 'mac'],
      ],
    );
    assert.equal((await expectStatus(admin.get('/devices'), 200)).items.length, 6);
  },
);
