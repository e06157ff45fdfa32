/** What must be true of a service after calls, whatever became of them. */
import assert from 'node:assert/strict';
import type { Service } from './service.js';

const PINO_ERROR = 50;

/**
 * Ends the service as an operator would: it ends well, without waiting for a call, and has
 * complained of nothing. It is gone in any case.
 */
export async function endsWithNothingLeft(service: Service): Promise<void> {
  try {
    assert.deepEqual(complaints(service), []);
    assert.equal(await service.stop(), 0);
    assert.ok(!usedUpGrace(service), 'it waited for a call that should have been over');
    assert.deepEqual(complaints(service), []);
  } finally {
    await service.kill();
  }
}

/** How long the SIP application leaves calls to their callers at its end (sip/application.ts). */
const GRACE_MS = 10_000;

/** Whether the SIP application ended calls itself, when their time of grace was over. */
function usedUpGrace(service: Service): boolean {
  const line = service.log.split('\n').find((one) => /"what":"SIP application".*"msg":"ended"/.test(one));
  return line === undefined || (JSON.parse(line) as { milliseconds: number }).milliseconds >= GRACE_MS;
}

/**
 * Lines of the log that report a fault, and whatever is no line of the log: warnings of Node, stack
 * traces.
 */
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
