/** That one hub alone has a database of SQLite: a second one would hear nothing of what the first does. */
import Database from 'better-sqlite3';

/** A hub that is restarted ends within 2 s. */
const WAIT_MS = 4_000;

/**
 * Takes SQLite's own lock of an empty database, which the system gives back when the process ends, however it ends.
 * @param file of the lock; the hub's own would shut out whoever makes a backup
 * @returns how to give it back, or null when somebody else has it
 */
export function standAlone(file: string): (() => void) | null {
  const lock = new Database(file, { timeout: WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return null;
    throw error;
  }
  return () => lock.close();
}
