import Database from 'better-sqlite3';
import { err, ok, type Result } from '../core/result.ts';
import { type StoreFault, storeFault } from './faults.ts';

/** SQLite's quick check, read-only, beside a running controller too. Reads the whole file: seconds for a gigabyte. */
export function quickCheck(file: string): Result<void, StoreFault> {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    const answer = db.pragma('quick_check(1)', { simple: true });
    if (answer === 'ok') return ok(undefined);
    return err({
      code: 'corrupt',
      detail: `the database ${file} is damaged: set it aside and restore the last backup`,
    });
  } catch (error) {
    return err(storeFault(error, file));
  } finally {
    db?.close();
  }
}
