/**
 * Databases that were set aside have members too. When the unit is wiped those go that have nothing which the hub doesn't
 * have and this database neither; of the others the members go, and what they recorded stays (guarantees 1.5, 2.5).
 */
import Database from 'better-sqlite3';
import { type Aside, keepTime, listAside } from './aside.ts';
import { BUSY_MS } from './database.ts';
import { beginDestroying, destroyBegun } from './destroy.ts';
import { sliced, type Work } from './sliced.ts';
import { wipe } from './wipe.ts';

export interface AsideWipe extends Work {
  /** Files that may still have members: they are damaged, and may have events that nobody else has. */
  readonly left: () => readonly string[];
}

interface Parts {
  /** The unit's own, wiped already. */
  readonly db: Database.Database;
  readonly mono: () => number;
  /** Nobody waits: what is kept is written anew, without a trace in unused space. */
  readonly thoroughly: boolean;
}

export function wipeAside(parts: Parts): AsideWipe {
  const { db, mono } = parts;
  const left: string[] = [];
  const works = inTurn(parts, left);
  let work: Work | null = null;
  return {
    left: () => left,
    step(budgetMs) {
      if (db.memory) return true;
      const end = mono() + budgetMs;
      do {
        work ??= works.next().value ?? null;
        if (work === null) return true;
        if (work.step(Math.max(0, end - mono()))) work = null;
      } while (mono() < end);
      return false;
    },
  };
}

function* inTurn({ db, mono, thoroughly }: Parts, left: string[]): Generator<Work, undefined> {
  const plain = { mono, transact: (body: () => void) => body() };
  for (const aside of listAside(db.name)) {
    if (hasNothingAlone(db, aside.file)) beginDestroying(aside.file);
    else yield withoutMembers(aside, mono, thoroughly, () => left.push(aside.file));
  }
  yield sliced(plain, destroyBegun(db.name));
}

/** All that the hub had not acknowledged has gone over to the database that holds now (`left-over.ts`). */
function hasNothingAlone(db: Database.Database, file: string): boolean {
  let aside: Database.Database | null = null;
  try {
    aside = new Database(file, { fileMustExist: true, timeout: BUSY_MS });
    const unit = aside.prepare<[], UnitRow>(UNIT).get();
    if (unit === undefined) return false;
    const heard = db.prepare<[string, number], { heard: number }>(
      'SELECT heard FROM peer WHERE unit = ? AND epoch = ?',
    );
    const hasGoneOver = (epoch: number, head: number) => (heard.get(unit.unit, epoch)?.heard ?? 0) >= head;
    if (unit.head > unit.acknowledged && !hasGoneOver(unit.epoch, unit.head)) return false;
    const earlier = aside.prepare<[string], { epoch: number; head: number }>(EARLIER).all(unit.unit);
    return earlier.every(({ epoch, head }) => hasGoneOver(epoch, head));
  } catch {
    return false;
  } finally {
    aside?.close();
  }
}

interface UnitRow {
  readonly unit: string;
  readonly epoch: number;
  readonly acknowledged: number;
  readonly head: number;
}

const UNIT = `SELECT unit_id AS unit, epoch, acknowledged,
  coalesce((SELECT seq FROM event ORDER BY seq DESC LIMIT 1), 0) AS head FROM unit`;
const EARLIER = 'SELECT epoch, max(seq) AS head FROM peer_event WHERE unit = ? GROUP BY epoch';

/** In the file itself. Of a damaged one nobody can say that this was all. */
function withoutMembers(aside: Aside, mono: () => number, thoroughly: boolean, fail: () => void): Work {
  let db: Database.Database | null = null;
  let work: Work | null = null;
  const step = (budgetMs: number) => {
    const there = db ?? opened(aside.file);
    db = there;
    work ??= sliced(
      { mono, transact: (body) => there.transaction(body).immediate() },
      wipe(there, () => undefined),
    );
    if (!work.step(budgetMs)) return false;
    if (thoroughly) there.exec('VACUUM');
    there.pragma('wal_checkpoint(TRUNCATE)');
    return true;
  };
  const end = (isSure: boolean) => {
    db?.close();
    keepTime(aside);
    if (!isSure) fail();
    return true;
  };
  return {
    step(budgetMs) {
      try {
        return step(budgetMs) && end(aside.why !== 'damaged');
      } catch {
        return end(false);
      }
    },
  };
}

function opened(file: string): Database.Database {
  const db = new Database(file, { fileMustExist: true, timeout: BUSY_MS });
  db.pragma('secure_delete = ON');
  db.pragma('foreign_keys = ON');
  return db;
}
