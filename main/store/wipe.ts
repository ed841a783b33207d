/** A unit that is the tenant's no more: what it has of persons is destroyed; the record and its unsent events stay. */
import type { Database } from 'better-sqlite3';
import type { Piece } from './sliced.ts';
import { abandon } from './snapshot-finish.ts';
import { destroyLeftOvers } from './snapshot-tables.ts';

const ROWS = 50;
/** Those that name members first; members last, since others refer to them. */
const TABLES = [
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
  ['peer_event', 'unit, epoch, seq'],
  ['peer_undone', 'unit, epoch, seq, kind'],
  ['month_count', 'contract_id, month, band_id, member_id'],
  ['member', 'id'],
] as const;

/** What was counted of entries and exits stays: it names nobody. @param tell says so in the record */
export function* wipe(db: Database, tell: () => void): Generator<Piece, void> {
  abandon(db);
  for (const [table, key] of TABLES) {
    const some = db.prepare(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} LIMIT ${ROWS})`);
    let removed = ROWS;
    while (removed === ROWS) {
      db.prepare('UPDATE retention SET forgetting = 1').run();
      removed = some.run().changes;
      db.prepare('UPDATE retention SET forgetting = 0').run();
      yield 'more';
    }
  }
  db.prepare('UPDATE hub SET revision = 0, roster = NULL').run();
  tell();
  yield 'slice';
  yield* destroyLeftOvers(db, null);
}
