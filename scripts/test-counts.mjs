/**
 * A reporter for one test file, beside the one that people read: a letter for each test (`p`
 * passed, `f` failed, `s` skipped). It runs inside the file's process, so it also ends a process
 * that lives on after its last test, and says what keeps it alive.
 */
import process from 'node:process';

/** Hooks that stop services run after the last test, and may take a minute. */
const ALIVE_AFTER_LAST_TEST_MS = 120_000;

export default async function* counts(events) {
  let running = 0;
  let timer;
  for await (const { type, data } of events) {
    if (type === 'test:enqueue') running += 1;
    if (type === 'test:complete') running -= 1;
    clearTimeout(timer);
    if (running <= 0) timer = setTimeout(endLingering, ALIVE_AFTER_LAST_TEST_MS).unref();
    // A suite is no test of its own.
    if (data?.details?.type === 'suite') continue;
    if (type === 'test:pass') yield data.skip === undefined ? 'p' : 's';
    if (type === 'test:fail') yield 'f';
  }
}

function endLingering() {
  const kept = [...new Set(process.getActiveResourcesInfo())].join(', ');
  process.stderr.write(
    `The last test ended ${ALIVE_AFTER_LAST_TEST_MS / 1000} s ago and the process lives on; what keeps it: ${kept}\n`,
  );
  process.exit(1);
}
