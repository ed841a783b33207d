import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';

export interface ReportedPassage {
  readonly terminalId: string;
  /** The terminal's own id of the passage. */
  readonly id: string;
  /** As the terminal said it, epoch ms. */
  readonly at: number;
  readonly direction: 'in' | 'out';
}

/** Which passages terminals have reported. Written in the transaction of the passage's event. */
export class ReportedPassages {
  readonly #find: Statement<[string, Buffer, number, string], { seq: number }>;
  readonly #others: Statement<[string, Buffer], { n: number }>;
  readonly #note: Statement<[string, Buffer, number, string, number, number]>;
  readonly #forget: Statement<[number]>;

  constructor(db: Database) {
    this.#find = db.prepare(`
      SELECT event_seq AS seq FROM reported_passage
      WHERE terminal_id = ? AND passage = ? AND at = ? AND direction = ?`);
    this.#others = db.prepare('SELECT count(*) AS n FROM reported_passage WHERE terminal_id = ? AND passage = ?');
    this.#note = db.prepare(`
      INSERT INTO reported_passage (terminal_id, passage, at, direction, event_seq, received_at)
      VALUES (?, ?, ?, ?, ?, ?)`);
    this.#forget = db.prepare('DELETE FROM reported_passage WHERE received_at < ?');
  }

  /** The event of this very passage; null: it is new. */
  find({ terminalId, id, at, direction }: ReportedPassage): number | null {
    return this.#find.get(terminalId, digestOfId(id), at, direction)?.seq ?? null;
  }

  /** The terminal has given this id before, to whatever passage. */
  isIdKnown({ terminalId, id }: ReportedPassage): boolean {
    return (this.#others.get(terminalId, digestOfId(id))?.n ?? 0) > 0;
  }

  note({ terminalId, id, at, direction }: ReportedPassage, seq: number, receivedAt: number): void {
    this.#note.run(terminalId, digestOfId(id), at, direction, seq, receivedAt);
  }

  /** @param before epoch ms by a clock that isn't doubtful: nobody sends again what came earlier */
  forget(before: number): void {
    this.#forget.run(before);
  }
}

/** An installer may have put a member's number into it. */
export function digestOfId(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
