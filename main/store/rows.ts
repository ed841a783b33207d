/**
 * Rows of history by whose they are. The same statements serve the tables that decide and those of a snapshot under way
 * (`prefix`). A date counts once: further rows of it stand in `usage_more`, and the next one moves up.
 */
import type { Database, Statement } from 'better-sqlite3';
import { BySource, type Owner, ownerOf, type Source } from './rows-source.ts';
import { type FoundStay, StayRows } from './rows-stay.ts';
import { TicketCounts } from './tickets.ts';

export type { Source };
export type HistoryKind = 'usage' | 'ticketUse' | 'stay';

export interface CountedDate {
  readonly memberId: string;
  readonly contractId: string;
  readonly bandId: string;
  readonly day: number;
}

export interface FoundUsage extends CountedDate {
  readonly atHub: number;
  /** Its row in `usage_more`; null: it stands in `usage`. */
  readonly more: number | null;
}

export interface FoundUse {
  readonly id: number;
  readonly ticketId: string;
  readonly day: number;
  readonly uses: number;
  readonly atHub: number;
}

export interface Found {
  readonly usage: FoundUsage | null;
  readonly ticketUse: FoundUse | null;
  readonly stay: FoundStay | null;
}

type Key = [string, number, string, string];
interface OwnerRow {
  readonly id: number;
  readonly seq: number | null;
  readonly unit: string | null;
  readonly wireId: string | null;
  readonly atHub: number;
}

const KEY = 'member_id = ? AND day = ? AND contract_id = ? AND band_id = ?';
const OWNER = 'event_seq = ?, unit = ?, wire_id = ?, at_hub = ?';

export class HistoryRows {
  readonly stays: StayRows;
  readonly #tickets: TicketCounts;
  readonly #usage: BySource<FoundUsage>;
  readonly #more: BySource<FoundUsage>;
  readonly #uses: BySource<FoundUse>;
  readonly #count: Statement<[...Key, ...Owner]>;
  readonly #countMore: Statement<[...Key, ...Owner]>;
  readonly #own: Statement<[...Owner, ...Key]>;
  readonly #ownMore: Statement<[...Owner, number]>;
  readonly #uncount: Statement<Key>;
  readonly #uncountMore: Statement<[number]>;
  readonly #next: Statement<Key, OwnerRow>;
  readonly #use: Statement<[number, number, ...Owner, string]>;
  readonly #ownUse: Statement<[...Owner, number]>;
  readonly #unuse: Statement<[number]>;
  readonly #refund: Statement<[number, string]>;
  readonly #note: Statement<[string, string, string | null, number | null]>;
  readonly #nameOf: Statement<[number], { id: string }>;

  /** @param prefix of the tables' names: empty, or a snapshot's */
  constructor(db: Database, prefix: string) {
    const date = 'member_id AS memberId, contract_id AS contractId, band_id AS bandId, day, at_hub AS atHub';
    this.stays = new StayRows(db, prefix);
    this.#tickets = new TicketCounts(db, prefix);
    this.#usage = new BySource(db, `SELECT ${date}, NULL AS more FROM ${prefix}usage`);
    this.#more = new BySource(db, `SELECT ${date}, id AS more FROM ${prefix}usage_more`);
    this.#uses = new BySource(
      db,
      `SELECT id, ticket_id AS ticketId, day, uses, at_hub AS atHub FROM ${prefix}ticket_use`,
    );
    const columns = '(member_id, day, contract_id, band_id, event_seq, unit, wire_id, at_hub)';
    this.#count = db.prepare(
      `INSERT INTO ${prefix}usage ${columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#countMore = db.prepare(`INSERT INTO ${prefix}usage_more ${columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#own = db.prepare(`UPDATE ${prefix}usage SET ${OWNER} WHERE ${KEY}`);
    this.#ownMore = db.prepare(`UPDATE ${prefix}usage_more SET ${OWNER} WHERE id = ?`);
    this.#uncount = db.prepare(`DELETE FROM ${prefix}usage WHERE ${KEY}`);
    this.#uncountMore = db.prepare(`DELETE FROM ${prefix}usage_more WHERE id = ?`);
    this.#next = db.prepare(`
      SELECT id, event_seq AS seq, unit, wire_id AS wireId, at_hub AS atHub FROM ${prefix}usage_more
      WHERE ${KEY} ORDER BY id LIMIT 1`);
    // Where the ticket is gone its use is known all the same.
    this.#use = db.prepare(`
      INSERT INTO ${prefix}ticket_use (ticket_id, member_id, type_id, day, uses, event_seq, unit, wire_id, at_hub)
      SELECT given.id, member_id, type_id, ?, ?, ?, ?, ?, ?
      FROM (SELECT ? AS id) AS given LEFT JOIN ${prefix}ticket AS ticket ON ticket.id = given.id`);
    this.#ownUse = db.prepare(`UPDATE ${prefix}ticket_use SET ${OWNER} WHERE id = ?`);
    this.#unuse = db.prepare(`DELETE FROM ${prefix}ticket_use WHERE id = ?`);
    this.#refund = db.prepare(`UPDATE ${prefix}ticket SET remaining = remaining + ? WHERE id = ?`);
    this.#note = db.prepare(
      `INSERT INTO ${prefix}given_back (kind, wire_id, ticket_id, uses) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#nameOf = db.prepare("SELECT unit_id || '/' || epoch || '/' || CAST(? AS INTEGER) AS id FROM unit");
  }

