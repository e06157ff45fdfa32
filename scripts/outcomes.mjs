/** How a script ends other than by success. */
import process from 'node:process';

/** Something the user can mend; the message says what and how. */
export class Failure extends Error {}

/** The user, or the system, asked us to end while a program ran. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/**
 * Runs a script's main function and ends the process as its outcome demands: a failure with its
 * message and status 1, an interruption by the signal that caused it, so that a shell or npm sees
 * the true reason.
 *
 * @template T
 * @param {() => Promise<T>} main
 * @returns {Promise<T>}
 */
export async function conclude(main) {
  try {
    return await main();
  } catch (error) {
    if (error instanceof Interrupted) {
      process.kill(process.pid, error.signal);
      // The signal arrives within microseconds; nothing may run meanwhile.
      return await new Promise(() => setInterval(() => {}, 1_000));
    }
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}
