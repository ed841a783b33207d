/** Tickets that staff have issued here. Until the hub has them, an import that doesn't know them leaves them standing. */
import type { Database } from 'better-sqlite3';
import { HANDOVERS, type Handover } from '../../sync/wire/handover.ts';
import { HeldStore } from './held.ts';
import type { Keys } from './keys.ts';

/** As it waits for the hub, of the kind `ticket`. */
const IssuedTicketForm = HANDOVERS.ticket;
export type IssuedTicket = Handover<'ticket'>;

export class TicketIssuer {
  readonly #db: Database;
  readonly #held: HeldStore;

  constructor(db: Database, held: HeldStore) {
    this.#db = db;
    this.#held = held;
  }

  /** @param seq the event that says who issued it @param at epoch ms */
  issue(ticket: IssuedTicket, seq: number, at: number): void {
    insertTicket(this.#db, ticket, ticket.uses);
    this.#held.keep('ticket', ticket, { seq, at, memberId: ticket.memberId });
  }
}

/** After an import: what the hub doesn't have is in no bundle, and a member who is there keeps it. */
export function issueAgain(db: Database, keys: Keys): void {
  const isThere = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM ticket WHERE id = ?');
  const hasOwner = db.prepare<[string, string], { n: number }>(`
    SELECT count(*) AS n FROM member WHERE id = ?
      AND EXISTS (SELECT 1 FROM master WHERE kind = 'ticketType' AND id = ? AND replaced IS NULL)`);
  const used = db.prepare<[string], { uses: number }>(
    'SELECT coalesce(sum(uses), 0) AS uses FROM ticket_use WHERE ticket_id = ?',
  );
  for (const { body } of new HeldStore(db, keys).waitingOf('ticket')) {
    const ticket = IssuedTicketForm.parse(body);
    if (isThere.get(ticket.ticketId)?.n !== 0 || hasOwner.get(ticket.memberId, ticket.typeId)?.n !== 1) continue;
    insertTicket(db, ticket, Math.max(0, ticket.uses - (used.get(ticket.ticketId)?.uses ?? 0)));
  }
}

/** Behind the member's other tickets. */
function insertTicket(db: Database, { ticketId, typeId, memberId, issuedDay }: IssuedTicket, remaining: number): void {
  db.prepare(`
    INSERT INTO ticket (id, member_id, position, revision, type_id, issued_day, remaining)
    SELECT ?, ?, (SELECT coalesce(max(position), -1) + 1 FROM ticket WHERE member_id = ?), revision, ?, ?, ? FROM unit`).run(
    ticketId,
    memberId,
    memberId,
    typeId,
    issuedDay,
    remaining,
  );
}