  find(source: Source): Found {
    return { usage: this.findUsage(source), ticketUse: this.findUse(source), stay: this.stays.find(source) };
  }

  findUsage(source: Source): FoundUsage | null {
    return this.#usage.find(source) ?? this.#more.find(source);
  }

  findUse(source: Source): FoundUse | null {
    return this.#uses.find(source);
  }

  /** Counts a date for whose row it is; `atHub`: 1 where it comes from there. */
  putUsage(source: Source, date: CountedDate, atHub: 0 | 1): void {
    const known = this.findUsage(source);
    if (known !== null && isSameDate(known, date)) {
      if (known.atHub !== atHub) this.#setOwner(known, source, atHub);
      return;
    }
    if (known !== null) this.removeUsage(known);
    const { memberId, day, contractId, bandId } = date;
    const row = [memberId, day, contractId, bandId, ...ownerOf(source, atHub)] as const;
    if (this.#count.run(...row).changes === 0) this.#countMore.run(...row);
  }

  /** @returns whether the date is counted no more */
  removeUsage({ more, memberId, day, contractId, bandId }: FoundUsage): boolean {
    if (more !== null) {
      this.#uncountMore.run(more);
      return false;
    }
    const next = this.#next.get(memberId, day, contractId, bandId);
    if (next === undefined) {
      this.#uncount.run(memberId, day, contractId, bandId);
      return true;
    }
    this.#uncountMore.run(next.id);
    this.#own.run(next.seq, next.unit, next.wireId, next.atHub, memberId, day, contractId, bandId);
    return false;
  }

  /** The caller counts the ticket anew. */
  putUse(source: Source, use: Pick<FoundUse, 'ticketId' | 'day' | 'uses'>, atHub: 0 | 1): void {
    const known = this.findUse(source);
    if (known !== null && known.ticketId === use.ticketId && known.day === use.day && known.uses === use.uses) {
      if (known.atHub !== atHub) this.#ownUse.run(...ownerOf(source, atHub), known.id);
      return;
    }
    if (known !== null) this.#unuse.run(known.id);
    this.#use.run(use.day, use.uses, ...ownerOf(source, atHub), use.ticketId);
  }

  removeUse({ id }: FoundUse): void {
    this.#unuse.run(id);
  }

  /** A row that the hub has doesn't hold here any more, until it says so too. */
  noteGivenBack(kind: HistoryKind, source: Source, use: Pick<FoundUse, 'ticketId' | 'uses'> | null): void {
    const wireId = source.wireId ?? this.#nameOf.get(source.seq ?? 0)?.id ?? '';
    this.#note.run(kind, wireId, use?.ticketId ?? null, use?.uses ?? null);
  }

  /**
   * Takes back the row of an event, or lets it count for another one of the same unit.
   * @returns how much there is again: dates, uses or stays; 0 where something else still counts
   */
  giveBack(kind: HistoryKind, source: Source, heir: Source | null): number {
    switch (kind) {
      case 'usage':
        return this.#giveBackUsage(source, heir);
      case 'ticketUse':
        return this.#giveBackUse(source, heir);
      case 'stay':
        return this.#giveBackStay(source, heir);
    }
  }

  #giveBackUsage(source: Source, heir: Source | null): number {
    const found = this.findUsage(source);
    if (found === null) return 0;
    if (found.atHub === 1) this.noteGivenBack('usage', source, null);
    if (heir === null) return Number(this.removeUsage(found));
    this.#setOwner(found, heir, 0);
    return 0;
  }

  #giveBackUse(source: Source, heir: Source | null): number {
    const found = this.findUse(source);
    if (found === null) return 0;
    const { id, ticketId, uses } = found;
    if (found.atHub === 1) this.noteGivenBack('ticketUse', source, found);
    if (heir === null) this.#unuse.run(id);
    else this.#ownUse.run(...ownerOf(heir, 0), id);
    if (!this.#tickets.recount(ticketId) && heir === null) this.#refund.run(uses, ticketId);
    return heir === null ? uses : 0;
  }

  #giveBackStay(source: Source, heir: Source | null): number {
    const found = this.stays.find(source);
    if (found === null) return 0;
    if (found.atHub === 1) this.noteGivenBack('stay', source, null);
    if (heir === null) this.stays.remove(found);
    else this.stays.own(found, heir, 0);
    return heir === null ? 1 : 0;
  }

  #setOwner({ more, memberId, day, contractId, bandId }: FoundUsage, source: Source, atHub: 0 | 1): void {
    const owner = ownerOf(source, atHub);
    if (more === null) this.#own.run(...owner, memberId, day, contractId, bandId);
    else this.#ownMore.run(...owner, more);
  }
}

function isSameDate(a: CountedDate, b: CountedDate): boolean {
  return a.memberId === b.memberId && a.day === b.day && a.contractId === b.contractId && a.bandId === b.bandId;
}
