/** Databases that were set aside have the person too: rows go there as they do in the one that holds. */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Aside, keepTime, listAside } from './aside.ts';
import { BUSY_MS } from './database.ts';
import { eraseRows } from './erase.ts';
import { Pruner } from './prune.ts';
import { isInFile, memberTraces, traceOf } from './traces.ts';

export interface AsideErasure {
  /** Files from which rows were destroyed. */
  readonly erased: readonly string[];
  /** Files that may have them still: they are damaged, or of another program. */
  readonly left: readonly string[];
}

/**
 * Takes seconds, in which nothing else of this process is done.
 * @param database of the unit, beside which they are
 */
export function eraseAside(database: string, memberId: string): AsideErasure {
  const erased: string[] = [];
  const left: string[] = [];
  for (const aside of listAside(database)) {
    const done = eraseIn(aside, memberId);
    if (done === 'erased') erased.push(aside.file);
    if (done === 'left') left.push(aside.file);
  }
  return { erased, left };
}

function eraseIn(aside: Aside, memberId: string): 'erased' | 'none' | 'left' {
  let db: Database.Database | null = null;
  try {
    db = new Database(aside.file, { fileMustExist: true, timeout: BUSY_MS });
    db.pragma('secure_delete = ON');
    db.pragma('foreign_keys = ON');
    const traces = memberTraces(db, memberId);
    const isThere = destroyRows(db, memberId);
    if (isThere && !isClean(db, aside, traces)) return 'left';
    return isThere ? 'erased' : 'none';
  } catch {
    // Its id stands beside each of a person's rows.
    return isIn(aside.file, [traceOf(Buffer.from(memberId))]) ? 'left' : 'none';
  } finally {
    db?.close();
    keepTime(aside);
  }
}

function destroyRows(db: Database.Database, memberId: string): boolean {
  const prune = new Pruner(db);
  const rows = db.transaction(() => prune.forgetting(() => eraseRows(db, memberId)));
  return rows.immediate() !== null;
}

function isClean(db: Database.Database, { file }: Aside, traces: readonly Buffer[]): boolean {
  db.pragma('wal_checkpoint(TRUNCATE)');
  if (!isIn(file, traces)) return true;
  db.exec('VACUUM');
  db.pragma('wal_checkpoint(TRUNCATE)');
  return !isIn(file, traces);
}

function isIn(file: string, traces: readonly Buffer[]): boolean {
  return [file, `${file}-wal`].some((part) => existsSync(part) && isInFile(part, traces));
}
