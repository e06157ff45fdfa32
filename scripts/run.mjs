/** Child processes for the scripts: awaited, bounded in time, and never left behind. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import process from 'node:process';
import { Interrupted } from './outcomes.mjs';

/** How long a process group has between being asked to end and being killed. */
const GRACE_MS = 5_000;
/** How long output may trail behind the end of its program. */
const OUTPUT_TRAILS_MS = 1_000;

/**
 * Runs a program without input and waits for its end.
 *
 * The program leads a process group of its own, so that everything it started ends with it: when it
 * has ended itself, at the time limit, and when we are told to end.
 *
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ withinMs: number, show?: boolean }} options show: let it write to our own output; else
 *   the output is returned
 * @returns {Promise<{ ok: boolean, output: string, why: string }>} why: completes the sentence "the
 *   program …"
 * @throws {Interrupted} when SIGINT, SIGTERM or SIGHUP came meanwhile; the program has ended then
 */
export async function run(program, parameters, { withinMs, show = false }) {
  const child = spawn(program, parameters, {
    stdio: ['ignore', ...(show ? ['inherit', 'inherit'] : ['pipe', 'pipe'])],
    detached: true,
  });
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  const closed = new Promise((resolve) => child.once('close', resolve));

  let cut;
  const timer = setTimeout(() => {
    cut = 'time';
    void endGroup(child.pid);
  }, withinMs);
  const restoreSignals = onSignal((signal) => {
    cut = signal;
    void endGroup(child.pid);
  });
  try {
    const { code, signal, error } = await ended(child);
    await endGroup(child.pid);
    await Promise.race([closed, sleep(OUTPUT_TRAILS_MS, undefined, { ref: false })]);
    if (cut !== undefined && cut !== 'time') throw new Interrupted(cut);
    const why = cut === 'time' ? `did not end within ${withinMs / 1000} s` : describe(code, signal, error);
    return { ok: why === '', output: Buffer.concat(output).toString('utf8'), why };
  } finally {
    clearTimeout(timer);
    restoreSignals();
  }
}

function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal, error: undefined }));
  });
}

function describe(code, signal, error) {
  if (error) return error.code === 'ENOENT' ? 'is not installed' : `could not start: ${error.message}`;
  if (signal) return `was ended by ${signal}`;
  return code === 0 ? '' : `failed with exit status ${code}`;
}

/** Ends what is left of a process group: asks first, kills after the grace. */
async function endGroup(leader) {
  if (leader === undefined || !signalGroup(leader, 'SIGTERM')) return;
  for (let waited = 0; waited < GRACE_MS; waited += 50) {
    await sleep(50);
    if (!signalGroup(leader, 0)) return;
  }
  signalGroup(leader, 'SIGKILL');
}

/** @returns {boolean} false when no process is left in the group */
function signalGroup(leader, signal) {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Calls back for a signal that asks us to end, instead of ending. The returned function restores
 * the default.
 */
function onSignal(callback) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, callback);
  return () => {
    for (const signal of signals) process.off(signal, callback);
  };
}
