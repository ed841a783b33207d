/**
 * How SQLite finds rows. Without figures it takes a tenant to have ten rows and walks through all of them; these say how
 * it is where it matters: few tenants, each with a million rows. They are written, not measured (`ANALYZE`): plans stay
 * the same from day to day, and no statement is planned anew for its values.
 */
import type { Database } from 'better-sqlite3';

/** Table, index (a table without rowid is its own), rows, and how many share the first, the first two, … columns. */
const FIGURES: readonly (readonly [table: string, index: string, figures: string])[] = [
  ['entity', 'entity', '2000000 1000000 100000 1'],
  ['entity', 'entity_changed', '2000000 1000000 2'],
  ['entity', 'entity_owner', '2000000 1000000 20 5 1'],
  ['entity', 'entity_subject', '2000000 1000000 1'],
  ['entity', 'entity_day', '2000000 1000000 3000'],
  ['entity', 'entity_gone', '20000 20000 2'],
  ['reuse', 'reuse', '100000 100000 2 1'],
  ['reuse', 'reuse_event', '100000 100000 1'],
  ['claim', 'claim', '200000 200000 100000 1'],
  ['claim', 'claim_member', '200000 200000 2'],
  ['alert', 'alert', '10000 10000 1'],
  ['alert', 'alert_time', '10000 10000 1'],
];

export function writePlans(db: Database): void {
  db.exec('ANALYZE sqlite_schema');
  db.transaction(() => {
    db.exec('DELETE FROM sqlite_stat1');
    const insert = db.prepare('INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)');
    for (const row of FIGURES) insert.run(...row);
  })();
  db.exec('ANALYZE sqlite_schema');
}
