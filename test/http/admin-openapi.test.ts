/** The description of the API, held against the API. */
import assert from 'node:assert/strict';
import { ADMIN_KEY, type Admin, type Json, MAC, onAdminApp } from './admin-server.js';

const ID = '00000000-0000-4000-8000-000000000000';

async function describedApi(admin: Admin): Promise<Json> {
  const answer = await fetch(`${admin.url}/openapi.json`);
  assert.equal(answer.status, 200, 'it needs no key');
  return answer.json();
}

onAdminApp('every path is described with the methods that it has, and no other', async (admin) => {
  const { paths } = await describedApi(admin);
  for (const [path, methods] of Object.entries<Json>(paths)) {
    const url = admin.url + path.replaceAll('{mac}', MAC).replaceAll(/\{\w+\}/g, ID);
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const answer = await fetch(url, { method: 'OPTIONS', headers });
    assert.equal(answer.status, 405, path);
    const allowed = (answer.headers.get('allow') ?? '').split(', ').filter((method) => method !== 'HEAD');
    assert.deepEqual(
      allowed.toSorted(),
      Object.keys(methods)
        .map((method) => method.toUpperCase())
        .toSorted(),
      path,
    );
  }
});

onAdminApp('what is described of a body is what it is checked by', async (admin) => {
  const { paths, components } = await describedApi(admin);
  const bodyOf = (path: string, method: string): Json => {
    const { $ref } = paths[path][method].requestBody.content['application/json'].schema;
    return components.schemas[$ref.split('/').at(-1)];
  };
  const device = bodyOf('/api/v1/devices', 'post');
  assert.deepEqual(device.required, ['mac', 'vendor', 'tenantId']);
  assert.equal(device.additionalProperties, false);
  const settings = device.properties.settings.anyOf[0].properties;
  assert.deepEqual(
    Object.keys(settings).toSorted().join(' '),
    'codecs firmware keys language languageFile ntpServer phoneBook raw serverTrust srtp toneCountry voicemailNumber webInterface',
  );
  const { settings: tenants } = bodyOf('/api/v1/tenants/{tenantId}', 'patch').properties;
  assert.ok(!('language' in tenants.anyOf[0].properties));
  const query = paths['/api/v1/devices/{mac}/configuration'].get.parameters;
  assert.deepEqual(query[1].schema.enum, ['minimal', 'full']);
});
