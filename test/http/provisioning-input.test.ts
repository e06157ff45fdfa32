/**
 * What comes in from the Internet: other families' files, nonsense, uploads, slow and oversized
 * requests.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMac } from '../../src/domain/mac.js';
import { openStore } from '../../src/store/open-store.js';
import { migrate } from '../../src/store/migrate.js';
import { tokensOfDevice } from '../../src/store/tokens.js';
import { eventsOf, makeDevice } from '../support/fixture.js';
import { pgliteStore, SILENT } from '../support/store.js';
import { until } from '../support/wait-for.js';
import { type Fetched, fileOf, nextUrl, parameter, withProvisioning } from './provisioning-phones.js';

/** All of an answer but what tells the time. */
const visible = ({ status, headers, body }: Fetched): unknown => ({
  status,
  headers: { ...headers, date: undefined },
  body,
});

describe('a fetch', () => {
  test('of what we do not have is always the same 404', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, log }) => {
      const device = await makeDevice(context);
      const unknown = await fetch('/805ec0112233.cfg');
      assert.equal(unknown.status, 404);
      assert.deepEqual(JSON.parse(unknown.body), { type: 'about:blank', title: 'Not Found', status: 404 });
      const file = fileOf(device);
      for (const target of [
        '/',
        '//',
        '/805ec011223.cfg',
        '/ffffffffffff.cfg',
        '/815ec0112233.cfg',
        '/y000000000000.boot',
        '/y000000000108.cfg',
        '/805ec0112233.boot',
        `/${file.replace('.cfg', '-local.cfg')}`,
        `/${file.replace('.cfg', '.enc')}`,
        `/${file.replace('.cfg', '.xml')}`,
        `/snomD785-${file.slice(0, 12)}.htm`,
        '/snomD785.htm',
        '/favicon.ico',
        '/../../etc/passwd',
        '/..%2f..%2fetc%2fpasswd',
        `/%2e%2e/${file}`,
        `/${file}%00`,
        `/${file}%0a`,
        `/${file}/`,
        `/a/b/${file}`,
        `/a%2fb/${file}`,
        `/%/${file}`,
        `/%ff${file}`,
        '/%E0%A4%A.cfg',
        `/${'a'.repeat(32)}`,
        `/${'x'.repeat(4000)}/${file}`,
        '/?mac=zz',
        '/\\805ec0112233.cfg',
        `/${file};a=b`,
        '/__proto__/constructor',
      ]) {
        assert.deepEqual(visible(await fetch(target)), visible(unknown), target);
      }
      assert.deepEqual(await tokensOfDevice(context.store.db, device.id), []);
      assert.doesNotMatch(log(), new RegExp('a'.repeat(32)), 'what has the form of a token is masked');
    });
  });

  test('finds a file however its name is written', async () => {
    await withProvisioning(
      await pgliteStore(),
      async ({ context, fetch }) => {
        const device = await makeDevice(context);
        const file = fileOf(device);
        for (const target of [
          `/${file.toUpperCase()}`,
          `//${file}`,
          `/%30${file.slice(1)}`,
          `/p/q/${file}`,
          `http://provisioning.example/p/q/${file}`,
          `/${file}?x=1`,
        ]) {
          const answer = await fetch(target);
          assert.equal(answer.status, 200, target);
          assert.match(nextUrl(answer, device), /^https:\/\/provisioning\.example\/p\/q\/[a-z2-7]{32}\//);
        }
        const url = nextUrl(await fetch(`/${file}`), device);
        const first = await fetch(url);
        assert.equal(
          (await fetch(`/p/q${url.slice('https://provisioning.example/p/q'.length)}`)).body,
          first.body,
        );
      },
      { publicUrl: 'https://provisioning.example/p/q' },
    );
  });

  test('of a boot file leads to the configuration and leaves no trace', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, provisioning }) => {
      const device = await makeDevice(context);
      const boot = fileOf(device).replace('.cfg', '.boot');
      const answer = await fetch(`/${boot}`);
      assert.match(answer.body, new RegExp(`include:config "${fileOf(device)}"`));
      const again = await fetch(`/${boot}`, { headers: { 'If-None-Match': answer.headers.etag } });
      assert.equal(again.status, 304);
      await provisioning.flush();
      assert.deepEqual(await eventsOf(context.store, device), []);
      assert.deepEqual(await tokensOfDevice(context.store.db, device.id), []);
    });
  });

  test('of a snom phone is answered by each of its names', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch }) => {
      const device = await makeDevice(context, { vendor: 'snom' });
      const hex = fileOf(device).slice(0, 12).toUpperCase();
      const first = await fetch(`/snomD785-${hex}.htm`);
      assert.equal(first.headers['content-type'], 'application/xml; charset=utf-8');
      const server = /<setting_server perm="RW">(.*)<\/setting_server>/.exec(first.body)?.[1] ?? '';
      const url = server.replace('{mac}', hex);
      const folder = url.slice(0, url.lastIndexOf('/'));
      for (const name of [
        `${hex}.xml`,
        `${hex.toLowerCase()}.htm`,
        `snomD785-${hex}.htm`,
        `?mac=${hex}`,
        `settings.xml?mac=${hex}`,
      ]) {
        assert.equal((await fetch(`${folder}/${name}`)).body, first.body, name);
      }
      assert.equal((await fetch(`${folder}/snomD785-firmware.htm?mac=${hex}`)).status, 404);
    });
  });

  test('by HEAD has the headers and changes nothing', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, provisioning }) => {
      const device = await makeDevice(context);
      const path = `/${fileOf(device)}`;
      const bare = await fetch(path, { method: 'HEAD' });
      assert.deepEqual([bare.status, bare.body, bare.headers.etag], [200, '', undefined]);
      assert.deepEqual(await tokensOfDevice(context.store.db, device.id), []);

      const minimal = await fetch(path);
      assert.equal(bare.headers['content-length'], minimal.headers['content-length']);
      const url = nextUrl(minimal, device);
      const head = await fetch(url, { method: 'HEAD' });
      assert.deepEqual([head.headers.etag, head.body], [minimal.headers.etag, '']);
      assert.equal(Number(head.headers['content-length']), Buffer.byteLength(minimal.body));
      await provisioning.flush();
      assert.equal((await eventsOf(context.store, device)).length, 1, 'the one GET');
    });
  });

  test('shows the model that the administrator, else the phone, says', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, log }) => {
      const device = await makeDevice(context);
      const headers = { 'User-Agent': 'Yealink SIP-T31P 124.86.0.75 80:5e:c0:11:22:33' };
      const answer = await fetch(`/${fileOf(device)}`, { headers });
      assert.equal(parameter(answer, 'account.2.enable'), '0');
      assert.doesNotMatch(answer.body, /account\.3\./);
      assert.match(log(), /"otherMac":true/);
    });
  });

  test('does not believe headers that speak for somebody else', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch }) => {
      const device = await makeDevice(context);
      const headers = { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.1' };
      await fetch(`/${fileOf(device)}`, { headers });
      const [token] = await tokensOfDevice(context.store.db, device.id);
      assert.equal(token?.issuedTo, '127.0.0.1');
    });
  });
});

