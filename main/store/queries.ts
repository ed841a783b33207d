/**
 * The history that staff look at: who came when, who is inside, what was used. Each answer is a page of ids, small
 * enough not to hold up a door; names are opened by the caller, for the rows that it shows.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { Rules } from '../core/rules.ts';
import { parseInstant } from '../core/time/instant.ts';
import { type OverLimit, OverLimitReader } from './queries-over-limit.ts';
import {
  INSIDE,
  INSIDE_COUNT,
  REASONS,
  type ReasonRow,
  TICKET_USES,
  type TicketUseRow,
  USAGE,
  type UsageRow,
  VISITS_AT,
  VISITS_OF,
  type VisitRow,
} from './queries-sql.ts';
import { type HourTraffic, TrafficReader } from './queries-traffic.ts';

/** `limit`: how many rows at most, 200 whatever is asked; `after`: the last row of the page before, null at first. */
export interface Page<Row> {
  readonly limit: number;
  readonly after: Row | null;
}

export const MOST_ROWS = 200;
/** Beyond every date and number of a row. */
const END = Number.MAX_SAFE_INTEGER;

export interface TicketUse extends Omit<TicketUseRow, 'at'> {
  /** Epoch ms; null where it came by import or its event is gone. */
  readonly at: number | null;
}

/** Whose ticket uses. */
export type TicketUseFilter =
  | { readonly by: 'all' }
  | { readonly by: 'type' | 'member' | 'ticket'; readonly id: string };

export class HistoryReader {
  readonly #usage: Statement<[string, number, string, string, number], UsageRow>;
  readonly #visitsOf: Statement<[string, number, number, number], VisitRow>;
  readonly #visitsAt: Statement<[string, number, number, number, number], VisitRow>;
  readonly #inside: Statement<[string, number, number, number, number], VisitRow>;
  readonly #insideCount: Statement<[string, number, number], { n: number }>;
  readonly #ticketUses: Readonly<Record<TicketUseFilter['by'], Statement<unknown[], TicketUseRow>>>;
  readonly #reasons: Statement<[number], ReasonRow>;
  readonly #overLimit: OverLimitReader;
  readonly #traffic: TrafficReader;

  constructor(db: Database) {
    this.#usage = db.prepare(USAGE);
    this.#visitsOf = db.prepare(VISITS_OF);
    this.#visitsAt = db.prepare(VISITS_AT);
    this.#inside = db.prepare(INSIDE);
    this.#insideCount = db.prepare(INSIDE_COUNT);
    this.#ticketUses = {
      all: db.prepare(TICKET_USES.all),
      type: db.prepare(TICKET_USES.type),
      member: db.prepare(TICKET_USES.member),
      ticket: db.prepare(TICKET_USES.ticket),
    };
    this.#reasons = db.prepare(REASONS);
    this.#overLimit = new OverLimitReader(db);
    this.#traffic = new TrafficReader(db);
  }

  /** On which days the member used which band of which contract, newest first. */
  usageOf(memberId: string, { limit, after }: Page<UsageRow>): UsageRow[] {
    const { day, contractId, bandId } = after ?? { day: END, contractId: '', bandId: '' };
    return this.#usage.all(memberId, day, contractId, bandId, bounded(limit));
  }

  /** When the member came and went, newest first. */
  visitsOf(memberId: string, { limit, after }: Page<VisitRow>): VisitRow[] {
    return this.#visitsOf.all(memberId, after?.enteredAt ?? END, after?.id ?? END, bounded(limit));
  }

  /** Who entered the place from the date `fromDay` to the date `toDay`, newest first. */
  visitsAt(rules: Rules, placeId: string, fromDay: number, toDay: number, page: Page<VisitRow>): VisitRow[] {
    const [from, end] = [rules.zone.instantOf(fromDay, 0), rules.zone.instantOf(toDay + 1, 0)];
    const { enteredAt, id } = page.after ?? { enteredAt: end, id: -1 };
    return this.#visitsAt.all(placeId, from, enteredAt, id, bounded(page.limit));
  }

  /** Stays at the place that are open at `at`, newest first. */
  inside(rules: Rules, placeId: string, at: number, { limit, after }: Page<VisitRow>): VisitRow[] {
    const { enteredAt, id } = after ?? { enteredAt: at, id: END };
    return this.#inside.all(placeId, at - rules.maxStayMs, enteredAt, id, bounded(limit));
  }

  insideCount(rules: Rules, placeId: string, at: number): number {
    return this.#insideCount.get(placeId, at - rules.maxStayMs, at)?.n ?? 0;
  }

  /** Hours in which somebody came or went, in order, from one local date to another, 31 dates at most. */
  traffic({ zone }: Rules, placeId: string, fromDay: number, toDay: number): HourTraffic[] {
    return this.#traffic.byHour(zone, placeId, fromDay, toDay);
  }

  /**
   * Contracts whose band was used on more days of a month than the plan allows: by plan and band, the most days first.
   * @param day any epoch day of the month
   */
  overLimit(rules: Rules, day: number, { limit, after }: Page<OverLimit>): OverLimit[] {
    return this.#overLimit.page(rules, day, bounded(limit), after);
  }

  /** Newest first. */
  ticketUses(filter: TicketUseFilter, { limit, after }: Page<TicketUse>): TicketUse[] {
    const whose = filter.by === 'all' ? [] : [filter.id];
    const rows = this.#ticketUses[filter.by].all(...whose, after?.day ?? END, after?.id ?? END, bounded(limit));
    return rows.map(({ at, ...row }) => ({ ...row, at: at === null ? null : parseInstant(at) }));
  }

  /** How often a door answered what, in events that are no longer kept. @param month epoch day of its first */
  reasons(month: number): ReasonRow[] {
    return this.#reasons.all(month);
  }
}

/** Between 1 and as many rows as a page may have. */
function bounded(limit: number): number {
  return Math.max(1, Math.min(Math.floor(limit), MOST_ROWS));
}
