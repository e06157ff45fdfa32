/** A lock between processes of one work tree: a folder that its holder touches while it lives. */
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';

const HEARTBEAT_MS = 1_000;
/** A holder that missed this many milliseconds of heartbeats is dead (kill -9, power cut). */
const STALE_MS = 10_000;
const POLL_MS = 100;

/**
 * Does something while no other process that uses the same folder does.
 *
 * @template T
 * @param {string} folder exists exactly while the lock is held; its parent is made when missing
 * @param {number} withinMs how long to wait for another holder
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what the work returned
 * @throws when the lock could not be had in time
 */
export async function withLock(folder, withinMs, work) {
  await acquire(folder, Date.now() + withinMs);
  // A lost heartbeat matters only to waiters, which then judge by the folder's age.
  const heartbeat = setInterval(() => void touch(folder).catch(() => {}), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(folder, { recursive: true, force: true });
  }
}

async function acquire(folder, deadline) {
  await mkdir(dirname(folder), { recursive: true });
  while (!(await tryMake(folder))) {
    if (await isStale(folder)) await discard(folder);
    else if (Date.now() > deadline) throw new Error(`another process has held ${folder} for too long`);
    else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function tryMake(folder) {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(folder) {
  try {
    return Date.now() - (await stat(folder)).mtimeMs > STALE_MS;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Renaming decides between several waiters that found the same stale lock: one succeeds. */
async function discard(folder) {
  const aside = `${folder}.${randomUUID()}`;
  try {
    await rename(folder, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

function touch(folder) {
  const now = new Date();
  return utimes(folder, now, now);
}
