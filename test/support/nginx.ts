/**
 * nginx (Debian package nginx) as the reverse proxy that docs/operating.md has operators put in
 * front.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './wait-for.js';

/** Compiled into dist/test/support. */
const OPERATING = fileURLToPath(new URL('../../../docs/operating.md', import.meta.url));
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Why nginx cannot be used here; undefined when it can. */
export function nginxUnavailable(): string | undefined {
  return spawnSync('nginx', ['-v']).error === undefined
    ? undefined
    : 'nginx is not installed (Debian package nginx)';
}

/**
 * Starts nginx with the server that docs/operating.md shows, without TLS, in front of a URL. It is
 * ended with the test.
 *
 * @returns the URL of nginx, without a slash at the end
 */
export async function startNginx(t: TestContext, upstream: string): Promise<string> {
  return start(t, (port) => documentedServer(port, upstream));
}

/**
 * Starts nginx with a pool of connections to `host:port`, as its `keepalive` makes it. It is ended
 * with the test.
 *
 * @returns the URL of nginx, without a slash at the end
 */
export async function startPoolingNginx(t: TestContext, place: string): Promise<string> {
  return start(
    t,
    (port) =>
      `upstream pool { server ${place}; keepalive 4; }\n` +
      `server { listen 127.0.0.1:${port}; location / { proxy_pass http://pool; proxy_http_version 1.1; proxy_set_header Connection ""; } }\n`,
  );
}

async function start(t: TestContext, serverAt: (port: number) => string): Promise<string> {
  const folder = temporaryFolder('nginx');
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, serverAt(port)));
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`nginx ended with status ${child.exitCode}: ${said}`);
      return isListening(port);
    },
    { within: 60_000, what: 'nginx' },
  );
  return `http://127.0.0.1:${port}`;
}

function documentedServer(port: number, upstream: string): string {
  const [, server] = /^```nginx\n(.*?)^```$/ms.exec(readFileSync(OPERATING, 'utf8')) ?? [];
  if (server === undefined) throw new Error('docs/operating.md shows no nginx server');
  return server
    .replace(/listen .*;/, `listen 127.0.0.1:${port};`)
    .replaceAll(/^ *ssl_.*\n/gm, '')
    .replace(/proxy_pass [^;]*;/, `proxy_pass ${upstream.replace(/\/+$/, '')};`);
}

function configuration(folder: string, server: string): string {
  const paths = TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`);
  return `daemon off; master_process off; pid ${folder}/nginx.pid; events {}\nhttp {\n${paths.join('\n')}\n${server}}\n`;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // Not yet.
  } finally {
    socket.destroy();
  }
}
