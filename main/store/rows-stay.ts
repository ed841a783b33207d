/** Stays by whose they are, with their exits, which may be at another unit's door. */
import type { Database, Statement } from 'better-sqlite3';
import { BySource, type Owner, ownerOf, type Source } from './rows-source.ts';

export interface StayBody {
  readonly memberId: string;
  readonly placeId: string;
  /** Epoch ms. */
  readonly enteredAt: number;
  readonly contractId: string | null;
  /** Epoch ms; null: never overstayed. */
  readonly until: number | null;
  /** Epoch ms; null: not yet. */
  readonly exitedAt: number | null;
}

export interface FoundStay extends StayBody {
  readonly id: number;
  /** This unit's own event of its end. */
  readonly exitSeq: number | null;
  readonly atHub: number;
}

type Body = [string, string, number, string | null, number | null, number | null, number | null];

const OWNER = 'entry_seq = ?, unit = ?, wire_id = ?, at_hub = ?';

export class StayRows {
  readonly #found: BySource<FoundStay>;
  readonly #insert: Statement<[number | null, ...Body, ...Owner]>;
  readonly #update: Statement<[...Body, ...Owner, number]>;
  readonly #own: Statement<[...Owner, number]>;
  readonly #remove: Statement<[number]>;
  readonly #leave: Statement<[number, number | null, string, string, number]>;

  constructor(db: Database, prefix: string) {
    const columns = `id, member_id AS memberId, place_id AS placeId, entered_at AS enteredAt,
      via_contract_id AS contractId, via_until AS until, exited_at AS exitedAt, exit_seq AS exitSeq, at_hub AS atHub`;
    this.#found = new BySource(db, `SELECT ${columns} FROM ${prefix}stay`, 'entry_seq');
    this.#insert = db.prepare(`
      INSERT INTO ${prefix}stay (id, member_id, place_id, entered_at, via_contract_id, via_until, exited_at, exit_seq,
        entry_seq, unit, wire_id, at_hub) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = db.prepare(`
      UPDATE ${prefix}stay SET member_id = ?, place_id = ?, entered_at = ?, via_contract_id = ?, via_until = ?,
        exited_at = ?, exit_seq = ?, ${OWNER} WHERE id = ?`);
    this.#own = db.prepare(`UPDATE ${prefix}stay SET ${OWNER} WHERE id = ?`);
    this.#remove = db.prepare(`DELETE FROM ${prefix}stay WHERE id = ?`);
    this.#leave = db.prepare(`
      UPDATE ${prefix}stay SET exited_at = ?, exit_seq = ?
      WHERE member_id = ? AND place_id = ? AND entered_at <= ? AND exited_at IS NULL`);
  }

  find(source: Source): FoundStay | null {
    return this.#found.find(source);
  }

  /** @param exitSeq this unit's own event of its end @param newId of a stay that isn't here yet; null: the next one */
  put(source: Source, body: StayBody, exitSeq: number | null, atHub: 0 | 1, newId: number | null): void {
    const { memberId, placeId, enteredAt, contractId, until, exitedAt } = body;
    const row = [memberId, placeId, enteredAt, contractId, until, exitedAt, exitSeq] as const;
    const known = this.find(source);
    if (known === null) this.#insert.run(newId, ...row, ...ownerOf(source, atHub));
    else this.#update.run(...row, ...ownerOf(source, atHub), known.id);
  }

  own({ id }: FoundStay, source: Source, atHub: 0 | 1): void {
    this.#own.run(...ownerOf(source, atHub), id);
  }

  remove({ id }: FoundStay): void {
    this.#remove.run(id);
  }

  /** Ends the member's stays there that began before. @param exitSeq this unit's own event; null: another unit's */
  leave(memberId: string, placeId: string, at: number, exitSeq: number | null): void {
    this.#leave.run(at, exitSeq, memberId, placeId, at);
  }
}
