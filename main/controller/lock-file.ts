import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Takes the exclusive flock(2) of a file, which is made where it isn't there. The kernel gives it back when the process
 * ends, however it ends.
 * @returns how to give it back, or null when somebody else has it
 */
export function takeLock(file: string): (() => void) | null {
  const flock = koffi.load('libc.so.6').func('int flock(int fd, int operation)');
  const fd = openSync(file, 'a', 0o600);
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return () => closeSync(fd);
  closeSync(fd);
  return null;
}
