/** Takes an entry back: what it used up is there again, and its stay never was. Always with the event that says so. */
import type { Database, Statement } from 'better-sqlite3';
import type { Effects } from '../../sync/wire/effects.ts';
import { type HistoryKind, HistoryRows, type Source } from './rows.ts';

export interface GivenBack {
  readonly bands: number;
  readonly uses: number;
  readonly stays: number;
  /** How many entries of this member were undone on this date, this one included. */
  readonly thatDay: number;
}

/** What an undoing will do, to be said in its event. */
export interface UndoPlan {
  readonly of: number;
  readonly memberId: string | null;
  readonly effects: Effects;
  readonly steps: readonly UndoStep[];
}

interface UndoStep {
  readonly kind: HistoryKind;
  /** The event's row of this kind is here; without one it has only relied on what was counted before it. */
  readonly isHere: boolean;
  /** The first entry that relied on it, for which it counts from now on. */
  readonly heir: HeirRow | null;
}

interface HeirRow {
  readonly id: number;
  readonly event_seq: number;
}

interface Relied {
  readonly band: number;
  readonly ticket: number;
}

/** An event has used up, or relied on, at most one of each kind. */
const RELIED = `
  SELECT count(band_id) AS band, count(ticket_id) AS ticket FROM reuse WHERE event_seq = ?`;

export class UndoWriter {
  readonly #isUndone: Statement<[number], { n: number }>;
  readonly #note: Statement<[number, number, string | null, number]>;
  readonly #thatDay: Statement<[string | null, number], { n: number }>;
  readonly #relied: Statement<[number], Relied>;
  readonly #bandHeir: Statement<[string, string, string, number], HeirRow>;
  readonly #ticketHeir: Statement<[string, string, number], HeirRow>;
  readonly #stayHeir: Statement<[string, number], HeirRow>;
  readonly #forget: Statement<[number]>;
  readonly #inherited: Statement<[number]>;
  readonly #rows: HistoryRows;

  constructor(db: Database) {
    this.#rows = new HistoryRows(db, '');
    this.#isUndone = db.prepare('SELECT count(*) AS n FROM undone WHERE event_seq = ?');
    this.#note = db.prepare('INSERT INTO undone (event_seq, undo_seq, member_id, day) VALUES (?, ?, ?, ?)');
    this.#thatDay = db.prepare('SELECT count(*) AS n FROM undone WHERE member_id = ? AND day = ?');
    this.#relied = db.prepare(RELIED);
    const heir = (what: string) =>
      `SELECT id, event_seq FROM reuse WHERE member_id = ? AND ${what} ORDER BY event_seq LIMIT 1`;
    this.#bandHeir = db.prepare(heir('contract_id = ? AND band_id = ? AND day = ?'));
    this.#ticketHeir = db.prepare(heir('ticket_id = ? AND day = ?'));
    this.#stayHeir = db.prepare(heir('stay_id = ?'));
    this.#forget = db.prepare('DELETE FROM reuse WHERE event_seq = ?');
    this.#inherited = db.prepare('DELETE FROM reuse WHERE id = ?');
  }

  isUndone(seq: number): boolean {
    return (this.#isUndone.get(seq)?.n ?? 0) > 0;
  }

  /** What undoing the entry `of` comes to. Changes nothing. */
  plan(of: number, memberId: string | null): UndoPlan {
    const steps = memberId === null ? [] : this.#steps(of, memberId);
    const undo = steps.map(({ kind, heir }) => ({ kind, heir: heir?.event_seq ?? null }));
    return { of, memberId, steps, effects: undo.length === 0 ? { memberId } : { memberId, undo } };
  }

  /**
   * @param undoSeq the event that undoes it @param day business date of the undoing
   * @throws Error when it is undone already
   */
  undo({ of, memberId, steps }: UndoPlan, undoSeq: number, day: number): GivenBack {
    this.#note.run(of, undoSeq, memberId, day);
    this.#forget.run(of);
    const given = { usage: 0, ticketUse: 0, stay: 0 };
    for (const { kind, isHere, heir } of steps) {
      if (!isHere) continue;
      given[kind] += this.#rows.giveBack(kind, own(of, memberId), heir === null ? null : own(heir.event_seq, memberId));
      if (heir !== null) this.#inherited.run(heir.id);
    }
    const thatDay = this.#thatDay.get(memberId, day)?.n ?? 0;
    return { bands: given.usage, uses: given.ticketUse, stays: given.stay, thatDay };
  }

  #steps(of: number, memberId: string): UndoStep[] {
    const { usage, ticketUse, stay } = this.#rows.find(own(of, memberId));
    const relied = this.#relied.get(of) ?? { band: 0, ticket: 0 };
    const steps: UndoStep[] = [];
    if (usage !== null) {
      const heir = this.#bandHeir.get(memberId, usage.contractId, usage.bandId, usage.day);
      steps.push({ kind: 'usage', isHere: true, heir: heir ?? null });
    } else if (relied.band > 0) steps.push({ kind: 'usage', isHere: false, heir: null });
    if (ticketUse !== null) {
      const heir = this.#ticketHeir.get(memberId, ticketUse.ticketId, ticketUse.day);
      steps.push({ kind: 'ticketUse', isHere: true, heir: heir ?? null });
    } else if (relied.ticket > 0) steps.push({ kind: 'ticketUse', isHere: false, heir: null });
    if (stay !== null && stay.exitedAt === null) {
      steps.push({ kind: 'stay', isHere: true, heir: this.#stayHeir.get(memberId, stay.id) ?? null });
    }
    return steps;
  }
}

function own(seq: number, memberId: string | null): Source {
  return { seq, memberId, unit: null, wireId: null };
}
