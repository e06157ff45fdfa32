/**
 * What a client sees of a refusal that comes while it still writes, and how long its connection is
 * kept.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { parsePrefix } from '../../src/domain/prefix.js';
import { createHttpServer, type HttpServerOptions } from '../../src/http/http-server.js';
import { nginxUnavailable, startPoolingNginx } from '../support/nginx.js';
import { until } from '../support/wait-for.js';

const LIMIT_MS = 30_000;

async function open(
  t: TestContext,
  listener: RequestListener,
  options: Partial<HttpServerOptions> = {},
): Promise<{ port: number; server: Server }> {
  const server = createHttpServer(listener, { trustedProxies: [], ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

/** A client that reads nothing before it has written everything, as simple firmware does. */
class Writer {
  readonly socket: Socket;
  readonly errors: string[] = [];
  #heard = '';

  constructor(port: number, localAddress = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', localAddress });
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.errors.push(error.code ?? ''));
    this.socket.setEncoding('utf8').setMaxListeners(0).pause();
  }

  async write(text: string, chunks: number): Promise<void> {
    const size = Math.ceil(text.length / chunks);
    for (let at = 0; at < text.length; at += size) {
      const isSent = new Promise((resolve) => this.socket.write(text.slice(at, at + size), resolve));
      await Promise.race([isSent, once(this.socket, 'close')]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What comes until the server closes, or until there is an answer. */
  async read(): Promise<string> {
    this.socket.on('data', (text: string) => (this.#heard += text)).resume();
    await until(() => this.#heard.includes('\r\n\r\n') || this.socket.closed, { within: LIMIT_MS });
    return this.#heard.split('\r\n')[0] ?? '';
  }
}

const refuseAll: RequestListener = (_request, response) => {
  response.writeHead(413, { 'Content-Length': 0 }).end();
};
const BODY = 'x'.repeat(1_000_000);
const post = (headers: string): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY.length}\r\n${headers}\r\n${BODY}`;

describe('a refusal', () => {
  for (const [what, bytes, status] of [
    ['a head beyond measure', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(500_000)}\r\n\r\n`, 431],
    ['a request line beyond measure', `GET /${'x'.repeat(500_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['no HTTP', `\x16\x03\x01${BODY}`, 400],
    ['a body that nobody reads', post(''), 413],
    ['the body of a last request', post('Connection: close\r\n'), 413],
    ['a body in HTTP/1.0', post('').replace('HTTP/1.1', 'HTTP/1.0'), 413],
  ] as const) {
    test(`of ${what} is read by a client that writes to the end first`, async (t) => {
      const { port } = await open(t, refuseAll);
      const client = new Writer(port);
      await client.write(bytes, 50);
      assert.match(await client.read(), new RegExp(`^HTTP/1.1 ${status} `));
      assert.deepEqual(client.errors, []);
      client.socket.destroy();
    });
  }

  test('of a request that takes too long is read as well', async (t) => {
    const { port } = await open(t, () => {}, {
      headersTimeout: 100,
      requestTimeout: 150,
      connectionsCheckingInterval: 20,
    });
    for (const begun of [
      'GET / HTTP/1.1\r\nHost: x\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx',
    ]) {
      const client = new Writer(port);
      client.socket.write(begun);
      assert.match(await client.read(), /^HTTP\/1.1 408 /);
      await client.write('x'.repeat(10_000), 10);
      assert.deepEqual(client.errors, []);
      client.socket.destroy();
    }
  });

  test('does not listen to a client without end', async (t) => {
    const { port, server } = await open(t, refuseAll);
    for (const begun of [
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n',
      'no http at all\r\n\r\n',
    ]) {
      const client = new Writer(port);
      client.socket.write(begun);
      let written = 0;
      while (!client.socket.closed && written < 1000) {
        written += 1;
        await Promise.race([
          new Promise((resolve) => client.socket.write('x'.repeat(100_000), resolve)),
          once(client.socket, 'close').catch(() => undefined),
        ]);
      }
      assert.ok(client.socket.destroyed, `${begun} is cut`);
    }
    await until(async () => (await connectionsOf(server)) === 0, { within: LIMIT_MS });
  });

  test('leaves the connection to the next request where the body comes to its end', async (t) => {
    const { port } = await open(t, refuseAll);
    const client = new Writer(port);
    await client.write(post('') + post(''), 20);
    let heard = '';
    client.socket.on('data', (text: string) => (heard += text)).resume();
    await until(() => heard.split('HTTP/1.1 413').length === 3, { within: LIMIT_MS });
    client.socket.destroy();
  });
});

async function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

describe('an idle connection', () => {
  const OPTIONS = { trustedProxies: [parsePrefix('127.0.0.1')!], keepAliveTimeout: 200 };
  const answer: RequestListener = (_request, response) => void response.end('hello');

  async function untilStrangerIsClosed(port: number): Promise<void> {
    const stranger = new Writer(port, '127.0.0.2');
    stranger.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(await stranger.read(), /^HTTP\/1.1 200 /);
    await until(() => stranger.socket.closed || stranger.socket.readableEnded, { within: LIMIT_MS });
    stranger.socket.destroy();
  }

  test('of a stranger goes, of one of our proxies stays', async (t) => {
    const { port } = await open(t, answer, OPTIONS);
    const proxy = new Writer(port);
    proxy.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(await proxy.read(), /^HTTP\/1.1 200 /);
    // Twice as long, at least.
    for (let times = 0; times < 3; times++) await untilStrangerIsClosed(port);
    assert.deepEqual([proxy.socket.closed, proxy.socket.readableEnded], [false, false]);
    proxy.socket.destroy();
  });

  test('of nginx’s pool is there for the next request', { skip: nginxUnavailable() }, async (t) => {
    const { port, server } = await open(t, answer, OPTIONS);
    let connections = 0;
    server.on('connection', ({ remoteAddress }: Socket) => {
      if (remoteAddress === '127.0.0.1') connections += 1;
    });
    const url = await startPoolingNginx(t, `127.0.0.1:${port}`);
    for (let times = 0; times < 4; times++) {
      const answered = await fetch(url);
      assert.deepEqual([answered.status, await answered.text()], [200, 'hello']);
      await untilStrangerIsClosed(port);
    }
    assert.equal(connections, 1);
  });
});
