/** Members' codes in the tables that decide: found by digest, and known by member. */
import type { Database, Statement } from 'better-sqlite3';

export class CodeRows {
  readonly #find: Statement<[Uint8Array, string]>;
  readonly #own: Statement<[string, Uint8Array]>;
  readonly #no: Statement<[string]>;

  constructor(db: Database) {
    this.#find = db.prepare('INSERT INTO code (digest, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#own = db.prepare('INSERT INTO member_code (member_id, digest) VALUES (?, ?)');
    // A trigger takes them from `code`, and does so too where a member goes.
    this.#no = db.prepare('DELETE FROM member_code WHERE member_id = ?');
  }

  /** @returns false: it is somebody's, and nothing was changed */
  add(digest: Uint8Array, memberId: string): boolean {
    if (this.#find.run(digest, memberId).changes === 0) return false;
    this.#own.run(memberId, digest);
    return true;
  }

  removeOf(memberId: string): void {
    this.#no.run(memberId);
  }
}
