/** What a ticket has left here: what the hub says, with what the hub doesn't know yet (`remainingHere`, sync/wire). */
import type { Database, Statement } from 'better-sqlite3';
import { remainingHere } from '../../sync/wire/merge.ts';

interface Counts {
  readonly hub: number | null;
  readonly unknown: number;
  readonly undone: number;
}

export class TicketCounts {
  readonly #counts: Statement<[string], Counts>;
  readonly #set: Statement<[number, string]>;

  /** @param prefix of the tables' names: empty, or a snapshot's */
  constructor(db: Database, prefix: string) {
    this.#counts = db.prepare(`
      SELECT hub_remaining AS hub,
        coalesce((SELECT sum(uses) FROM ${prefix}ticket_use WHERE ticket_id = ticket.id AND at_hub = 0), 0) AS unknown,
        coalesce((SELECT sum(uses) FROM ${prefix}given_back WHERE ticket_id = ticket.id), 0) AS undone
      FROM ${prefix}ticket AS ticket WHERE id = ?`);
    this.#set = db.prepare(`UPDATE ${prefix}ticket SET remaining = ? WHERE id = ?`);
  }

  /** @returns false: no hub has said what it has; nothing was changed */
  recount(ticketId: string): boolean {
    const counts = this.#counts.get(ticketId);
    if (counts === undefined || counts.hub === null) return false;
    this.#set.run(remainingHere(counts.hub, counts.unknown, counts.undone), ticketId);
    return true;
  }
}
