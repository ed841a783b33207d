/**
 * A snapshot of the tenant, from its first row to the switch. It goes on after a restart where it was, after a power cut
 * perhaps some slices before: staging doesn't wait for the disk. At any point it leaves the old data or the new, never half.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { Change } from '../../sync/wire/entities.ts';
import type { Keys } from './keys.ts';
import { GROUP_ROWS, type Group, type Prepared, prepare } from './prepared.ts';
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
  /** Durable when it returns. */
  readonly transact: (body: () => void) => void;
  /** Durable with the next one that is. */
  readonly transactSoon: (body: () => void) => void;
}

interface Row {
  readonly revision: number;
  readonly cursor: string;
  readonly rows: number;
  readonly generation: number;
  readonly finishing: number;
}

/**
 * Pages of the log between two checkpoints: a large one writes each page once that many slices have changed. And kB of
 * pages in memory: what is staged is hardly looked at again, and memory is what a first sync has least of.
 */
const TUNED = { usual: { log: 1_000, cache: 16_000 }, staging: { log: 4_000, cache: 2_000 } } as const;

export class Snapshots {
  readonly #parts: SnapshotParts;
  readonly #state: Statement<[], Row>;
  readonly #staged: Statement<[string, number]>;
  #tuned: keyof typeof TUNED = 'usual';
  #stage: { readonly generation: number; readonly stage: Stage } | null = null;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    this.#state = parts.db.prepare('SELECT revision, cursor, rows, generation, finishing FROM snapshot');
    this.#staged = parts.db.prepare('UPDATE snapshot SET cursor = ?, rows = rows + ?');
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
  stage(me: Whose, rows: readonly Change[] | Prepared, cursor: string): Work {
    const { groups, count } =
      'groups' in rows ? rows : { groups: preparedLater(rows, this.#parts.keys), count: rows.length };
    return this.#work(this.#stagePieces(me, groups, count, cursor));
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
      if (isDone) {
        this.#stage = null;
        this.#tune('usual');
      }
      return isDone;
    };
    return { step: (budgetMs) => ended(work.step(budgetMs)), trouble: () => trouble };
  }

  tidy(): Work {
    const { db } = this.#parts;
    const { mono, transact, transactSoon } = this.#parts;
    return sliced({ mono, transact, transactSoon }, destroyLeftOvers(db, this.#row()?.generation ?? null));
  }

  *#stagePieces(me: Whose, groups: Iterable<Group>, count: number, cursor: string): Generator<Piece, void> {
    const stage = this.#stageOf(me);
    for (const group of groups) {
      stage.put(group);
      yield 'more';
    }
    this.#staged.run(cursor, count);
  }

  #stageOf(me: Whose): Stage {
    const { db, keys } = this.#parts;
    const { generation } = this.#mustRow();
    if (this.#stage?.generation !== generation) {
      this.#stage = { generation, stage: new Stage(db, keys, generation, me) };
    }
    return this.#stage.stage;
  }

  #tune(as: keyof typeof TUNED): void {
    if (as === this.#tuned) return;
    this.#tuned = as;
    this.#parts.db.pragma(`wal_autocheckpoint = ${TUNED[as].log}`);
    this.#parts.db.pragma(`cache_size = -${TUNED[as].cache}`);
  }

  /** Of the snapshot under way: when that is given up, the work is pointless. */
  #work(pieces: Generator<Piece, void>): Work {
    const { mono } = this.#parts;
    const { generation } = this.#mustRow();
    this.#tune('staging');
    const ofIt = (inOne: (body: () => void) => void) => (body: () => void) =>
      inOne(() => {
        if (this.#row()?.generation !== generation) throw new Error('the snapshot was given up');
        body();
      });
    const { transact, transactSoon } = this.#parts;
    return sliced({ mono, transact: ofIt(transact), transactSoon: ofIt(transactSoon) }, pieces);
  }

  #row(): Row | null {
    return this.#state.get() ?? null;
  }

  #mustRow(): Row {
    const row = this.#row();
    if (row === null) throw new Error('a snapshot is begun before it is filled');
    return row;
  }
}

/** A few at a time, when it is their turn. */
function* preparedLater(changes: readonly Change[], keys: Keys): Generator<Group, void> {
  for (let at = 0; at < changes.length; at += GROUP_ROWS) yield* prepare(changes.slice(at, at + GROUP_ROWS), keys);
}
