import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeApiKey } from '../../src/domain/secrets.js';
import { wrongPap } from '../support/admin-api.js';
import { callService, keyIn, nextConfiguration, registeredPhone, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';

describe('secrets', () => {
  it('reach nothing that is written: logs at debug, the data folder without the key file, events, metrics', async (t) => {
    const service = await Service.start(t, { env: { LOG_LEVEL: 'trace' } });
    const created = await service.api.createPhone();
    const apiKey = (await service.api.need('POST', '/api-keys', { name: 'crm' })).key;
    const phone = await registeredPhone(t, service, created);
    const bootstrap = phone.setup?.accounts[0];
    const minimal = await minimalText(phone.provisioningUrl, created.macHex);

    const wrong = wrongPap(created.pap);
    const dialled = wrongPap(created.pap, 2);
    await tryPap(phone, dialled);
    const provisioned = nextConfiguration(phone, 30_000);
    await keyIn(await callService(phone), wrong, created.pap);
    assert.equal(await provisioned, created.line.label);
    const full = await minimalText(phone.provisioningUrl, created.macHex);

    const events = JSON.stringify((await service.api.get('/events?limit=500')).body);
    const metrics = await (await fetch(`${service.api.adminUrl}/metrics`)).text();
    assert.match(metrics, /^dialgate_fetch_seconds_count\{served="full",status="200"\} [1-9]/m);
    assert.equal(await service.stop(), 0);
    const written = new Map([
      ['log', service.log],
      ['events', events],
      ['metrics', metrics],
      ...filesBelow(service.dataDir).filter(([path]) => !path.endsWith('master.key')),
    ]);
    assert.ok(written.size > 10, 'the data folder was found');

    const token = new URL(phone.provisioningUrl).pathname.split('/').find((part) => part.length === 32) ?? '';
    const secrets: Record<string, string | undefined> = {
      PAP: created.pap,
      'wrong PAP': wrong,
      'dialled wrong PAP': dialled,
      token,
      'secret part of the token': token.slice(12),
      'bootstrap SIP password': bootstrap?.password,
      'line password': created.line.password,
      'administrator key': service.adminKey,
      'API key': apiKey,
      'phone password of the minimal configuration': phonePassword(minimal),
      'phone password of the full configuration': phonePassword(full),
      'master key': readFileSync(join(service.dataDir, 'master.key'), 'utf8').trim(),
    };
    for (const [name, secret] of Object.entries(secrets)) {
      assert.ok(secret !== undefined && secret.length >= 6, `${name} is known`);
      for (const [where, text] of written) {
        // Six digits turn up by chance in a database: there they must stand alone to count.
        const isDigits = /^\d+$/.test(secret) && where !== 'log' && where !== 'events';
        const found = isDigits
          ? new RegExp(`(?<![0-9])${secret}(?![0-9])`).test(text)
          : text.includes(secret);
        assert.ok(!found, `${name} was found in ${where}`);
      }
    }
  });

  it('are not in what an error answers', async (t) => {
    const service = await Service.start(t);
    const password = makeApiKey();
    const answer = await service.api.post('/tenants', { name: 7, password });
    assert.equal(answer.status, 422);
    assert.ok(!JSON.stringify(answer.body).includes(password));
    const broken = await service.api.post('/tenants', `{"name": "x", "password": "${password}`);
    assert.equal(broken.status, 400);
    assert.ok(!JSON.stringify(broken.body).includes(password));
    assert.ok(!service.log.includes(password));
  });
});

async function minimalText(provisioningUrl: string, macHex: string): Promise<string> {
  return (await fetch(`${provisioningUrl}${macHex}.cfg`)).text();
}

function phonePassword(configuration: string): string | undefined {
  return /^static\.security\.user_password\s*=\s*admin:(\S+)$/m.exec(configuration)?.[1];
}

function filesBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')]);
}
