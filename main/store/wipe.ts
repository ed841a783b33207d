/** A unit that is the tenant's no more: what it has of persons is destroyed; the record and its unsent events stay. */
import type { Database } from 'better-sqlite3';
import type { Piece } from './sliced.ts';
import { abandon } from './snapshot-finish.ts';
import { destroyLeftOvers } from './snapshot-tables.ts';

const ROWS = 50;
/** Those that name members first; members last, since others refer to them. The third: which rows; else all. */
const TABLES: readonly (readonly [table: string, key: string, which?: string])[] = [
  ['code', 'digest'],
  ['member_code', 'member_id, digest'],
  ['contract', 'member_id, position'],
  ['ticket', 'member_id, position, id'],
  ['reservation', 'id'],
  ['usage', 'member_id, day, contract_id, band_id'],
  ['usage_more', 'id'],
  ['ticket_use', 'id'],
  ['stay', 'id'],
  ['reuse', 'id'],
  ['undone', 'event_seq'],
  ['basis', 'event_seq'],
  ['given_back', 'kind, wire_id'],
  ['transfer', 'id'],
  ['held', 'id'],
  // Of its own there are events of earlier epochs that the hub doesn't have.
  ['peer_event', 'unit, epoch, seq', 'unit <> (SELECT unit_id FROM unit)'],
  ['peer_undone', 'unit, epoch, seq, kind'],
  ['month_count', 'contract_id, month, band_id, member_id'],
  ['member', 'id'],
];

/** What was counted of entries and exits stays: it names nobody. @param tell says so in the record */
export function* wipe(db: Database, tell: () => void): Generator<Piece, void> {
  abandon(db);
  for (const [table, key, which = 'true'] of TABLES) {
    const some = `SELECT ${key} FROM ${table} WHERE ${which} LIMIT ${ROWS}`;
    const remove = db.prepare(`DELETE FROM ${table} WHERE (${key}) IN (${some})`);
    let removed = ROWS;
    while (removed === ROWS) {
      db.prepare('UPDATE retention SET forgetting = 1').run();
      removed = remove.run().changes;
      db.prepare('UPDATE retention SET forgetting = 0').run();
      yield 'more';
    }
  }
  db.prepare('UPDATE hub SET revision = 0, roster = NULL').run();
  tell();
  yield 'slice';
  yield* destroyLeftOvers(db, null);
}

/** What the hub has said of this unit being the tenant's no more. Times are epoch ms by the hub. */
export class Revocation {
  readonly #db: Database;
  readonly #transact: <T>(body: () => T) => T;

  constructor(db: Database, transact: <T>(body: () => T) => T) {
    this.#db = db;
    this.#transact = transact;
  }

  /** Of the first notice; null: it is one of the tenant's. */
  firstAt(): number | null {
    const row = this.#db.prepare<[], { at: number | null }>('SELECT revoked_at AS at FROM hub').get();
    return row?.at ?? null;
  }

  /**
   * A disk that was put back may have lost the first notice: the one that comes first here counts as that.
   * @returns when the first one was
   */
  note(hubTime: number): number {
    const note = this.#db.prepare('UPDATE hub SET revoked_at = ? WHERE revoked_at IS NULL');
    this.#transact(() => note.run(hubTime));
    return this.firstAt() ?? hubTime;
  }

  /** The hub takes this unit for one of its own again: what it said before is over. */
  forget(): void {
    const forget = this.#db.prepare('UPDATE hub SET revoked_at = NULL WHERE revoked_at IS NOT NULL');
    this.#transact(() => forget.run());
  }
}
