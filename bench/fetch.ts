/**
 * How many configuration fetches a second one process answers, beside bare node:http that sends the
 * same bytes in the same run.
 *
 *     node dist/bench/fetch.js [seconds per round, 5] [rounds, 3]
 *
 * Every server is a process of its own, on the first core where there is taskset; the load comes
 * from this process, on the second. The ratio says more than the figures: both sides of it suffer
 * from whatever else the machine does.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../test/support/postgres.js';
import type { ServerOrder, ServerReady } from './fetch-server.js';
import { type Load, measure } from './load.js';

const SERVER = fileURLToPath(new URL('./fetch-server.js', import.meta.url));
const CONNECTIONS = 32;

interface Target {
  name: string;
  server: RunningServer;
  paths: string[];
}

interface RunningServer extends ServerReady {
  process: ChildProcess;
}

/**
 * What one round showed; `cpu` is microseconds of the server's own CPU time a request, which
 * suffers least from what else runs.
 */
interface Round extends Load {
  cpu: number;
}

const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);
const children: ChildProcess[] = [];

/** Pins a process to a core; without taskset the system places it. */
function pin(pid: number | undefined, core: number): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'ignore',
  });
}

async function startServer(order: ServerOrder): Promise<RunningServer> {
  const child = fork(SERVER, { serialization: 'advanced' });
  children.push(child);
  pin(child.pid, 0);
  child.send(order);
  const [ready] = (await once(child, 'message')) as [ServerReady];
  return { ...ready, process: child };
}

async function cpuOf({ process: child }: RunningServer): Promise<number> {
  child.send('cpu');
  const [microseconds] = (await once(child, 'message')) as [number];
  return microseconds;
}

async function databases(): Promise<{ name: string; url: string | null; stop(): Promise<void> }[]> {
  const pglite = { name: 'PGlite', url: null, stop: async () => {} };
  const postgres = await startPostgres();
  if (postgres.kind === 'unavailable') {
    print(`PostgreSQL is left out: ${postgres.reason}`);
    return [pglite];
  }
  return [pglite, { name: 'PostgreSQL', url: await postgres.createDatabase(), stop: () => postgres.stop() }];
}

async function run(): Promise<void> {
  pin(process.pid, 1);
  const stores = await databases();
  try {
    for (const store of stores) {
      const ready = await startServer({ kind: 'dialgate', databaseUrl: store.url });
      const bare = await startServer({ kind: 'bare', body: ready.sample });
      print(
        `\n${store.name}, ${ready.full.length} devices, ${ready.sample.length} bytes a full configuration`,
      );
      await compare([
        { name: 'bare node:http', server: bare, paths: ['/'] },
        { name: 'full, proven token', server: ready, paths: ready.full },
        { name: 'minimal, its own token', server: ready, paths: ready.waiting },
        { name: 'minimal, no token', server: ready, paths: ready.tokenless },
        { name: '404, optional file', server: ready, paths: ['/y000000000000.boot'] },
      ]);
    }
  } finally {
    for (const child of children) child.kill();
    for (const store of stores) await store.stop();
  }
}

/** Rounds in alternation, medians: what disturbs one target for a while disturbs all of them. */
async function compare(targets: readonly Target[]): Promise<void> {
  const results = new Map<Target, Round[]>(targets.map((target) => [target, []]));
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) results.get(target)?.push(await runRound(target));
  }
  const median = (target: Target, value: (round: Round) => number): number =>
    (results.get(target) ?? []).map(value).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  const [first] = targets;
  for (const target of targets) {
    const perSecond = median(target, (round) => round.perSecond);
    const ratio = first === undefined ? 0 : perSecond / median(first, (round) => round.perSecond);
    const [p50, p99] = [median(target, (round) => round.p50), median(target, (round) => round.p99)];
    print(
      `  ${target.name.padEnd(24)}${perSecond.toFixed(0).padStart(7)}/s  × ${ratio.toFixed(2)}` +
        `  CPU ${median(target, (round) => round.cpu)
          .toFixed(0)
          .padStart(5)} µs` +
        `  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`,
    );
  }
}

async function runRound({ server, paths }: Target): Promise<Round> {
  const before = await cpuOf(server);
  const load = await measure({ port: server.port, paths }, CONNECTIONS, seconds);
  return { ...load, cpu: ((await cpuOf(server)) - before) / load.requests };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await run();
