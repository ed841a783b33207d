/** What a judgement needs of a member, read in one go by a handful of indexed statements. */
import type { Database, Statement } from 'better-sqlite3';
import type {
  ContractFacts,
  MemberFacts,
  ReservationFacts,
  StayFacts,
  TicketFacts,
  UsageFacts,
} from '../core/facts.ts';
import type { FactsWindow } from '../core/moment.ts';
import type { Keys } from './keys.ts';

interface MemberRow {
  readonly id: string;
  readonly suspended: number;
}

interface TicketRow extends Omit<TicketFacts, 'usedToday'> {
  readonly usedToday: number;
}

interface StayRow {
  readonly id: number;
  readonly enteredAt: number;
  readonly contractId: string | null;
  readonly until: number | null;
}

const TICKET = `
  SELECT ticket.id, type_id AS typeId, member_id AS memberId, issued_day AS issuedOn, remaining,
    EXISTS (SELECT 1 FROM ticket_use WHERE ticket_id = ticket.id AND day = ?) AS usedToday
  FROM ticket`;

export class FactsReader {
  readonly #keys: Keys;
  readonly #byCode: Statement<[Buffer], MemberRow>;
  readonly #byId: Statement<[string], MemberRow>;
  readonly #contracts: Statement<[string], ContractFacts>;
  readonly #tickets: Statement<[number, string], TicketRow>;
  readonly #ticket: Statement<[number, string], TicketRow>;
  readonly #reservations: Statement<[string, number], ReservationFacts>;
  readonly #usage: Statement<[string, number], UsageFacts>;
  readonly #stays: Statement<[string, string, number], StayRow>;

  constructor(db: Database, keys: Keys) {
    this.#keys = keys;
    const suspended = 'suspended_profile OR suspended_identity AS suspended';
    this.#byCode = db.prepare(`SELECT id, ${suspended} FROM code JOIN member ON id = member_id WHERE digest = ?`);
    this.#byId = db.prepare(`SELECT id, ${suspended} FROM member WHERE id = ?`);
    this.#contracts = db.prepare(
      'SELECT id, plan_id AS planId, from_day AS "from", to_day AS "to" FROM contract WHERE member_id = ? ORDER BY position',
    );
    this.#tickets = db.prepare(`${TICKET} WHERE member_id = ? ORDER BY position`);
    this.#ticket = db.prepare(`${TICKET} WHERE id = ?`);
    this.#reservations = db.prepare(`
      SELECT store_id AS storeId, program_id AS programId, start_at AS start, end_at AS "end" FROM reservation
      WHERE member_id = ? AND end_at > ? AND status = 'booked' ORDER BY position`);
    this.#usage = db.prepare(
      'SELECT contract_id AS contractId, band_id AS bandId, day FROM usage WHERE member_id = ? AND day >= ?',
    );
    this.#stays = db.prepare(`
      SELECT id, entered_at AS enteredAt, via_contract_id AS contractId, via_until AS until FROM stay
      WHERE member_id = ? AND place_id = ? AND entered_at > ? AND exited_at IS NULL ORDER BY id`);
  }

  /** @param code as it was read; white space at its ends plays no part */
  memberByCode(code: string, placeId: string, window: FactsWindow): MemberFacts | null {
    const row = this.#byCode.get(this.#keys.digestCode(code.trim()));
    return row === undefined ? null : this.#member(row, placeId, window);
  }

  memberById(id: string, placeId: string, window: FactsWindow): MemberFacts | null {
    const row = this.#byId.get(id);
    return row === undefined ? null : this.#member(row, placeId, window);
  }

  ticket(id: string, window: FactsWindow): TicketFacts | null {
    const row = this.#ticket.get(window.businessDay, id);
    return row === undefined ? null : ticketOf(row);
  }

  #member({ id, suspended }: MemberRow, placeId: string, window: FactsWindow): MemberFacts {
    return {
      id,
      suspended: suspended === 1,
      contracts: this.#contracts.all(id),
      tickets: this.#tickets.all(window.businessDay, id).map(ticketOf),
      reservations: this.#reservations.all(id, window.at),
      usage: this.#usage.all(id, window.usageFrom),
      stays: this.#stays.all(id, placeId, window.staysAfter).map(stayOf),
    };
  }
}

function ticketOf(row: TicketRow): TicketFacts {
  return { ...row, usedToday: row.usedToday === 1 };
}

function stayOf({ id, enteredAt, contractId, until }: StayRow): StayFacts {
  return { id, enteredAt, via: contractId === null ? null : { contractId, until } };
}
