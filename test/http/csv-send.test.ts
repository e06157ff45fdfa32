import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { pino } from 'pino';
import { sendCsv } from '../../src/admin/csv/send.js';
import { until } from '../support/wait-for.js';

const MEGABYTE = 'x'.repeat(2 ** 20);

/** A server that sends what `make` makes, and its log. */
async function serve(t: TestContext, make: () => AsyncGenerator<string>) {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  const app = express();
  app.get('/', (_req, response) => sendCsv(response, 'x.csv', make(), log));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, logged: () => lines.join('') };
}

test('pages are made no faster than the reader takes them, and no more once he is gone', async (t) => {
  let made = 0;
  let isEnded = false;
  const { url, logged } = await serve(t, async function* endless() {
    try {
      for (;;) {
        made += 1;
        yield MEGABYTE;
      }
    } finally {
      isEnded = true;
    }
  });
  const request = get(url);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const hasStalled = async () => {
    const before = made;
    await sleep(100);
    return made === before;
  };
  await until(hasStalled, { what: 'the pages to wait for their reader' });
  // What the kernel buffers for both ends.
  assert.ok(made < 50, `${made} MB were made`);

  const before = made;
  response.resume();
  await until(() => made > before + 10, { what: 'the pages to go on' });
  request.destroy();
  await until(() => isEnded, { what: 'the making to end' });
  assert.equal(logged(), '');
});

test('a fault in the middle cuts the connection, and the log says why', async (t) => {
  const { url, logged } = await serve(t, async function* faulty() {
    yield 'a,b\r\n';
    throw new Error('the database is gone');
  });
  await assert.rejects(async () => (await fetch(url)).text());
  await until(() => /a download was cut off/.test(logged()));
  assert.match(logged(), /the database is gone/);
});

test('a fault before the first page can still be answered', async (t) => {
  // oxlint-disable-next-line require-yield -- it fails before it has anything
  const { url } = await serve(t, async function* faulty() {
    throw new Error('the database is gone');
  });
  const answer = await fetch(url);
  assert.equal(answer.status, 500);
  assert.equal(answer.headers.get('content-disposition'), null);
});
