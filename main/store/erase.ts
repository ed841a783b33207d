/**
 * Destroys what is stored of a person (guarantees 4.6). Events stay, under an id that leads to nobody any more, and so do
 * the counts of entries and exits. `secure_delete` overwrites the rows with zeros; what is left of them:
 * - in the write-ahead log, until `Store.purge` empties it;
 * - seldom (3 of 10,000 rows after inserts in no order) where a page was split, until `Store.vacuum` writes the file anew.
 */
import type { Database } from 'better-sqlite3';
import type { ClockTrust } from '../core/clock.ts';
import { ok, type Result } from '../core/result.ts';
import type { StoreFault } from './faults.ts';
import type { Store } from './store.ts';

/** How many rows were destroyed. */
export interface Erased {
  readonly members: number;
  readonly contracts: number;
  readonly tickets: number;
  readonly reservations: number;
  readonly usage: number;
  readonly ticketUses: number;
  readonly stays: number;
  /** What decisions were made from. */
  readonly bases: number;
}

export interface Erasure {
  readonly rows: Erased;
  /** Nothing is left of them in the write-ahead log. */
  readonly purged: boolean;
}

/**
 * Destroys the rows, and says so in the record.
 * @param at epoch ms
 * @returns null where nothing is stored of such a member
 */
export function eraseMember(
  store: Store,
  memberId: string,
  { at, clock }: { readonly at: number; readonly clock: ClockTrust },
): Result<Erasure | null, StoreFault> {
  const erased = store.transact(({ eraseRows, record }) => {
    const rows = eraseRows(memberId);
    if (rows === null) return null;
    const nowhere = { doorId: null, readerId: null, direction: null, result: null, of: null };
    record.append({ at, type: 'system', ...nowhere, clock, detail: { what: 'member-erased', memberId } });
    return rows;
  });
  if (!erased.ok) return erased;
  return ok(erased.value === null ? null : { rows: erased.value, purged: store.purge() });
}

/** Only inside a transaction, and while stays that go are not taken off the counts (`Pruner.forgetting`). */
export function eraseRows(db: Database, memberId: string): Erased | null {
  const remove = (sql: string, parameters = 1) =>
    db.prepare(`DELETE FROM ${sql}`).run(...Array<string>(parameters).fill(memberId)).changes;
  const own = (table: string) => remove(`${table} WHERE member_id = ?`);
  const rows: Erased = {
    usage: own('usage') + own('usage_more'),
    ticketUses: remove('ticket_use WHERE member_id = ? OR ticket_id IN (SELECT id FROM ticket WHERE member_id = ?)', 2),
    stays: own('stay'),
    bases: own('basis'),
    contracts: own('contract'),
    tickets: own('ticket'),
    reservations: own('reservation'),
    // With its codes.
    members: remove('member WHERE id = ?'),
  };
  // A snapshot under way may have them.
  db.exec('DELETE FROM snapshot; DELETE FROM snapshot_master');
  const notes = own('reuse') + own('undone') + own('held');
  return notes + Object.values(rows).reduce((sum, count) => sum + count, 0) === 0 ? null : rows;
}
