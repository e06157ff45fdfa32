/** What must be true of a service after calls, whatever became of them. */
import assert from 'node:assert/strict';
import type { Service } from './service.js';

/** Calls in hand would hold up the end for ten seconds. */
const STOP_MS = 6_000;
const PINO_ERROR = 50;

/**
 * Ends the service as an operator would: it ends well, without waiting for a call, and has complained of nothing. It is gone in any case.
 */
export async function endsWithNothingLeft(service: Service): Promise<void> {
  try {
    assert.deepEqual(complaints(service), []);
    const began = performance.now();
    assert.equal(await service.stop(), 0);
    assert.ok(performance.now() - began < STOP_MS, 'it waits for a call that should be over');
    assert.deepEqual(complaints(service), []);
  } finally {
    await service.kill();
  }
}

/** Lines of the log that report a fault, and whatever is no line of the log: warnings of Node, stack traces. */
function complaints(service: Service): string[] {
  return service.log
    .split('\n')
    .filter((line) => line !== '')
    .filter(
      (line) => !line.startsWith('{') || levelOf(line) >= PINO_ERROR || /unhandled|uncaught/i.test(line),
    );
}

function levelOf(line: string): number {
  return (JSON.parse(line) as { level: number }).level;
}
