/** Members with what is theirs, tickets and reservations, one at a time, as the hub says them. */
import type { Database, Statement } from 'better-sqlite3';
import type { Member, Reservation, Ticket } from '../core/model.ts';
import { dayNumber } from '../core/rules.ts';
import { instantNumber } from './instants.ts';
import type { Keys } from './keys.ts';
import { type Personal, sealName } from './site.ts';

export interface Place {
  /** Of the list: some rules go by its order. */
  readonly position: number;
  /** The unit's own revision. */
  readonly revision: number;
}

/** How a member's code is kept; false: it is another member's. */
export type KeepCode = (digest: Buffer, memberId: string) => boolean;

type ReservationRow = [string, number, number, string, string, number, number, string, string];

export class EntityRows {
  readonly #keys: Keys;
  readonly #member: Statement<[string, number, number, number, number, Buffer]>;
  readonly #contract: Statement<[string, number, string, string, number, number | null]>;
  readonly #ticket: Statement<[string, number, number, string, number, number, number, string]>;
  readonly #reservation: Statement<ReservationRow>;
  readonly #noContracts: Statement<[string]>;
  readonly #noMember: Statement<[string]>;
  readonly #noTicket: Statement<[string]>;
  readonly #noReservation: Statement<[string]>;

  constructor(db: Database, keys: Keys, prefix: string) {
    this.#keys = keys;
    this.#member = db.prepare(`
      INSERT INTO ${prefix}member (id, position, revision, suspended_profile, suspended_identity, sealed)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET position = excluded.position,
        revision = excluded.revision, suspended_profile = excluded.suspended_profile,
        suspended_identity = excluded.suspended_identity, sealed = excluded.sealed`);
    this.#contract = db.prepare(`
      INSERT INTO ${prefix}contract (member_id, position, id, plan_id, from_day, to_day) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`);
    this.#ticket = db.prepare(`
      INSERT INTO ${prefix}ticket (id, member_id, position, revision, type_id, issued_day, remaining, hub_remaining)
      SELECT ?, owner.id, ?, ?, ?, ?, ?, ? FROM ${prefix}member AS owner WHERE owner.id = ?
      ON CONFLICT (id) DO UPDATE SET member_id = excluded.member_id, position = excluded.position,
        revision = excluded.revision, type_id = excluded.type_id, issued_day = excluded.issued_day,
        remaining = excluded.remaining, hub_remaining = excluded.hub_remaining`);
    this.#reservation = db.prepare(`
      INSERT INTO ${prefix}reservation (id, member_id, position, revision, store_id, program_id, start_at, end_at, status)
      SELECT ?, owner.id, ?, ?, ?, ?, ?, ?, ? FROM ${prefix}member AS owner WHERE owner.id = ?
      ON CONFLICT (id) DO UPDATE SET member_id = excluded.member_id, position = excluded.position,
        revision = excluded.revision, store_id = excluded.store_id, program_id = excluded.program_id,
        start_at = excluded.start_at, end_at = excluded.end_at, status = excluded.status`);
    this.#noContracts = db.prepare(`DELETE FROM ${prefix}contract WHERE member_id = ?`);
    this.#noMember = db.prepare(`DELETE FROM ${prefix}member WHERE id = ?`);
    this.#noTicket = db.prepare(`DELETE FROM ${prefix}ticket WHERE id = ?`);
    this.#noReservation = db.prepare(`DELETE FROM ${prefix}reservation WHERE id = ?`);
  }

  /**
   * A member whose contracts and codes have been taken away.
   * @returns the index of the first contract that is another member's, or of the first such code; null: all is well
   */
  putMember(member: Member, { position, revision }: Place, keepCode: KeepCode): { readonly path: string } | null {
    const { id, name, kana, codes, suspended, contracts } = member;
    const sealed = this.#keys.seal(sealName(id), { name, kana, codes } satisfies Personal);
    this.#member.run(id, position, revision, Number(suspended.profile), Number(suspended.identity), sealed);
    for (const [place, { id: contractId, planId, from, to }] of contracts.entries()) {
      const until = to === null ? null : dayNumber(to);
      if (this.#contract.run(id, place, contractId, planId, dayNumber(from), until).changes === 0)
        return { path: `contracts[${place}].id` };
    }
    for (const [place, code] of codes.entries()) {
      if (!keepCode(this.#keys.digestCode(code), id)) return { path: `codes[${place}]` };
    }
    return null;
  }

  removeContracts(memberId: string): void {
    this.#noContracts.run(memberId);
  }

  removeMember(memberId: string): void {
    this.#noMember.run(memberId);
  }

  /** What it has left is counted by the caller. @returns whether it is there; not without its member */
  putTicket({ id, memberId, typeId, issuedOn, remaining }: Ticket, { position, revision }: Place): boolean {
    const row = [id, position, revision, typeId, dayNumber(issuedOn), remaining, remaining] as const;
    return this.#ticket.run(...row, memberId).changes === 1;
  }

  removeTicket(id: string): void {
    this.#noTicket.run(id);
  }

  /** @returns whether it is there; not without its member */
  putReservation(reservation: Reservation, { position, revision }: Place): boolean {
    const { id, memberId, storeId, programId, start, end, status } = reservation;
    const [from, to] = [instantNumber(start), instantNumber(end)];
    const row = [id, position, revision, storeId, programId, from, to, status] as const;
    return this.#reservation.run(...row, memberId).changes === 1;
  }

  removeReservation(id: string): void {
    this.#noReservation.run(id);
  }
}
