/**
 * Many calls that end in every way a call can end, while engines are killed and come back: nothing
 * may be left of them, and the heaps may not grow.
 *
 * node --expose-gc dist/bench/soak.js [calls, 5000] [at once, 30] [a kill after so many calls, 250]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startSoak } from '../test/sip/app-support/soak.js';

const [calls = 5000, atOnce = 30, killEvery = 250] = process.argv.slice(2).map(Number);
const T1 = 100;
/** The media servers keep to the T1 of RFC 3261: their last transaction is over after 32 s. */
const SETTLE_MS = 40_000;
/** The first calls fill caches and pools; only what grows after them is a leak. */
const WARM_UP = Math.min(1000, Math.ceil(calls / 5));
/** What a heap may grow by in thousand calls. */
const ALLOWED_BYTES = 1_000_000;

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

const started = performance.now();
const soak = await startSoak({
  atOnce,
  killEvery,
  t1: T1,
  seed: 1,
  onProgress: (begun) => {
    if (begun % 250 !== 0) return;
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`${begun} calls, ${(begun / seconds).toFixed(1)} a second\n`);
  },
});
await soak.run(WARM_UP);
await sleep(SETTLE_MS);
const before = { heap: await soak.heap(), resources: resources() };
await soak.run(calls - WARM_UP);
await sleep(SETTLE_MS);
const after = { heap: await soak.heap(), resources: resources() };
const left = Object.entries(await soak.left()).filter(([, count]) => count !== 0);

const growth = after.heap.map((bytes, index) => bytes - (before.heap[index] ?? 0));
process.stdout.write(`ends: ${JSON.stringify(soak.ends)}, ${soak.kills} engines killed\n`);
process.stdout.write(`left: ${left.length === 0 ? 'nothing' : JSON.stringify(left)}\n`);
process.stdout.write(`handles and timers of the application: ${before.resources} → ${after.resources}\n`);
process.stdout.write(
  `heaps in MB (application and phones, SIP server, media servers): ${before.heap.map(megabytes).join(', ')} → ${after.heap.map(megabytes).join(', ')}\n`,
);
await soak.close();
const thousands = Math.max(1, (calls - WARM_UP) / 1000);
// The engines' heaps are those of processes that were killed in between: only the application's has
// a history.
const isGrowing = (growth[0] ?? 0) / thousands > ALLOWED_BYTES;
process.exitCode = left.length > 0 || isGrowing ? 1 : 0;

/** What keeps this process alive, by kind. */
function resources(): string {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
