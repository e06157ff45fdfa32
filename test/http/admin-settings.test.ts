/** The typed settings of devices, sites and tenants over the REST API. */
import assert from 'node:assert/strict';
import {
  type Admin,
  type Json,
  MAC,
  eventsOf,
  expectProblem,
  expectStatus,
  makeDevice,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

const ALL = {
  ntpServer: 'time.example',
  keys: [
    { kind: 'blf', label: 'Door', value: '300' },
    { kind: 'speed-dial', label: 'Taxi', value: '+49301234', line: 2 },
  ],
  phoneBook: { name: 'Everybody', url: 'https://directory.example/book.xml?site=1' },
  voicemailNumber: '*97',
  firmware: { yealink: 'T4-108.86.0.90.rom', 'yealink/T46U': 'T46U/108.86.0.90(1).rom' },
  languageFile: 'lang/German.lang',
  codecs: ['pcma', 'g722'],
  srtp: 'required',
  toneCountry: 'DE',
  webInterface: true,
  serverTrust: { verify: true, caUrl: 'http://ca.example/ca.pem' },
  raw: { yealink: { 'phone_setting.ring_type': 'Ring2.wav', 'features.dnd.allow': '' } },
};

/** The places that have settings, each with one that can be changed. */
async function places(admin: Admin): Promise<Record<string, string>> {
  const tenantId = await makeTenant(admin);
  const site = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, { name: 'Berlin' }), 201);
  await makeDevice(admin, tenantId);
  return {
    tenant: `/tenants/${tenantId}`,
    site: `/tenants/${tenantId}/sites/${site.id}`,
    device: `/devices/${MAC}`,
  };
}

onAdminApp('settings of tenants, sites and devices are answered as they were set', async (admin) => {
  const tenantId = await makeTenant(admin, { settings: ALL });
  const site = { name: 'Berlin', settings: ALL };
  const made: Record<string, Json> = {
    [`/tenants/${tenantId}`]: await expectStatus(admin.get(`/tenants/${tenantId}`), 200),
  };
  const madeSite = await expectStatus(admin.post(`/tenants/${tenantId}/sites`, site), 201);
  made[`/tenants/${tenantId}/sites/${madeSite.id}`] = madeSite;
  made[`/devices/${MAC}`] = await makeDevice(admin, tenantId, { settings: { ...ALL, language: 'de' } });
  for (const [path, { settings }] of Object.entries(made)) {
    const { language, ...shared } = settings;
    assert.deepEqual(shared, ALL, path);
    assert.deepEqual((await expectStatus(admin.get(path), 200)).settings, settings);
    assert.equal(language, path.startsWith('/devices') ? 'de' : undefined);
  }
});

onAdminApp('a patch of settings merges, and null takes away at every depth', async (admin) => {
  for (const [place, path] of Object.entries(await places(admin))) {
    await expectStatus(admin.patch(path, { settings: ALL }), 200);
    const patch = {
      keys: [],
      phoneBook: { name: null },
      firmware: { 'yealink/T46U': null, snom: 'D785.bin' },
      codecs: null,
      raw: { yealink: { 'features.dnd.allow': null, 'phone_setting.ring_type': 'Ring3.wav' } },
    };
    const { settings } = await expectStatus(admin.patch(path, { settings: patch }), 200);
    const { codecs: _, ...others } = ALL;
    assert.deepEqual(
      settings,
      {
        ...others,
        keys: [],
        phoneBook: { url: ALL.phoneBook.url },
        firmware: { yealink: 'T4-108.86.0.90.rom', snom: 'D785.bin' },
        raw: { yealink: { 'phone_setting.ring_type': 'Ring3.wav' } },
      },
      place,
    );
    assert.deepEqual((await expectStatus(admin.patch(path, { settings: null }), 200)).settings, {});
  }
});

