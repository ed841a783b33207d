/** Events of any unit, as rows: those of peers when they are heard, and all that a snapshot doesn't know yet. */
import type { Database, Statement } from 'better-sqlite3';
import type { Effects } from '../../sync/wire/effects.ts';
import { dayNumber } from '../core/rules.ts';
import { instantNumber } from './instants.ts';
import { HistoryRows } from './rows.ts';
import { recorded, type Source, type Whose } from './rows-source.ts';
import { TicketCounts } from './tickets.ts';
import { TransferRows } from './transfers.ts';

export interface ProjectedEvent {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly of: number | null;
  readonly effects: Effects;
}

export class EffectRows {
  readonly rows: HistoryRows;
  readonly #tickets: TicketCounts;
  readonly #transfers: TransferRows;
  readonly #spend: Statement<[number, string]>;
  readonly #newStay: (source: Source) => number | null;

  /** @param newStay the number of a stay that isn't here yet; null: the next one */
  constructor(db: Database, prefix: string, newStay: (source: Source) => number | null) {
    this.rows = new HistoryRows(db, prefix);
    this.#tickets = new TicketCounts(db, prefix);
    this.#transfers = new TransferRows(db, prefix);
    this.#spend = db.prepare(`UPDATE ${prefix}ticket SET remaining = max(0, remaining - ?) WHERE id = ?`);
    this.#newStay = newStay;
  }

  /** What is here already stays as it is: an event is applied once, however often it is heard. */
  apply(whose: Whose, { seq, at, of, effects }: ProjectedEvent): void {
    const { memberId, consumed, enter, leave, undo, gave } = effects;
    const source = recorded(whose, seq, memberId);
    if (consumed !== undefined) this.#consume(source, consumed, memberId);
    if (enter !== undefined && memberId !== null) this.#enter(source, enter, memberId);
    if (leave !== undefined && memberId !== null) {
      this.rows.stays.leave(memberId, leave.placeId, at, source.seq);
    }
    for (const { kind, heir } of of === null ? [] : (undo ?? [])) {
      const undone = recorded(whose, of ?? 0, memberId);
      this.rows.giveBack(kind, undone, heir === null ? null : recorded(whose, heir, memberId));
    }
    if (gave !== undefined) this.#transfers.record(whose, seq, gave);
  }

  #consume(source: Source, consumed: NonNullable<Effects['consumed']>, memberId: string | null): void {
    if (consumed.kind === 'ticket') {
      if (this.rows.findUse(source) !== null) return;
      const { ticketId, uses, date } = consumed;
      this.rows.putUse(source, { ticketId, uses, day: dayNumber(date) }, 0);
      if (!this.#tickets.recount(ticketId)) this.#spend.run(uses, ticketId);
    } else if (memberId !== null && this.rows.findUsage(source) === null) {
      const { contractId, bandId, date } = consumed;
      this.rows.putUsage(source, { memberId, contractId, bandId, day: dayNumber(date) }, 0);
    }
  }

  #enter(source: Source, { placeId, enteredAt, via }: NonNullable<Effects['enter']>, memberId: string): void {
    if (this.rows.stays.find(source) !== null) return;
    const until = via === null || via.until === null ? null : instantNumber(via.until);
    const contractId = via?.contractId ?? null;
    const stay = { memberId, placeId, enteredAt: instantNumber(enteredAt), contractId, until, exitedAt: null };
    this.rows.stays.put(source, stay, null, 0, this.#newStay(source));
  }
}
