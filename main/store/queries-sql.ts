/**
 * The statements of the history, and what their rows have. Each finds a page by one walk along an index, from behind
 * the page before; `queries.test.ts` holds the plans of all of them against that.
 */

export interface UsageRow {
  /** Epoch day. */
  readonly day: number;
  readonly contractId: string;
  readonly bandId: string;
  /** The event that used it; null: came by import. */
  readonly seq: number | null;
}

export interface VisitRow {
  readonly id: number;
  readonly memberId: string;
  readonly placeId: string;
  /** Epoch ms. */
  readonly enteredAt: number;
  /** Epoch ms; null: not yet, or never told. */
  readonly exitedAt: number | null;
  /** What the entry was granted by; null: an override, or a door that only records. */
  readonly contractId: string | null;
  /** Epoch ms when leaving stops being in time; null: never. */
  readonly until: number | null;
}

export interface TicketUseRow {
  readonly id: number;
  readonly ticketId: string;
  /** Null where the ticket was gone before these were kept. */
  readonly typeId: string | null;
  readonly memberId: string | null;
  /** Epoch day of the business date. */
  readonly day: number;
  readonly uses: number;
  /** The event that used it; null: came by import. */
  readonly seq: number | null;
  /** RFC 3339; null where there is no event (any more). */
  readonly at: string | null;
}

/** A contract's band that was used on more days of a month than its plan allows. */
export interface OverLimitRow {
  readonly memberId: string;
  readonly contractId: string;
  readonly days: number;
}

export interface TrafficRow {
  readonly quarter: number;
  readonly entries: number;
  readonly exits: number;
}

export interface ReasonRow {
  /** Empty for what happened at no door. */
  readonly doorId: string;
  readonly direction: string;
  readonly reason: string;
  readonly times: number;
}

/** Member; day, contract, band to begin behind; limit. */
export const USAGE = `
  SELECT day, contract_id AS contractId, band_id AS bandId, event_seq AS seq FROM usage
  WHERE member_id = ? AND (day, contract_id, band_id) < (?, ?, ?)
  ORDER BY day DESC, contract_id DESC, band_id DESC LIMIT ?`;

const VISIT = `
  SELECT id, member_id AS memberId, place_id AS placeId, entered_at AS enteredAt, exited_at AS exitedAt,
    via_contract_id AS contractId, via_until AS until FROM stay`;

/** Member; time and id to begin behind; limit. */
export const VISITS_OF = `${VISIT} WHERE member_id = ? AND (entered_at, id) < (?, ?)
  ORDER BY entered_at DESC, id DESC LIMIT ?`;

/**
 * Place; the first time that still counts; time and id to begin behind; limit. The index has \`exited_at\` between the
 * two, so pages are cut there.
 */
export const VISITS_AT = `${VISIT} WHERE place_id = ? AND entered_at >= ? AND (entered_at, id) < (?, ?)
  ORDER BY entered_at DESC, id DESC LIMIT ?`;

/** Place; when a stay that is open now began at the earliest; time and id to begin behind; limit. */
export const INSIDE = `${VISIT} WHERE place_id = ? AND entered_at > ? AND (entered_at, id) < (?, ?)
  AND exited_at IS NULL ORDER BY entered_at DESC, id DESC LIMIT ?`;

/** Place; when a stay that is open now began at the earliest; now. */
export const INSIDE_COUNT = `
  SELECT count(*) AS n FROM stay WHERE place_id = ? AND entered_at > ? AND entered_at <= ? AND exited_at IS NULL`;

const ticketUse = (whose: string) => `
  SELECT id, ticket_id AS ticketId, type_id AS typeId, member_id AS memberId, day, uses, event_seq AS seq,
    (SELECT body ->> 'at' FROM event WHERE event.seq = event_seq) AS at FROM ticket_use
  WHERE ${whose} (day, id) < (?, ?) ORDER BY day DESC, id DESC LIMIT ?`;

/** Whose (except for \`all\`); day and id to begin behind; limit. */
export const TICKET_USES = {
  all: ticketUse(''),
  type: ticketUse('type_id = ? AND'),
  member: ticketUse('member_id = ? AND'),
  ticket: ticketUse('ticket_id = ? AND'),
} as const;

/** Month, plan, band, limit; days, contract, member to begin behind; limit. Contracts that are gone are left out. */
export const OVER_LIMIT = `
  SELECT month_count.member_id AS memberId, contract_id AS contractId, days FROM month_count
  JOIN contract ON contract.id = contract_id AND contract.member_id = month_count.member_id
  WHERE month = ? AND month_count.plan_id = ? AND band_id = ? AND days > ?
    AND (days, contract_id, month_count.member_id) < (?, ?, ?)
  ORDER BY days DESC, contract_id DESC, month_count.member_id DESC LIMIT ?`;

/** Place, first quarter, quarter after the last. */
export const TRAFFIC =
  'SELECT quarter, entries, exits FROM traffic WHERE place_id = ? AND quarter >= ? AND quarter < ?';

export const REASONS = `
  SELECT door_id AS doorId, direction, reason, times FROM reason_count WHERE month = ? ORDER BY door_id, direction, reason`;
