import type { Database, Statement } from 'better-sqlite3';

/** Rows that are forgotten at once: a scan must not wait for more. */
const ROWS = 100;

/** Which passes have opened which doors, across restarts. Written in the transaction of the entry. */
export class UsedPassStore {
  readonly #find: Statement<[string, string], { n: number }>;
  readonly #note: Statement<[string, string, number]>;
  readonly #forget: Statement<[number, number]>;

  constructor(db: Database) {
    this.#find = db.prepare('SELECT count(*) AS n FROM used_pass WHERE pass_id = ? AND door_id = ?');
    this.#note = db.prepare(
      'INSERT INTO used_pass (pass_id, door_id, until) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET until = excluded.until',
    );
    this.#forget = db.prepare(`
      DELETE FROM used_pass WHERE (pass_id, door_id) IN
        (SELECT pass_id, door_id FROM used_pass WHERE until <= ? ORDER BY until LIMIT ?)`);
  }

  isUsed(passId: string, doorId: string): boolean {
    return (this.#find.get(passId, doorId)?.n ?? 0) > 0;
  }

  /** @param until epoch ms from which the pass is refused anyway */
  note(passId: string, doorId: string, until: number): void {
    this.#note.run(passId, doorId, until);
  }

  /**
   * Forgets what is refused anyway, a little at a time. @param at epoch ms by a clock that isn't doubtful
   * @returns whether there may be more
   */
  forgetEnded(at: number): boolean {
    return this.#forget.run(at, ROWS).changes === ROWS;
  }
}
