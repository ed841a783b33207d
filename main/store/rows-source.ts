/** Whose a row of history is, and how it is found by that. */
import type { Database, Statement } from 'better-sqlite3';

/** Whose a row is: of this unit's own event `seq` of this epoch, or called `wireId` at the hub. */
export interface Source {
  readonly seq: number | null;
  /** Whose rows are looked at for an own one; null: all are. */
  readonly memberId: string | null;
  /** The unit that recorded it; null: it is our own, or the hub has it from elsewhere. */
  readonly unit: string | null;
  readonly wireId: string | null;
}

/** Whose events. */
export interface Whose {
  readonly unit: string;
  readonly epoch: number;
  /** This very unit's, of its present epoch. */
  readonly own: boolean;
}

export function wireIdOf({ unit, epoch }: Whose, seq: number): string {
  return `${unit}/${epoch}/${seq}`;
}

/** The row of a unit's event. */
export function recorded(whose: Whose, seq: number, memberId: string | null): Source {
  if (whose.own) return { seq, memberId, unit: null, wireId: null };
  return { seq: null, memberId, unit: whose.unit, wireId: wireIdOf(whose, seq) };
}

/** The columns that say so. */
export type Owner = [number | null, string | null, string | null, number];

/** Statements that find a row by its source: an own one among its member's, else by what it is called at the hub. */
export class BySource<Row> {
  readonly #own: Statement<[string, number], Row>;
  readonly #anybodys: Statement<[number], Row>;
  readonly #wire: Statement<[string], Row>;

  constructor(db: Database, select: string, seq = 'event_seq') {
    this.#own = db.prepare(`${select} WHERE member_id = ? AND ${seq} = ?`);
    this.#anybodys = db.prepare(`${select} WHERE ${seq} = ?`);
    this.#wire = db.prepare(`${select} WHERE wire_id = ?`);
  }

  find({ seq, memberId, wireId }: Source): Row | null {
    if (wireId !== null) return this.#wire.get(wireId) ?? null;
    if (seq === null) return null;
    return (memberId === null ? this.#anybodys.get(seq) : this.#own.get(memberId, seq)) ?? null;
  }
}

export function ownerOf({ seq, unit, wireId }: Source, atHub: 0 | 1): Owner {
  return [seq, unit, wireId, atHub];
}
