// Two commands started at once on a fresh clone: one installs, the other waits.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { say } from './say.mjs';

const LOOK_EVERY_MS = 500;

/**
 * Runs `work` while `path` holds our pid. A lock whose owner is gone is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  for (let waited = 0; !take(path); waited += 1) {
    if (waited === 0) say('Genkan: another command is installing, waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  // A link is there with its content or not at all, so a lock without an owner can't be seen.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(owner(path))) rmSync(path, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} path */
function owner(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

/** @param {number} pid 0 where the lock has just been given up */
function isAlive(pid) {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