/** What is wrong, and where that is said to be. */
const WRONG: [settings: Json, pointer: string][] = [
  [[], '/settings'],
  ['x', '/settings'],
  [{ kays: [] }, '/settings/kays'],
  [{ ntpServer: 'time.example/path' }, '/settings/ntpServer'],
  [{ ntpServer: 'a b' }, '/settings/ntpServer'],
  [{ keys: {} }, '/settings/keys'],
  [{ keys: Array.from({ length: 201 }, () => ALL.keys[0]) }, '/settings/keys'],
  [{ keys: [ALL.keys[0], ALL.keys[0], { ...ALL.keys[0], value: 'a b' }] }, '/settings/keys/2/value'],
  [{ keys: [{ ...ALL.keys[0], kind: 'park' }] }, '/settings/keys/0/kind'],
  [{ keys: [{ ...ALL.keys[0], label: 'a\nb' }] }, '/settings/keys/0/label'],
  [{ keys: [{ ...ALL.keys[0], line: 0 }] }, '/settings/keys/0/line'],
  [{ keys: [{ ...ALL.keys[0], line: null }] }, '/settings/keys/0/line'],
  [{ keys: [{ ...ALL.keys[0], extra: 1 }] }, '/settings/keys/0/extra'],
  [{ keys: [{ kind: 'blf', label: 'Door' }] }, '/settings/keys/0/value'],
  [{ phoneBook: { url: 'javascript:alert(1)' } }, '/settings/phoneBook/url'],
  [{ phoneBook: { url: 'file:///etc/passwd' } }, '/settings/phoneBook/url'],
  [{ phoneBook: { url: '//directory.example/' } }, '/settings/phoneBook/url'],
  [{ phoneBook: { url: 'http://' } }, '/settings/phoneBook/url'],
  [{ phoneBook: { url: 'http://a.example/\r\nx' } }, '/settings/phoneBook/url'],
  [{ phoneBook: { url: 'http://a.example/"><x' } }, '/settings/phoneBook/url'],
  [{ phoneBook: { url: `http://a.example/${'x'.repeat(500)}` } }, '/settings/phoneBook/url'],
  [{ serverTrust: { caUrl: 'ftp://ca.example/ca.pem' } }, '/settings/serverTrust/caUrl'],
  [{ serverTrust: { verify: 'yes' } }, '/settings/serverTrust/verify'],
  [{ voicemailNumber: '*97;x' }, '/settings/voicemailNumber'],
  ...['../x', 'a/../b', '/etc/passwd', 'a//b', '.hidden', 'a/.b', 'a\\b', 'C:x', 'a%2f', 'a\u0000', ''].map(
    (file): [Json, string] => [{ firmware: file }, '/settings/firmware'],
  ),
  [{ languageFile: { yealink: '../x' } }, '/settings/languageFile/yealink'],
  [{ firmware: { nokia: 'x.rom' } }, '/settings/firmware'],
  [{ codecs: ['pcma', 'speex'] }, '/settings/codecs/1'],
  [{ codecs: ['pcma', 'pcma'] }, '/settings/codecs'],
  [{ codecs: [] }, '/settings/codecs'],
  [{ srtp: 'maybe' }, '/settings/srtp'],
  [{ toneCountry: 'Germany' }, '/settings/toneCountry'],
  [{ webInterface: 1 }, '/settings/webInterface'],
  [{ raw: { nokia: {} } }, '/settings/raw/nokia'],
  [{ raw: { yealink: { 'some.name': 5 } } }, '/settings/raw/yealink/some.name'],
  [{ raw: { yealink: { 'some.name': 'a\nb' } } }, '/settings/raw/yealink/some.name'],
  [{ raw: { yealink: { 'some.name': 'x'.repeat(2001) } } }, '/settings/raw/yealink/some.name'],
  [{ raw: { yealink: { 'a\nb': 'x' } } }, '/settings/raw/yealink/a\nb'],
  // Known to the family, and its own.
  [{ raw: { yealink: { 'account.1.password': 'x' } } }, '/settings/raw/yealink/account.1.password'],
  [{ raw: { yealink: { 'no name': 'x' } } }, '/settings/raw/yealink/no name'],
  [{ raw: { yealink: { 'a/b~c': 'x' } } }, '/settings/raw/yealink/a~1b~0c'],
];

onAdminApp('what no phone should be told is refused, and the answer names the place', async (admin) => {
  for (const [place, path] of Object.entries(await places(admin))) {
    for (const [settings, pointer] of WRONG) {
      const what = `${place}: ${JSON.stringify(settings).slice(0, 80)}`;
      assert.deepEqual(await expectProblem(admin.patch(path, { settings }), 422), [pointer], what);
    }
    assert.deepEqual((await expectStatus(admin.get(path), 200)).settings, {}, `${place} is as it was`);
  }
});

onAdminApp('only a device has its language among its settings', async (admin) => {
  const { tenant = '', site = '', device = '' } = await places(admin);
  const settings = { language: 'de' };
  await expectStatus(admin.patch(device, { settings }), 200);
  const wrong = { settings: { language: 'not a language' } };
  assert.deepEqual(await expectProblem(admin.patch(device, wrong), 422), ['/settings/language']);
  for (const path of [tenant, site])
    assert.deepEqual(await expectProblem(admin.patch(path, { settings }), 422), ['/settings/language']);
});

