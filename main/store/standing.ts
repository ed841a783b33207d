/** Over rows that the hub sends, what happened here or at a peer since stands, until the hub is known to know it. */
import type { Database, Statement } from 'better-sqlite3';
import type { Standing } from './hub-history.ts';
import { type HistoryKind, HistoryRows } from './rows.ts';
import type { Source } from './rows-source.ts';
import type { FoundStay } from './rows-stay.ts';

/** For the tables that decide. */
export class StandingHere implements Standing {
  readonly #undone: Statement<[number, HistoryKind], { n: number }>;
  readonly #peersUndone: Statement<[HistoryKind, string], { n: number }>;
  readonly #acknowledged: Statement<[], { seq: number }>;

  constructor(db: Database) {
    this.#undone = db.prepare('SELECT count(*) AS n FROM undone, unit WHERE event_seq = ? AND undo_seq > acknowledged');
    this.#peersUndone = db.prepare(`
      SELECT count(*) AS n FROM peer_undone LEFT JOIN peer USING (unit, epoch)
      WHERE kind = ? AND unit || '/' || epoch || '/' || seq = ? AND undo_seq > coalesce(known, 0)`);
    this.#acknowledged = db.prepare('SELECT acknowledged AS seq FROM unit');
  }

  isUndone(kind: HistoryKind, { seq, unit, wireId }: Source): boolean {
    if (seq !== null) return (this.#undone.get(seq, kind)?.n ?? 0) > 0;
    return unit !== null && wireId !== null && (this.#peersUndone.get(kind, wireId)?.n ?? 0) > 0;
  }

  exit({ exitedAt, exitSeq }: FoundStay): { readonly at: number; readonly seq: number } | null {
    if (exitedAt === null || exitSeq === null) return null;
    return exitSeq > (this.#acknowledged.get()?.seq ?? 0) ? { at: exitedAt, seq: exitSeq } : null;
  }

  stayId(): null {
    return null;
  }

  exitSeq(): null {
    return null;
  }
}

/** For a snapshot, into whose tables what the hub doesn't know is put when all else is there. */
export class StandingAside implements Standing {
  readonly #here: HistoryRows;
  #nextStay: number;

  /**
   * @param here prefix of the tables that decide, or did until now
   * @param nextStay a number beyond those that their stays can have before the switch
   */
  constructor(db: Database, here: string, nextStay: number) {
    this.#here = new HistoryRows(db, here);
    this.#nextStay = nextStay;
  }

  isUndone(): boolean {
    return false;
  }

  exit(): null {
    return null;
  }

  /** Its own where it is here: judgements that wait for the record name it. */
  stayId(source: Source): number {
    const known = this.#here.stays.find(source);
    if (known !== null) return known.id;
    this.#nextStay += 1;
    return this.#nextStay;
  }

  exitSeq(source: Source, exitedAt: number): number | null {
    const known = this.#here.stays.find(source);
    return known?.exitedAt === exitedAt ? known.exitSeq : null;
  }
}
