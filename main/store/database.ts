/** Opens the one database of a unit, safe against power cuts, at the schema that this program knows. */
import Database from 'better-sqlite3';
import { err, ok, type Result } from '../core/result.ts';
import { type StoreFault, storeFault } from './faults.ts';
import { migrate } from './migrate.ts';

export type Connection = Database.Database;

/** Longer than any transaction of ours; a command beside a running controller waits that long for its turn. */
export const BUSY_MS = 5_000;

const IN_MEMORY = ':memory:';

/** What the steps make of an empty database. To copy it takes a twentieth of the time. */
let blank: Buffer | null = null;

/** @param file a path, or `:memory:` */
export function openDatabase(file: string, mode: 'write' | 'read' = 'write'): Result<Connection, StoreFault> {
  let db: Connection | null = null;
  try {
    const source = file === IN_MEMORY && blank !== null ? blank : file;
    db = new Database(source, { timeout: BUSY_MS, readonly: mode === 'read', fileMustExist: mode === 'read' });
    configure(db);
    const migrated = migrate(db, file, mode);
    if (migrated.ok) {
      if (file === IN_MEMORY) blank ??= db.serialize();
      return ok(db);
    }
    db.close();
    return migrated;
  } catch (error) {
    db?.close();
    return err(storeFault(error, file));
  }
}

function configure(db: Connection): void {
  if (!db.readonly) {
    if (!db.memory) db.pragma('journal_mode = WAL');
    // A WAL database comes back at NORMAL, where a power cut loses what was committed: set at every open.
    db.pragma('synchronous = FULL');
    const synchronous = db.pragma('synchronous', { simple: true });
    if (synchronous !== 2) throw new Error(`synchronous is ${String(synchronous)}, not FULL`);
    // What is removed is overwritten; it measures the same.
    db.pragma('secure_delete = ON');
  }
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
}
