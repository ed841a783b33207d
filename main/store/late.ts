/**
 * What happened while the record could not be written, taken into it later: each entry of the reserve file once, also
 * when the program ends in between. Rights are taken as far as they are still there: the door has opened already.
 */
import Database, { type Statement, type Transaction } from 'better-sqlite3';
import type { Effects } from '../../sync/wire/effects.ts';
import type { Changes } from '../core/decide.ts';
import type { HistoryWriter } from './history.ts';

/** A judgement's changes; stays that are not of the store yet have the numbers of their late entries, below 0. */
export interface LateChanges {
  readonly seq: number;
  readonly at: number;
  readonly memberId: string | null;
  readonly changes: Changes;
}

/** The event of a late entry, by its number below 0. */
export type SeqOf = (entry: number) => number | null;

export class LateWriter {
  readonly #history: HistoryWriter;
  readonly #taken: Statement<[string], { upTo: number }>;
  readonly #note: Statement<[string, number]>;
  readonly #isCounted: Statement<[string, number, string, string], { n: number }>;
  readonly #remaining: Statement<[string], { remaining: number }>;
  readonly #stayOf: Statement<[string, number], { id: number }>;
  readonly #isOpen: Statement<[number], { n: number }>;
  /** A savepoint: what can't be applied is undone by itself. */
  readonly #apply: Transaction<(late: LateChanges, seqOf: SeqOf) => void>;

  constructor(db: Database.Database, history: HistoryWriter) {
    this.#history = history;
    this.#taken = db.prepare('SELECT up_to AS upTo FROM late_taken WHERE reserve = ?');
    this.#note = db.prepare(`
      INSERT INTO late_taken (id, reserve, up_to) VALUES (1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET reserve = excluded.reserve, up_to = excluded.up_to`);
    this.#isCounted = db.prepare(
      'SELECT count(*) AS n FROM usage WHERE member_id = ? AND day = ? AND contract_id = ? AND band_id = ?',
    );
    this.#remaining = db.prepare('SELECT remaining FROM ticket WHERE id = ?');
    this.#stayOf = db.prepare('SELECT id FROM stay WHERE member_id = ? AND entry_seq = ?');
    this.#isOpen = db.prepare('SELECT count(*) AS n FROM stay WHERE id = ? AND exited_at IS NULL');
    this.#apply = db.transaction((late: LateChanges, seqOf: SeqOf) => this.#applyAll(late, seqOf));
  }

  /** Up to which entry of this reserve all are on record; 0: none is. */
  taken(reserve: string): number {
    return this.#taken.get(reserve)?.upTo ?? 0;
  }

  note(reserve: string, upTo: number): void {
    this.#note.run(reserve, upTo);
  }

  /** What can't be taken any more: uses of a ticket that has none left. 0: all is well. To be said in the event. */
  overdraft({ consumed }: Changes): number {
    if (consumed?.kind !== 'ticket') return 0;
    return Math.max(0, consumed.uses - (this.#remaining.get(consumed.ticketId)?.remaining ?? 0));
  }

  /** What the event is to say of its changes, as far as they can still be made. */
  effects(memberId: string | null, changes: Changes, seqOf: SeqOf): Effects | null {
    return this.#history.effects(memberId, this.#possible(memberId, changes, seqOf));
  }

  /** False: it contradicts what is there, and nothing of it was applied; the event stands. */
  apply(late: LateChanges, seqOf: SeqOf): boolean {
    try {
      this.#apply(late, seqOf);
      return true;
    } catch (error) {
      // The disk's own troubles end the whole transaction.
      if (error instanceof Database.SqliteError && !error.code.startsWith('SQLITE_CONSTRAINT')) throw error;
      return false;
    }
  }

  #applyAll({ seq, at, memberId, changes }: LateChanges, seqOf: SeqOf): void {
    this.#history.apply(seq, at, memberId, this.#possible(memberId, changes, seqOf));
  }

  #possible(memberId: string | null, changes: Changes, seqOf: SeqOf): Changes {
    const stay = (id: number): number | null => {
      if (id >= 0) return id;
      const entry = seqOf(id);
      return entry === null ? null : (this.#stayOf.get(memberId ?? '', entry)?.id ?? null);
    };
    const leave = changes.leave.flatMap((id) => stay(id) ?? []).filter((id) => (this.#isOpen.get(id)?.n ?? 0) > 0);
    const inside = changes.inside === null ? null : stay(changes.inside);
    return { ...changes, leave, inside, consumed: this.#left(memberId, changes) };
  }

  #left(memberId: string | null, { consumed }: Changes): Changes['consumed'] {
    if (consumed === null) return null;
    if (consumed.kind === 'band') {
      const { day, contractId, bandId } = consumed;
      return (this.#isCounted.get(memberId ?? '', day, contractId, bandId)?.n ?? 0) > 0 ? null : consumed;
    }
    const uses = Math.min(consumed.uses, this.#remaining.get(consumed.ticketId)?.remaining ?? 0);
    return uses > 0 ? { ...consumed, uses } : null;
  }
}
