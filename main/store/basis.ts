/** What events were decided from, kept for replays. The event's detail has the SHA-256 of it, so that it proves itself. */
import { hash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';

/** 400 days: a member may ask about any month of the past year. */
export const BASIS_DAYS = 400;

export class BasisStore {
  readonly #keep: Statement<[number, string | null, string]>;
  readonly #find: Statement<[number], { facts: string }>;

  constructor(db: Database) {
    this.#keep = db.prepare('INSERT INTO basis (event_seq, member_id, facts) VALUES (?, ?, ?)');
    this.#find = db.prepare('SELECT facts FROM basis WHERE event_seq = ?');
  }

  /** @param facts the text whose digest is in the event */
  keep(seq: number, memberId: string | null, facts: string): void {
    this.#keep.run(seq, memberId, facts);
  }

  /** The text, or null when none is kept (any more). */
  find(seq: number): string | null {
    return this.#find.get(seq)?.facts ?? null;
  }
}

export function digestOf(facts: string): string {
  return hash('sha256', facts);
}
