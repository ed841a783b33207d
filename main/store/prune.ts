/** Takes away what has been kept long enough, a little at a time. Only inside a transaction; `retention.ts` says when. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import { nextMonthStart } from '../core/time/day.ts';
import { parseInstant } from '../core/time/instant.ts';
import { type Anchor, AnchorReader, LEGIBLE } from './anchor.ts';

/** Rows of one slice: on a slow disk still some milliseconds at most. */
const EVENTS = 25;
const COUNTS = 20;
const ROWS = 100;
/** How far a look at the record goes on for an event whose time can be trusted. */
const LOOK = 200;

/** What an event that goes and had an answer is counted by. */
const Counted = z.object({
  at: z.string(),
  doorId: z.string().nullable(),
  direction: z.string().nullable(),
  result: z.object({ reason: z.string() }),
});

export interface OldTicketUse {
  readonly id: number;
  readonly day: number;
  /** Of its ticket; null where that is gone. */
  readonly typeId: string | null;
  readonly issuedDay: number | null;
}

interface OldStay {
  readonly id: number;
  readonly enteredAt: number;
  readonly exitedAt: number | null;
}

interface CountRow {
  readonly contract: string;
  readonly month: number;
  readonly band: string;
  readonly member: string;
}

interface EventRow {
  readonly seq: number;
  readonly body: string;
  readonly hash: Buffer;
}

interface Bounds {
  readonly hub: number;
  readonly acknowledged: number;
  readonly head: number | null;
  /** The first event that owes an outcome. */
  readonly owed: number | null;
}

const NO_BOUNDS: Bounds = { hub: 0, acknowledged: 0, head: null, owed: null };

export class Pruner {
  readonly #db: Database;
  readonly #trusted: Statement<[number, number], { seq: number; at: string }>;
  readonly #anchor: AnchorReader;
  readonly #bounds: Statement<[], Bounds>;
  readonly #answered: Statement<[number, string, string, string]>;

