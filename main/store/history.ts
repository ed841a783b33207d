/** Writes what decisions change: usage, tickets' uses, stays. Always with the event that they belong to. */
import type { Database, Statement } from 'better-sqlite3';
import type { Effects } from '../../sync/wire/effects.ts';
import type { Changes } from '../core/decide.ts';
import type { Consumption } from '../core/verdict.ts';
import { effectsOf } from './effects.ts';

/** Event, member, contract, band, ticket, stay, day. */
type Reuse = [number, string, string | null, string | null, string | null, number | null, number | null];

export class HistoryWriter {
  readonly #usage: Statement<[string, number, string, string, number]>;
  readonly #spend: Statement<[number, string, number]>;
  readonly #ticketUse: Statement<[number, number, number, string]>;
  readonly #enter: Statement<[string, string, number, string | null, number | null, number]>;
  readonly #leave: Statement<[number, number, number]>;
  readonly #reuse: Statement<Reuse>;
  readonly #placeOf: Statement<[number], { placeId: string }>;

  constructor(db: Database) {
    this.#usage = db.prepare(
      'INSERT INTO usage (member_id, day, contract_id, band_id, event_seq) VALUES (?, ?, ?, ?, ?)',
    );
    this.#spend = db.prepare('UPDATE ticket SET remaining = remaining - ? WHERE id = ? AND remaining >= ?');
    this.#ticketUse = db.prepare(`
      INSERT INTO ticket_use (ticket_id, member_id, type_id, day, uses, event_seq)
      SELECT id, member_id, type_id, ?, ?, ? FROM ticket WHERE id = ?`);
    this.#enter = db.prepare(`
      INSERT INTO stay (member_id, place_id, entered_at, via_contract_id, via_until, entry_seq) VALUES (?, ?, ?, ?, ?, ?)`);
    this.#reuse = db.prepare(`
      INSERT INTO reuse (event_seq, member_id, contract_id, band_id, ticket_id, stay_id, day) VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#leave = db.prepare('UPDATE stay SET exited_at = ?, exit_seq = ? WHERE id = ? AND exited_at IS NULL');
    this.#placeOf = db.prepare('SELECT place_id AS placeId FROM stay WHERE id = ?');
  }

  /** What the event of these changes is to say of them. Stays that end at once are all at one place. */
  effects(memberId: string | null, changes: Changes): Effects | null {
    const [stay] = changes.leave;
    const place = stay === undefined ? null : (this.#placeOf.get(stay)?.placeId ?? null);
    return effectsOf(memberId, changes, place);
  }

  /** What the entry found counted, or open: should that be undone, it counts for this one. */
  #relyOn(seq: number, memberId: string, { reused, inside, businessDay }: Changes): void {
    if (inside !== null) this.#reuse.run(seq, memberId, null, null, null, inside, null);
    if (reused === null) return;
    if (reused.kind === 'ticket') this.#reuse.run(seq, memberId, null, null, reused.ticketId, null, businessDay);
    else this.#reuse.run(seq, memberId, reused.contractId, reused.bandId, null, null, reused.day);
  }

  /**
   * @param seq the event's number
   * @throws Error when a right is no longer there; the transaction with the event then comes to nothing
   */
  apply(seq: number, at: number, memberId: string | null, changes: Changes): void {
    const { consumed, enter, leave, businessDay } = changes;
    if (consumed !== null) this.#consume(seq, memberId, consumed, businessDay);
    if (memberId !== null) this.#relyOn(seq, memberId, changes);
    if (enter !== null && memberId !== null) {
      const { via } = enter;
      this.#enter.run(memberId, enter.placeId, enter.at, via?.contractId ?? null, via?.until ?? null, seq);
    }
    for (const id of leave) once(this.#leave.run(at, seq, id).changes, 'a stay ends once');
  }

  #consume(seq: number, memberId: string | null, consumed: Consumption, businessDay: number): void {
    if (consumed.kind === 'ticket') {
      const { ticketId, uses } = consumed;
      once(this.#spend.run(uses, ticketId, uses).changes, 'a ticket is spent only while uses are left');
      this.#ticketUse.run(businessDay, uses, seq, ticketId);
    } else if (memberId !== null) {
      this.#usage.run(memberId, consumed.day, consumed.contractId, consumed.bandId, seq);
    }
  }
}

function once(changes: number, rule: string): void {
  if (changes !== 1) throw new Error(rule);
}
