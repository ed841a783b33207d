/**
 * What a judgement needs of a member, read in one go by a handful of indexed statements. None of them sorts or joins:
 * this SQLite plans such a statement anew whenever its parameters change, which takes five times as long as running it.
 * Rows come as arrays, which cost less than objects (NOTES.md).
 */
import type { Database, Statement } from 'better-sqlite3';
import type {
  ContractFacts,
  LeaseFacts,
  MemberFacts,
  ReservationFacts,
  StayFacts,
  TicketFacts,
  UsageFacts,
} from '../core/facts.ts';
import type { Sharing } from '../core/leased.ts';
import type { FactsWindow } from '../core/moment.ts';
import type { Keys } from './keys.ts';
import { LeaseReader } from './lease-facts.ts';

type MemberRow = [suspended: number];
type ContractRow = [position: number, id: string, planId: string, from: number, to: number | null];
type TicketRow = [
  position: number,
  id: string,
  typeId: string,
  memberId: string,
  issuedOn: number,
  remaining: number,
  usedToday: number,
];
type ReservationRow = [position: number, storeId: string, programId: string, start: number, end: number];
type UsageRow = [contractId: string, bandId: string, day: number];
type StayRow = [id: number, enteredAt: number, contractId: string | null, until: number | null];

const TICKET = `
  SELECT position, id, type_id, member_id, issued_day, remaining,
    EXISTS (SELECT 1 FROM ticket_use WHERE ticket_id = ticket.id AND day = ?)
  FROM ticket`;

/** The statements; `facts.test.ts` holds their plans against what the bench was measured with. */
export const FACTS_SQL = {
  code: 'SELECT member_id FROM code WHERE digest = ?',
  member: 'SELECT suspended_profile OR suspended_identity FROM member WHERE id = ?',
  contracts: 'SELECT position, id, plan_id, from_day, to_day FROM contract WHERE member_id = ?',
  tickets: `${TICKET} WHERE member_id = ?`,
  ticket: `${TICKET} WHERE id = ?`,
  reservations: `
    SELECT position, store_id, program_id, start_at, end_at FROM reservation
    WHERE member_id = ? AND end_at > ? AND status = 'booked'`,
  usage: 'SELECT contract_id, band_id, day FROM usage WHERE member_id = ? AND day >= ?',
  // The plus keeps SQLite from looking among all stays of the place. An index can't be named: a snapshot brings its own.
  stays: `
    SELECT id, entered_at, via_contract_id, via_until FROM stay
    WHERE member_id = ? AND +place_id = ? AND entered_at > ? AND exited_at IS NULL`,
} as const;

export class FactsReader {
  readonly leases: LeaseReader;
  readonly #keys: Keys;
  readonly #code: Statement<[Buffer], [string]>;
  readonly #member: Statement<[string], MemberRow>;
  readonly #contracts: Statement<[string], ContractRow>;
  readonly #tickets: Statement<[number, string], TicketRow>;
  readonly #ticket: Statement<[number, string], TicketRow>;
  readonly #reservations: Statement<[string, number], ReservationRow>;
  readonly #usage: Statement<[string, number], UsageRow>;
  readonly #stays: Statement<[string, string, number], StayRow>;

  constructor(db: Database, keys: Keys) {
    this.#keys = keys;
    this.leases = new LeaseReader(db);
    this.#code = db.prepare<[Buffer], [string]>(FACTS_SQL.code).raw();
    this.#member = db.prepare<[string], MemberRow>(FACTS_SQL.member).raw();
    this.#contracts = db.prepare<[string], ContractRow>(FACTS_SQL.contracts).raw();
    this.#tickets = db.prepare<[number, string], TicketRow>(FACTS_SQL.tickets).raw();
    this.#ticket = db.prepare<[number, string], TicketRow>(FACTS_SQL.ticket).raw();
    this.#reservations = db.prepare<[string, number], ReservationRow>(FACTS_SQL.reservations).raw();
    this.#usage = db.prepare<[string, number], UsageRow>(FACTS_SQL.usage).raw();
    this.#stays = db.prepare<[string, string, number], StayRow>(FACTS_SQL.stays).raw();
  }

  /** @param code as it was read; white space at its ends plays no part */
  memberByCode(code: string, placeId: string, window: FactsWindow): MemberFacts | null {
    const row = this.#code.get(this.#keys.digestCode(code.trim()));
    return row === undefined ? null : this.memberById(row[0], placeId, window);
  }

  memberById(id: string, placeId: string, window: FactsWindow): MemberFacts | null {
    const row = this.#member.get(id);
    if (row === undefined) return null;
    const contracts = inOrder(this.#contracts.all(id)).map(contractOf);
    const sharing = this.leases.sharing();
    return {
      id,
      suspended: row[0] === 1,
      contracts,
      tickets: inOrder(this.#tickets.all(window.businessDay, id)).map((ticket) => this.#ticketOf(ticket, sharing)),
      reservations: inOrder(this.#reservations.all(id, window.at)).map(reservationOf),
      usage: this.#usage.all(id, window.usageFrom).map(usageOf),
      stays: inOrder(this.#stays.all(id, placeId, window.staysAfter)).map(stayOf),
      leases: sharing === null ? null : this.#leasesOf(sharing, id, contracts, window),
    };
  }

  ticket(id: string, window: FactsWindow): TicketFacts | null {
    const row = this.#ticket.get(window.businessDay, id);
    return row === undefined ? null : this.#ticketOf(row, this.leases.sharing());
  }

  #leasesOf(sharing: Sharing, id: string, contracts: readonly ContractFacts[], window: FactsWindow): LeaseFacts {
    const ids = contracts.map((contract) => contract.id);
    return this.leases.ofMember(sharing, id, ids, window.usageFrom);
  }

  #ticketOf(row: TicketRow, sharing: Sharing | null): TicketFacts {
    const [, id, typeId, memberId, issuedOn, remaining, usedToday] = row;
    const lease = sharing === null ? null : this.leases.ofTicket(sharing, id, remaining);
    return { id, typeId, memberId, issuedOn, remaining, usedToday: usedToday === 1, lease };
  }
}

/** By the first column: the place in the bundle, or the number. */
function inOrder<Row extends readonly [number, ...unknown[]]>(rows: Row[]): Row[] {
  return rows.length < 2 ? rows : rows.sort((a, b) => a[0] - b[0]);
}

function contractOf([, id, planId, from, to]: ContractRow): ContractFacts {
  return { id, planId, from, to };
}

function reservationOf([, storeId, programId, start, end]: ReservationRow): ReservationFacts {
  return { storeId, programId, start, end };
}

function usageOf([contractId, bandId, day]: UsageRow): UsageFacts {
  return { contractId, bandId, day };
}

function stayOf([id, enteredAt, contractId, until]: StayRow): StayFacts {
  return { id, enteredAt, via: contractId === null ? null : { contractId, until } };
}
