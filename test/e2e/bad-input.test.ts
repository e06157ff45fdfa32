import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { authenticate, nextConfiguration, plugIn, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';

describe('bad input', () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(async () => {
    assert.equal(await service.stop(), 0);
    assert.doesNotMatch(service.log, /"level":(50|60)|unhandled/i);
  });

  const provisioning = (path: string, init: RequestInit = {}) =>
    fetch(`${service.facts.provisioningUrl}/${path}`, init);

  it('over HTTP: malformed, unknown and hostile paths are the same 404', async () => {
    const created = await service.api.createPhone();
    const paths = [
      '805ec011223.cfg',
      '805ec01122zz.cfg',
      'ff5ec0112233.cfg',
      '805ec0999999.cfg',
      'y000000000028.cfg',
      '..%2f..%2fetc%2fpasswd',
      '%00.cfg',
      `${'a'.repeat(32)}/805ec0999999.cfg`,
      `${created.macHex}.exe`,
      'x'.repeat(4000),
    ];
    const [first, ...others] = await Promise.all(
      paths.map(async (path) => {
        const answer = await provisioning(path);
        return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
      }),
    );
    assert.equal(first?.status, 404);
    for (const [index, other] of others.entries()) assert.deepEqual(other, first, paths[index + 1]);
  });

  it('over HTTP: a wrong token, and a token of another MAC, count as none', async (t) => {
    const [one, two] = [await service.api.createPhone(), await service.api.createPhone()];
    const phone = await plugIn(t, service, one);
    await phone.provision();
    const token = new URL(phone.provisioningUrl).pathname.slice(1);
    const forged = await provisioning(`${'a'.repeat(32)}/${one.macHex}.cfg`);
    assert.match(await forged.text(), /Authentication needed/);
    const foreign = await provisioning(`${token}${two.macHex}.cfg`);
    const text = await foreign.text();
    assert.match(text, /Authentication needed/);
    assert.ok(!text.includes(token), 'it is given a token of its own');
    const [event] = await service.api.events(two.macHex, 'device.token_missing');
    assert.ok(event.data.reason !== undefined);
  });

  it('over HTTP: 100 kB of headers, an upload, a request that is none', async () => {
    const large = await provisioning('805ec0112233.cfg', { headers: { 'X-Large': 'x'.repeat(100_000) } });
    assert.equal(large.status, 431);
    assert.equal((await provisioning('805ec0112233.cfg', { method: 'PUT', body: 'secret' })).status, 405);
    const port = Number(new URL(service.facts.provisioningUrl).port);
    const socket = connect(port, '127.0.0.1').end('\u0000\u0001 garbage\r\n\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 400/);
    assert.equal(
      (
        await fetch(`${service.facts.adminUrl}/api/v1/devices`, {
          headers: { 'X-Large': 'x'.repeat(100_000) },
        })
      ).status,
      431,
    );
  });

  it('over the API: each is answered with what is wrong and where', async () => {
    const { api } = service;
    const cases: [string, string, unknown, number, string | null][] = [
      ['POST', '/devices', { mac: '80:5e', vendor: 'yealink' }, 422, '/mac'],
      ['POST', '/devices', { mac: 7, vendor: 'yealink' }, 422, '/mac'],
      ['POST', '/devices', [], 422, null],
      ['POST', '/tenants', { name: 'x', policy: { maxAttempts: 'three' } }, 422, '/policy/maxAttempts'],
      ['POST', '/tenants', { name: 'x', policy: { lockoutSeconds: 0 } }, 422, '/policy/lockoutSeconds'],
      ['POST', '/tenants', '{"name": ', 400, null],
      ['GET', '/devices/not-a-mac', undefined, 400, null],
      ['GET', '/tenants/not-an-id', undefined, 404, null],
      ['GET', '/devices?limit=1000000', undefined, 422, 'limit'],
      ['GET', '/nothing', undefined, 404, null],
    ];
    for (const [method, path, body, status, pointer] of cases) {
      const answer = await api.call(method, path, body);
      assert.equal(answer.status, status, `${method} ${path}`);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      assert.equal(answer.body.status, status);
      if (pointer !== null) {
        const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
        assert.ok(pointers.includes(pointer), `${path}: ${JSON.stringify(answer.body)}`);
      }
    }
  });

  it('over SIP: garbage, truncated and hostile messages, over UDP and TCP', async () => {
    const { host, port } = service.sip;
    const head =
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:*89@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n';
    const messages = [
      '\u0000\u00ff\u0001',
      'INVITE',
      'INVITE sip:*89@x SIP/2.0\r\n',
      `INVITE sip:*89@x SIP/2.0\r\n${head}Content-Length: 99999\r\n\r\nv=0`,
      `INVITE sip:*89@x SIP/2.0\r\n${head}Content-Type: application/sdp\r\nContent-Length: 4\r\n\r\nv=0\n`,
      `REGISTER sip:x SIP/2.0\r\n${head.replace('INVITE', 'REGISTER')}Authorization: Digest ${'x'.repeat(8000)}\r\nContent-Length: 0\r\n\r\n`,
      `INVITE sip:${'9'.repeat(5000)}@x SIP/2.0\r\n${head}Content-Length: 0\r\n\r\n`,
      `NOTIFY sip:x SIP/2.0\r\nX: ${'y'.repeat(60_000)}\r\n\r\n`,
    ];
    const udp = createSocket('udp4');
    for (const message of messages) {
      await new Promise((resolve) => udp.send(Buffer.from(message, 'latin1'), port, host, resolve));
      const tcp = connect(port, host, () => tcp.end(Buffer.from(message, 'latin1')));
      tcp.on('error', () => tcp.destroy());
      tcp.resume();
      await once(tcp, 'close');
    }
    udp.close();
  });

  it('does not keep an honest phone from its configuration', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const provisioned = nextConfiguration(phone, 30_000);
    await authenticate(phone, created.pap);
    assert.equal(await provisioned, created.line.label);
  });
});
