/**
 * A snapshot of the tenant, from its first row to the switch. Each slice is durable, so that it goes on after a restart
 * where it was; a power cut at any point leaves the old data or the new, never half.
 */
import type { Database } from 'better-sqlite3';
import type { Change } from '../../sync/wire/entities.ts';
import type { Keys } from './keys.ts';
import type { Whose } from './rows-source.ts';
import { type Piece, sliced, type Work } from './sliced.ts';
import { abandon, finish } from './snapshot-finish.ts';
import { Stage } from './snapshot-stage.ts';
import { destroyLeftOvers, makeTables } from './snapshot-tables.ts';
import type { Head } from './unknown-events.ts';

export interface SnapshotParts {
  readonly db: Database;
  readonly keys: Keys;
  readonly mono: () => number;
  readonly transact: <T>(body: () => T) => T;
}

interface Row {
  readonly revision: number;
  readonly cursor: string;
  readonly rows: number;
  readonly generation: number;
  readonly finishing: number;
}

/** Between looks at the time. */
const ROWS = 4;
/** Pages of the log between two checkpoints: a large one writes each page once that many slices have changed. */
const CHECKPOINT = { usual: 1_000, staging: 4_000 } as const;
/** KiB of pages in memory. */
const CACHE = { usual: 2_000, staging: 16_000 } as const;

export class Snapshots {
  readonly #parts: SnapshotParts;
  #stage: { readonly generation: number; readonly stage: Stage } | null = null;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** One that can go on where it was; null: there is none. */
  staged(): { readonly revision: number; readonly cursor: string; readonly rows: number } | null {
    const row = this.#row();
    if (row === null || row.finishing === 1) return null;
    return { revision: row.revision, cursor: row.cursor, rows: row.rows };
  }

  /** A former one that is under way is given up. */
  begin(revision: number): void {
    const { db } = this.#parts;
    this.#parts.transact(() => {
      abandon(db);
      const { generation } = db
        .prepare<[], { generation: number }>('UPDATE hub SET generation = generation + 1 RETURNING generation')
        .get() ?? { generation: 1 };
      makeTables(db, generation);
      const insert = "INSERT INTO snapshot (id, revision, cursor, rows, generation) VALUES (1, ?, '', 0, ?)";
      db.prepare(insert).run(revision, generation);
    });
  }

  /** The cursor is kept with the last of the rows: what was cut off before comes again. */
  stage(me: Whose, changes: readonly Change[], cursor: string): Work {
    return this.#work(this.#stagePieces(me, changes, cursor));
  }

  finish(
    me: Whose,
    revision: number,
    knows: readonly Head[],
    at: number,
  ): Work & { readonly trouble: () => readonly string[] } {
    const { db, keys } = this.#parts;
    const trouble: string[] = [];
    const { generation } = this.#mustRow();
    const work = this.#work(finish(db, keys, { revision, knows, at, generation, me }, trouble));
    const ended = (isDone: boolean) => {
      if (isDone) this.#usual();
      return isDone;
    };
    return { step: (budgetMs) => ended(work.step(budgetMs)), trouble: () => trouble };
  }

  tidy(): Work {
    const { db } = this.#parts;
    return this.#work(destroyLeftOvers(db, this.#row()?.generation ?? null), false);
  }

  *#stagePieces(me: Whose, changes: readonly Change[], cursor: string): Generator<Piece, void> {
    const { db } = this.#parts;
    const stage = this.#stageOf(me);
    for (const [index, change] of changes.entries()) {
      stage.put(change);
      if (index % ROWS === ROWS - 1) yield 'more';
    }
    db.prepare('UPDATE snapshot SET cursor = ?, rows = rows + ?').run(cursor, changes.length);
  }

  #stageOf(me: Whose): Stage {
    const { db, keys } = this.#parts;
    const { generation } = this.#mustRow();
    if (this.#stage?.generation !== generation) {
      db.pragma(`cache_size = -${CACHE.staging}`);
      this.#stage = { generation, stage: new Stage(db, keys, generation, me) };
    }
    return this.#stage.stage;
  }

  #usual(): void {
    const { db } = this.#parts;
    this.#stage = null;
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT.usual}`);
    db.pragma(`cache_size = -${CACHE.usual}`);
  }

  /** @param ofOne of the snapshot under way: when that is given up, the work is pointless */
  #work(pieces: Generator<Piece, void>, ofOne = true): Work {
    const { mono, db } = this.#parts;
    const generation = ofOne ? this.#mustRow().generation : null;
    if (ofOne) db.pragma(`wal_autocheckpoint = ${CHECKPOINT.staging}`);
    const transact = (body: () => void) =>
      this.#parts.transact(() => {
        if (generation !== null && this.#row()?.generation !== generation) throw new Error('the snapshot was given up');
        body();
      });
    return sliced({ mono, transact }, pieces);
  }

  #row(): Row | null {
    const row = this.#parts.db
      .prepare<[], Row>('SELECT revision, cursor, rows, generation, finishing FROM snapshot')
      .get();
    return row ?? null;
  }

  #mustRow(): Row {
    const row = this.#row();
    if (row === null) throw new Error('a snapshot is begun before it is filled');
    return row;
  }
}
