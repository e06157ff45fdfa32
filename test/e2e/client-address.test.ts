import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import type { CreatedPhone } from '../support/admin-api.js';
import { nginxUnavailable, startNginx } from '../support/nginx.js';
import { TurnedService } from '../support/turned-service.js';
import { until } from '../support/wait-for.js';

const PROXY = '127.0.0.1';
const TRUSTED_SITE = '127.0.0.5';
const STRANGER = '127.0.0.6';
/** Everything that a client could say to seem to come from the trusted site. */
const FORGED = {
  'X-Forwarded-For': TRUSTED_SITE,
  Forwarded: `for=${TRUSTED_SITE}`,
  'X-Real-IP': TRUSTED_SITE,
};

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({
    env: { TRUSTED_PROXIES: PROXY, CLIENT_CERTIFICATE_HEADER: 'X-Client-Certificate' },
  });
});
after(() => service.stop());

/** A phone of a tenant that trusts its site for good. */
async function phoneOfTrustedSite(): Promise<CreatedPhone> {
  const created = await service.api.createPhone();
  await service.api.need('POST', `/tenants/${created.tenantId}/networks`, { cidr: TRUSTED_SITE });
  return created;
}

/** Fetches the phone's configuration from a local address; answers which one it is. */
async function fetchFrom(
  localAddress: string,
  base: string,
  created: CreatedPhone,
  headers: OutgoingHttpHeaders = {},
): Promise<'minimal' | 'full'> {
  const url = `${base.replace(/\/$/, '')}/${created.macHex}.cfg`;
  const asked = request(url, { localAddress, headers, agent: false, signal: AbortSignal.timeout(60_000) });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await text(answer);
  assert.equal(answer.statusCode, 200, body);
  if (body.includes(created.line.password)) return 'full';
  assert.match(body, /Authentication needed/);
  return 'minimal';
}

/** Where the phone was last served its minimal configuration. Such events are written in batches. */
async function lastServedAddress(created: CreatedPhone): Promise<string> {
  const event = await until(async () => (await service.api.events(created.macHex, 'config.minimal')).at(-1), {
    what: 'the event of a minimal configuration',
  });
  return event.address;
}

test('through nginx, phones come from where they are, whatever they say', async (t) => {
  const skip = nginxUnavailable();
  if (skip !== undefined) return t.skip(skip);
  const nginx = await startNginx(t, service.facts.provisioningUrl);
  const created = await phoneOfTrustedSite();

  assert.equal(await fetchFrom(STRANGER, nginx, created), 'minimal');
  assert.equal(await fetchFrom(STRANGER, nginx, created, FORGED), 'minimal');
  const chain = `${TRUSTED_SITE}, ${TRUSTED_SITE}, [::ffff:${TRUSTED_SITE}]:80, ${PROXY}`;
  assert.equal(await fetchFrom(STRANGER, nginx, created, { 'X-Forwarded-For': chain }), 'minimal');
  assert.equal(
    await fetchFrom(STRANGER, nginx, created, { 'X-Forwarded-For': `${TRUSTED_SITE},` }),
    'minimal',
  );
  assert.equal(await lastServedAddress(created), STRANGER);
  assert.equal((await service.api.device(created.macHex)).lastSeenAddress, STRANGER);
  assert.deepEqual(await service.api.events(created.macHex, 'forwarding.ignored'), [], 'nginx is believed');

  assert.equal(await fetchFrom(TRUSTED_SITE, nginx, created), 'full');
  assert.match(
    service.log,
    new RegExp(`"address":"${TRUSTED_SITE}","peer":"${PROXY}"`),
    'the access log names both',
  );
});

test('a header from an untrusted peer is ignored, and an event says so once an hour for each peer and tenant', async () => {
  const created = await phoneOfTrustedSite();
  for (const [name, value] of Object.entries(FORGED)) {
    assert.equal(
      await fetchFrom(STRANGER, service.facts.provisioningUrl, created, { [name]: value }),
      'minimal',
      name,
    );
  }
  const ignored = () => service.api.events(created.macHex, 'forwarding.ignored');
  const [event, ...more] = await ignored();
  assert.deepEqual(more, []);
  assert.deepEqual(
    [event.tenantId, event.address, event.data],
    [created.tenantId, STRANGER, { peer: STRANGER }],
  );
  assert.match(service.log, /"level":40[^\n]*a forwarding header was ignored/);

  await fetchFrom('127.0.0.7', service.facts.provisioningUrl, created, FORGED);
  assert.equal((await ignored()).length, 2, 'another peer');
  await fetchFrom(STRANGER, service.facts.provisioningUrl, await phoneOfTrustedSite(), FORGED);
  assert.equal((await ignored()).length, 2, 'another tenant has its own');
  service.clock.turn(3600);
  await fetchFrom(STRANGER, service.facts.provisioningUrl, created, FORGED);
  assert.equal((await ignored()).length, 3, 'an hour later');
});

test('a header that nobody would have believed anyway is not reported: the tenant trusts no network', async () => {
  const created = await service.api.createPhone();
  assert.equal(await fetchFrom(STRANGER, service.facts.provisioningUrl, created, FORGED), 'minimal');
  assert.deepEqual(await service.api.events(created.macHex, 'forwarding.ignored'), []);
});

test('an administrator behind a trusted proxy is known by his own address', async () => {
  const created = await service.api.createPhone();
  const headers = { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7:4711' };
  await service.api.call('GET', `/devices/${created.macHex}?reveal=pap`, undefined, headers);
  assert.equal((await service.api.events(created.macHex, 'pap.revealed')).at(-1).address, '198.51.100.7');
  assert.match(service.log, new RegExp(`"address":"198.51.100.7","peer":"${PROXY}"`));
});

test('a certificate of another phone, shown to a trusted proxy, keeps the configuration back; what others say of certificates is not read', async () => {
  const created = await phoneOfTrustedSite();
  const own = { 'X-Client-Certificate': `CN=${created.macHex.toUpperCase()},O=Yealink` };
  const foreign = { 'X-Client-Certificate': 'CN=805ec0998877,O=Yealink' };
  const base = service.facts.provisioningUrl;
  const proxied = { 'X-Forwarded-For': TRUSTED_SITE };
  assert.equal(await fetchFrom(TRUSTED_SITE, base, created, foreign), 'full');
  assert.equal(await fetchFrom(PROXY, base, created, { ...proxied, ...own }), 'full');
  assert.deepEqual(await service.api.events(created.macHex, 'device.mismatch'), []);
  assert.equal(await fetchFrom(PROXY, base, created, { ...proxied, ...foreign }), 'minimal');
  const mismatch = await until(
    async () => (await service.api.events(created.macHex, 'device.mismatch')).at(0),
    { what: 'device.mismatch' },
  );
  assert.deepEqual(mismatch.data, { certificate: '80:5e:c0:99:88:77' });
});