  constructor(db: Database) {
    this.#db = db;
    // What was recorded late, or told by a terminal, has the time of when it happened: others around it are younger.
    this.#trusted = db.prepare(`
      SELECT seq, coalesce(body ->> '$.detail.receivedAt', body ->> 'at') AS at
      FROM (SELECT seq, body FROM event WHERE seq >= ? ORDER BY seq LIMIT ?)
      WHERE json_valid(body) AND body ->> 'clock' <> 'doubtful' AND body ->> '$.detail.late' IS NULL
      ORDER BY seq LIMIT 1`);
    this.#anchor = new AnchorReader(db);
    this.#bounds = db.prepare(`
      SELECT hub_paired AS hub, acknowledged, (SELECT max(seq) FROM event) AS head,
        (SELECT min(event_seq) FROM command) AS owed
      FROM retention, unit`);
    this.#answered = db.prepare(`
      INSERT INTO reason_count (month, door_id, direction, reason, times) VALUES (?, ?, ?, ?, 1)
      ON CONFLICT DO UPDATE SET times = times + 1`);
  }

  /** Where the record begins, and up to where it is to go. */
  anchor(): Anchor {
    return this.#anchor.read();
  }

  /**
   * The last event that is older than `before` (epoch ms), by a clock that could be trusted; 0 where there is none.
   * Never the last of all, nor one that still owes an outcome, nor, where there is a hub, one that it doesn't have.
   */
  lastBefore(before: number): number {
    const most = this.#most();
    let last = this.#anchor.read().prunedTo;
    let [low, high] = [last + 1, most];
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.#trusted.get(middle, LOOK);
      const at = found === undefined ? null : parseInstant(found.at);
      if (found !== undefined && at !== null && at < before && found.seq <= most) {
        last = found.seq;
        low = found.seq + 1;
      } else {
        high = middle - 1;
      }
    }
    return last;
  }

  hashOf(seq: number): Buffer | null {
    return this.#db.prepare<[number], { hash: Buffer }>('SELECT hash FROM event WHERE seq = ?').get(seq)?.hash ?? null;
  }

  /** The event `seq` says up to where the record goes. */
  tell(seq: number): void {
    this.#db.prepare('UPDATE retention SET told_by = ?').run(seq);
  }

  /**
   * Counts what the next events up to `to` answered, and removes them. `monthOf`: epoch ms to the month it counts in.
   * @returns whether there are more
   */
  events(to: number, monthOf: (at: number) => number): boolean {
    const { prunedTo } = this.#anchor.read();
    const next = this.#db.prepare<[number, number, number], EventRow>(
      `SELECT seq, ${LEGIBLE} AS body, hash FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
    );
    const rows = next.all(prunedTo, to, EVENTS);
    const last = rows.at(-1);
    if (last === undefined) return false;
    for (const { body } of rows) this.#count(body, monthOf);
    this.#db.prepare('UPDATE retention SET pruned_to = ?, anchor = ?').run(last.seq, last.hash);
    for (const table of ['basis', 'reuse', 'undone']) {
      this.#db.prepare(`DELETE FROM ${table} WHERE event_seq <= ?`).run(last.seq);
    }
    this.#db.prepare('DELETE FROM event WHERE seq <= ?').run(last.seq);
    return last.seq < to;
  }

  /**
   * What decisions up to the event `to` were made from, and the master data that only they had and that stopped to hold
   * before `before` (epoch ms).
   */
  bases(to: number, before: number): boolean {
    const some = '(SELECT event_seq FROM basis WHERE event_seq <= ? ORDER BY event_seq LIMIT ?)';
    const removed = this.#db.prepare(`DELETE FROM basis WHERE event_seq IN ${some}`).run(to, EVENTS).changes;
    if (removed === EVENTS) return true;
    // The oldest replay that is still possible needs what held at its revision.
    this.#db
      .prepare(`
        DELETE FROM master WHERE replaced_at < ? AND replaced <= (SELECT ${LEGIBLE} ->> 'revision' FROM event
          WHERE seq = (SELECT min(event_seq) FROM basis))`)
      .run(before);
    return false;
  }

  /** Usage of months before `month` (epoch day of its first), a contract's month as a whole. */
  usage(month: number): boolean {
    const old = this.#db.prepare<[number, number], CountRow>(`
      SELECT contract_id AS contract, month, band_id AS band, member_id AS member FROM month_count
      WHERE month < ? ORDER BY month LIMIT ?`);
    const remove = this.#db.prepare(
      'DELETE FROM usage WHERE member_id = ? AND day >= ? AND day < ? AND contract_id = ? AND band_id = ?',
    );
    const rows = old.all(month, COUNTS);
    const uncount = this.#db.prepare(
      'DELETE FROM month_count WHERE contract_id = ? AND month = ? AND band_id = ? AND member_id = ?',
    );
    for (const { member, month: start, contract, band } of rows) {
      remove.run(member, start, nextMonthStart(start), contract, band);
      // Gone already with its last day, unless it was wrong: it must not be found again for ever.
      uncount.run(contract, start, band, member);
    }
    return rows.length === COUNTS;
  }

  /** The next ticket uses before the date `day`, oldest first, behind `after`. */
  oldTicketUses(day: number, after: { readonly day: number; readonly id: number }): OldTicketUse[] {
    return this.#db
      .prepare<[number, number, number, number], OldTicketUse>(`
        SELECT ticket_use.id, day, ticket.type_id AS typeId, issued_day AS issuedDay
        FROM ticket_use LEFT JOIN ticket ON ticket.id = ticket_id
        WHERE day < ? AND (day, ticket_use.id) > (?, ?) ORDER BY day, ticket_use.id LIMIT ?`)
      .all(day, after.day, after.id, ROWS);
  }

  ticketUses(ids: readonly number[]): void {
    const remove = this.#db.prepare('DELETE FROM ticket_use WHERE id = ?');
    for (const id of ids) remove.run(id);
  }

  /**
   * Stays that ended before `before`, or never did and can no longer be open (entered at `closed` or earlier). Looks on
   * only while it finds some: they lie in the order in which they began.
   */
  stays(before: number, closed: number, after: number): { readonly removed: number; readonly last: number } {
    const next = this.#db.prepare<[number, number], OldStay>(
      'SELECT id, entered_at AS enteredAt, exited_at AS exitedAt FROM stay WHERE id > ? ORDER BY id LIMIT ?',
    );
    const rows = next.all(after, ROWS);
    const old = rows.filter(
      ({ enteredAt, exitedAt }) => (exitedAt ?? enteredAt) < before && (exitedAt !== null || enteredAt <= closed),
    );
    this.forgetting(() => {
      const remove = this.#db.prepare('DELETE FROM stay WHERE id = ?');
      for (const { id } of old) remove.run(id);
    });
    return { removed: old.length, last: rows.at(-1)?.id ?? after };
  }

  /** Runs `remove`; the stays that it removes go on counting as entries and exits. */
  forgetting<T>(remove: () => T): T {
    this.#db.prepare('UPDATE retention SET forgetting = 1').run();
    const removed = remove();
    this.#db.prepare('UPDATE retention SET forgetting = 0').run();
    return removed;
  }

  /** From now on no event goes that the hub doesn't have. */
  hubPaired(): void {
    this.#db.prepare('UPDATE retention SET hub_paired = 1').run();
  }

  #most(): number {
    const { hub, acknowledged, head, owed } = this.#bounds.get() ?? NO_BOUNDS;
    const sent = hub === 1 || acknowledged > 0 ? acknowledged : Number.MAX_SAFE_INTEGER;
    return Math.min((head ?? 0) - 1, (owed ?? Number.MAX_SAFE_INTEGER) - 1, sent);
  }

  #count(body: string, monthOf: (at: number) => number): void {
    const { success, data: event } = Counted.safeParse(JSON.parse(body));
    const at = success ? parseInstant(event.at) : null;
    if (!success || at === null) return;
    this.#answered.run(monthOf(at), event.doorId ?? '', event.direction ?? '', event.result.reason);
  }
}