onAdminApp('a free parameter is asked about for the model that the device has', async (admin) => {
  const tenantId = await makeTenant(admin);
  await makeDevice(admin, tenantId, { vendor: 'grandstream', model: 'HT801' });
  const path = `/devices/${MAC}`;
  // The first key is none of an adapter, and Dialgate's own of any phone.
  const raw = { grandstream: { P1363: 'x' } };
  await expectStatus(admin.patch(path, { settings: { raw } }), 200);
  const document = async (): Promise<string> =>
    (await expectStatus(admin.get(`${path}/configuration?as=full`), 200)).document;
  assert.match(await document(), /<P1363>\*{8}</);
  const phone = { model: 'GRP2614', settings: { raw } };
  assert.deepEqual(await expectProblem(admin.patch(path, phone), 422), ['/settings/raw/grandstream/P1363']);
  // A model may be corrected; what is not free any more is left out when the configuration is
  // written.
  await expectStatus(admin.patch(path, { model: 'GRP2614' }), 200);
  assert.match(await document(), /<P1363>31</);
  await expectStatus(admin.patch(path, { settings: { raw: { grandstream: { P1363: null } } } }), 200);
});

onAdminApp('settings keep within their size, also when many patches add up', async (admin) => {
  for (const [place, path] of Object.entries(await places(admin))) {
    const part = (number: number): object => ({
      raw: {
        snom: Object.fromEntries(
          Array.from({ length: 5 }, (_, at) => [`free_parameter_${number}_${at}`, 'x'.repeat(1_500)]),
        ),
      },
    });
    await expectStatus(admin.patch(path, { settings: part(1) }), 200);
    await expectStatus(admin.patch(path, { settings: part(2) }), 200);
    assert.deepEqual(
      await expectProblem(admin.patch(path, { settings: part(3) }), 422),
      ['/settings'],
      place,
    );
  }
});

onAdminApp('values of settings are in no event and no log', async (admin) => {
  for (const path of Object.values(await places(admin))) {
    const settings = {
      raw: { yealink: { 'some.password': 'raw-secret-1' } },
      phoneBook: { url: 'https://user:book-secret-2@directory.example/' },
    };
    await expectStatus(admin.patch(path, { settings }), 200);
    await expectProblem(
      admin.patch(path, { settings: { raw: { yealink: { 'account.1.password': 'raw-secret-3' } } } }),
      422,
    );
  }
  const events = await eventsOf(admin);
  const updates = events.filter(({ type }) => type.endsWith('.updated'));
  assert.deepEqual(
    updates.map(({ data }) => data.changed),
    [['settings'], ['settings'], ['settings']],
  );
  for (const kept of [JSON.stringify(events), admin.logged()]) {
    assert.doesNotMatch(kept, /(?:raw|book)-secret/);
  }
});

onAdminApp(
  'a free parameter that was taken away is cleared on phones, and shown to nobody',
  async (admin) => {
    const { tenant = '', site = '', device = '' } = await places(admin);
    const raw = (values: object | null) => ({ settings: { raw: { yealink: values } } });
    await expectStatus(admin.patch(tenant, raw({ 'of.tenant': '1', 'of.both': '1' })), 200);
    await expectStatus(admin.patch(site, raw({ 'of.site': '1' })), 200);
    const siteId = site.split('/').at(-1);
    await expectStatus(admin.patch(device, { siteId, ...raw({ 'of.device': '1', 'of.both': '2' }) }), 200);
    const written = async (): Promise<string[]> => {
      const { document } = await expectStatus(admin.get(`${device}/configuration?as=full`), 200);
      return document.split('\n').filter((line: string) => line.startsWith('of.'));
    };
    // Dry runs mask what is set.
    const set = (name: string) => `${name} = ********`;
    assert.deepEqual((await written()).toSorted(), ['of.both', 'of.device', 'of.site', 'of.tenant'].map(set));

    await expectStatus(admin.patch(tenant, raw({ 'of.tenant': null })), 200);
    const { settings } = await expectStatus(admin.patch(device, raw(null)), 200);
    assert.deepEqual(settings, { raw: {} });
    assert.deepEqual((await expectStatus(admin.get(tenant), 200)).settings, {
      raw: { yealink: { 'of.both': '1' } },
    });
    const cleared = (name: string) => `${name} = %NULL%`;
    assert.deepEqual((await written()).toSorted(), [
      set('of.both'),
      cleared('of.device'),
      set('of.site'),
      cleared('of.tenant'),
    ]);

    await expectStatus(admin.patch(device, { siteId: null }), 200);
    assert.ok((await written()).includes(cleared('of.site')), 'moved away from the site');
    await expectStatus(admin.patch(device, { siteId, settings: null }), 200);
    assert.ok((await written()).includes(set('of.site')), 'and back');
    await expectStatus(admin.delete(`${site}?cascade=true&expect=1`), 204);
    assert.ok((await written()).includes(cleared('of.site')), 'the site is gone');
    assert.equal(
      (await expectProblem(admin.patch(device, { settings: { formerRaw: {} } }), 422))[0],
      '/settings/formerRaw',
    );
  },
);
