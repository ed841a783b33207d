/** Takes an entry back: what it used up is there again, and its stay never was. Always with the event that says so. */
import type { Database, Statement } from 'better-sqlite3';

export interface GivenBack {
  readonly bands: number;
  readonly uses: number;
  readonly stays: number;
  /** How many entries of this member were undone on this date, this one included. */
  readonly thatDay: number;
}

interface UsageRow {
  readonly member_id: string;
  readonly day: number;
  readonly contract_id: string;
  readonly band_id: string;
}

interface UseRow {
  readonly id: number;
  readonly ticket_id: string;
  readonly day: number;
  readonly uses: number;
}

interface HeirRow {
  readonly id: number;
  readonly event_seq: number;
}

export class UndoWriter {
  readonly #isUndone: Statement<[number], { n: number }>;
  readonly #note: Statement<[number, number, string | null, number]>;
  readonly #thatDay: Statement<[string | null, number], { n: number }>;
  readonly #usage: Statement<[string, number], UsageRow>;
  readonly #uses: Statement<[string, number], UseRow>;
  readonly #stays: Statement<[string, number], { id: number }>;
  readonly #bandHeir: Statement<[string, string, string, number], HeirRow>;
  readonly #ticketHeir: Statement<[string, string, number], HeirRow>;
  readonly #stayHeir: Statement<[string, number], HeirRow>;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.#isUndone = db.prepare('SELECT count(*) AS n FROM undone WHERE event_seq = ?');
    this.#note = db.prepare('INSERT INTO undone (event_seq, undo_seq, member_id, day) VALUES (?, ?, ?, ?)');
    this.#thatDay = db.prepare('SELECT count(*) AS n FROM undone WHERE member_id = ? AND day = ?');
    // By the member, whose rows are few: an index by event would be one page more to write at each entry.
    this.#usage = db.prepare(
      'SELECT member_id, day, contract_id, band_id FROM usage WHERE member_id = ? AND event_seq = ?',
    );
    this.#uses = db.prepare('SELECT id, ticket_id, day, uses FROM ticket_use WHERE member_id = ? AND event_seq = ?');
    this.#stays = db.prepare('SELECT id FROM stay WHERE member_id = ? AND entry_seq = ? AND exited_at IS NULL');
    const heir = (what: string) =>
      `SELECT id, event_seq FROM reuse WHERE member_id = ? AND ${what} ORDER BY event_seq LIMIT 1`;
    this.#bandHeir = db.prepare(heir('contract_id = ? AND band_id = ? AND day = ?'));
    this.#ticketHeir = db.prepare(heir('ticket_id = ? AND day = ?'));
    this.#stayHeir = db.prepare(heir('stay_id = ?'));
  }

  isUndone(seq: number): boolean {
    return (this.#isUndone.get(seq)?.n ?? 0) > 0;
  }

  /**
   * @param seq the entry's event @param undoSeq the event that undoes it @param day business date of the undoing
   * @throws Error when it is undone already
   */
  undo(seq: number, undoSeq: number, memberId: string | null, day: number): GivenBack {
    this.#note.run(seq, undoSeq, memberId, day);
    this.#db.prepare('DELETE FROM reuse WHERE event_seq = ?').run(seq);
    const whose = memberId ?? '';
    const bands = this.#usage.all(whose, seq).filter((row) => !this.#passOnBand(row)).length;
    const uses = this.#uses.all(whose, seq).filter((row) => !this.#passOnUse(row, whose));
    const stays = this.#stays.all(whose, seq).filter(({ id }) => !this.#passOnStay(id, whose)).length;
    const thatDay = this.#thatDay.get(memberId, day)?.n ?? 0;
    return { bands, uses: uses.reduce((sum, row) => sum + row.uses, 0), stays, thatDay };
  }

  /** To the first entry that found the date counted; true where there is one. Else the date is no longer counted. */
  #passOnBand({ member_id: member, contract_id: contract, band_id: band, day }: UsageRow): boolean {
    const heir = this.#bandHeir.get(member, contract, band, day);
    const where = 'WHERE member_id = ? AND day = ? AND contract_id = ? AND band_id = ?';
    if (heir === undefined) this.#db.prepare(`DELETE FROM usage ${where}`).run(member, day, contract, band);
    else this.#db.prepare(`UPDATE usage SET event_seq = ? ${where}`).run(heir.event_seq, member, day, contract, band);
    return this.#inherit(heir);
  }

  #passOnUse({ id, ticket_id: ticket, day, uses }: UseRow, memberId: string): boolean {
    const heir = this.#ticketHeir.get(memberId, ticket, day);
    if (heir === undefined) {
      this.#db.prepare('DELETE FROM ticket_use WHERE id = ?').run(id);
      this.#db.prepare('UPDATE ticket SET remaining = remaining + ? WHERE id = ?').run(uses, ticket);
    } else {
      this.#db.prepare('UPDATE ticket_use SET event_seq = ? WHERE id = ?').run(heir.event_seq, id);
    }
    return this.#inherit(heir);
  }

  #passOnStay(id: number, memberId: string): boolean {
    const heir = this.#stayHeir.get(memberId, id);
    if (heir === undefined) this.#db.prepare('DELETE FROM stay WHERE id = ?').run(id);
    else this.#db.prepare('UPDATE stay SET entry_seq = ? WHERE id = ?').run(heir.event_seq, id);
    return this.#inherit(heir);
  }

  #inherit(heir: HeirRow | undefined): boolean {
    if (heir !== undefined) this.#db.prepare('DELETE FROM reuse WHERE id = ?').run(heir.id);
    return heir !== undefined;
  }
}
