/** Rows of history as the hub has them, into the tables that decide or into a snapshot's. */
import type { Database, Statement } from 'better-sqlite3';
import type { Change } from '../../sync/wire/entities.ts';
import { dayNumber } from '../core/rules.ts';
import { instantNumber } from './instants.ts';
import { type HistoryKind, HistoryRows } from './rows.ts';
import { recorded, type Source, type Whose } from './rows-source.ts';
import type { FoundStay, StayBody } from './rows-stay.ts';
import { TransferRows } from './transfers.ts';

type Of<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;
export type HistoryChange = Of<'usage' | 'ticketUse' | 'stay' | 'transfer'>;

export function isHistory(change: Change): change is HistoryChange {
  return change.kind === 'usage' || change.kind === 'ticketUse' || change.kind === 'stay' || change.kind === 'transfer';
}

/** What stands over what the hub says: what happened here, or at a peer, and the hub doesn't know yet. */
export interface Standing {
  /** The event's row of this kind was taken back, and the hub doesn't know. */
  isUndone(kind: HistoryKind, source: Source): boolean;
  /** The stay's own end, of which the hub doesn't know; null: what the hub says holds. */
  exit(found: FoundStay): { readonly at: number; readonly seq: number } | null;
  /** The number of a stay that isn't in these tables yet; null: the next one. */
  stayId(source: Source): number | null;
  /** This unit's own event of an end at that time; null: there is none. */
  exitSeq(source: Source, exitedAt: number): number | null;
}

export class HubHistory {
  readonly rows: HistoryRows;
  /** Tickets that have to be counted anew. */
  readonly touched = new Set<string>();
  readonly #transfers: TransferRows;
  readonly #me: Whose;
  readonly #standing: Standing;
  readonly #forgetGivenBack: Statement<[string, string], { ticketId: string | null }>;
  readonly #inheritedBand: Statement<[number]>;
  readonly #memberOf: Statement<[number], { memberId: string | null }>;

  constructor(db: Database, prefix: string, me: Whose, standing: Standing) {
    this.rows = new HistoryRows(db, prefix);
    this.#transfers = new TransferRows(db, prefix);
    this.#me = me;
    this.#standing = standing;
    this.#forgetGivenBack = db.prepare(
      `DELETE FROM ${prefix}given_back WHERE kind = ? AND wire_id = ? RETURNING ticket_id AS ticketId`,
    );
    this.#inheritedBand = db.prepare('DELETE FROM reuse WHERE event_seq = ? AND stay_id IS NULL');
    this.#memberOf = db.prepare(`
      SELECT coalesce(body ->> '$.detail.effects.memberId', body ->> '$.result.memberId') AS memberId
      FROM event WHERE seq = ?`);
  }

  apply(change: HistoryChange): void {
    const source = this.#sourceOf(change);
    if (change.kind === 'transfer') {
      if (change.body === null) this.#transfers.remove(change.id);
      else this.#transfers.put(change.id, source, change.body);
      return;
    }
    const forgotten = this.#forgetGivenBack.get(change.kind, change.id);
    if (forgotten?.ticketId) this.touched.add(forgotten.ticketId);
    if (change.kind === 'usage') this.#usage(source, change);
    else if (change.kind === 'ticketUse') this.#ticketUse(source, change);
    else this.#stay(source, change);
  }

  #sourceOf({ id, origin, body }: HistoryChange): Source {
    if (origin === null) return { seq: null, memberId: null, unit: null, wireId: id };
    const { unit, epoch, seq } = origin;
    const own = unit === this.#me.unit && epoch === this.#me.epoch;
    if (!own) return { seq: null, memberId: null, unit, wireId: id };
    const told = body !== null && 'memberId' in body ? body.memberId : null;
    return recorded(this.#me, seq, told ?? this.#memberOf.get(seq)?.memberId ?? null);
  }

  #usage(source: Source, { body }: Of<'usage'>): void {
    if (body === null || this.#standing.isUndone('usage', source)) {
      const found = this.rows.findUsage(source);
      if (found !== null) this.rows.removeUsage(found);
      if (body !== null) this.rows.noteGivenBack('usage', source, null);
      return;
    }
    const { memberId, contractId, bandId, date } = body;
    this.rows.putUsage(source, { memberId, contractId, bandId, day: dayNumber(date) }, 1);
    this.#inherited(source);
  }

  #ticketUse(source: Source, { body }: Of<'ticketUse'>): void {
    const found = this.rows.findUse(source);
    if (found !== null) this.touched.add(found.ticketId);
    if (body !== null) this.touched.add(body.ticketId);
    if (body === null || this.#standing.isUndone('ticketUse', source)) {
      if (found !== null) this.rows.removeUse(found);
      if (body !== null) this.rows.noteGivenBack('ticketUse', source, body);
      return;
    }
    this.rows.putUse(source, { ticketId: body.ticketId, day: dayNumber(body.date), uses: body.uses }, 1);
    this.#inherited(source);
  }

  #stay(source: Source, { body }: Of<'stay'>): void {
    const found = this.rows.stays.find(source);
    if (body === null || this.#standing.isUndone('stay', source)) {
      if (found !== null) this.rows.stays.remove(found);
      if (body !== null) this.rows.noteGivenBack('stay', source, null);
      return;
    }
    const stay = stayOf(body);
    const own = found === null || stay.exitedAt !== null ? null : this.#standing.exit(found);
    const exitedAt = own?.at ?? stay.exitedAt;
    const exitSeq = own?.seq ?? (exitedAt === null ? null : this.#exitSeq(source, found, exitedAt));
    const id = found === null ? this.#standing.stayId(source) : null;
    this.rows.stays.put(source, { ...stay, exitedAt }, exitSeq, 1, id);
  }

  #exitSeq(source: Source, found: FoundStay | null, exitedAt: number): number | null {
    return found?.exitedAt === exitedAt ? found.exitSeq : this.#standing.exitSeq(source, exitedAt);
  }

  /** What an own event found counted was taken back elsewhere, and counts for it now: it relies on nothing any more. */
  #inherited({ seq }: Source): void {
    if (seq !== null) this.#inheritedBand.run(seq);
  }
}

function stayOf({ memberId, placeId, enteredAt, exitedAt, via }: NonNullable<Of<'stay'>['body']>): StayBody {
  return {
    memberId,
    placeId,
    enteredAt: instantNumber(enteredAt),
    contractId: via?.contractId ?? null,
    until: via === null || via.until === null ? null : instantNumber(via.until),
    exitedAt: exitedAt === null ? null : instantNumber(exitedAt),
  };
}