describe('anything else', () => {
  test('is refused without being read or kept', async () => {
    await withProvisioning(await pgliteStore(), async ({ context, fetch, send }) => {
      const device = await makeDevice(context);
      const path = `/${fileOf(device)}`;
      for (const method of ['PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const answer = await fetch(path, { method });
        assert.deepEqual([answer.status, answer.headers.allow, answer.body], [405, 'GET, HEAD', ''], method);
      }
      const upload = await send(
        `PUT ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n`,
      );
      assert.match(upload, /^HTTP\/1\.1 405 Method Not Allowed\r\n/);
      assert.match(upload, /Connection: close/i);
    });
  });

  test('that is too long, or no HTTP, is refused clearly', async () => {
    await withProvisioning(await pgliteStore(), async ({ fetch, send }) => {
      for (const [sent, status] of [
        [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
        [`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
        ['\u0016\u0003\u0001\u0000garbage\r\n\r\n', 400],
        ['GET / HTTP/9.9\r\n\r\n', 400],
        ['GET / HTTP/1.1\r\n\r\n', 400],
        ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
      ] as const) {
        const answer = await send(sent);
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), sent.slice(0, 40));
      }
      assert.equal((await fetch('/')).status, 404, 'and the next one is served');
    });
  });

  test('that never comes to an end is ended', async () => {
    const limits = { headerMilliseconds: 200, requestMilliseconds: 300, checkMilliseconds: 50 };
    await withProvisioning(
      await pgliteStore(),
      async ({ send }) => {
        assert.match(await send('GET / HTTP/1.1\r\nX: '), /^HTTP\/1\.1 408 /);
        assert.match(
          await send('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1'),
          /^HTTP\/1\.1 405 /,
        );
      },
      { limits },
    );
  });

  test('that is more than we can take at a time is asked to come back', async () => {
    const store = await pgliteStore();
    await withProvisioning(
      store,
      async ({ context, fetch }) => {
        const path = `/${fileOf(await makeDevice(context))}`;
        const { asked } = await store.transaction(async () => {
          // PGlite has one connection, which is ours just now: the first two fetches have to wait.
          const fetches = Array.from({ length: 5 }, () => fetch(path));
          const early: number[] = [];
          for (const one of fetches) void one.then(({ status }) => early.push(status));
          await until(() => early.length === 3, { what: 'three refusals' });
          assert.deepEqual(early, [503, 503, 503]);
          return { asked: fetches };
        });
        const statuses = (await Promise.all(asked)).map(({ status }) => status);
        assert.equal(statuses.filter((status) => status === 200).length, 2);
      },
      { limits: { fetchesInHand: 2 } },
    );
  });

  test('that goes wrong in our house is a 503 that says when to come back', async () => {
    const store = await openStore({ databaseUrl: null, dataDir: null, log: SILENT });
    await migrate(store);
    await withProvisioning(store, async ({ context, fetch }) => {
      const device = await makeDevice(context);
      await store.close();
      const answer = await fetch(`/${fileOf(device)}`);
      assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '30']);
      assert.equal(
        (await fetch(`/x/${parseMac('805ec0112233')}`)).status,
        404,
        'what needs no database still is answered',
      );
    });
  });
});
