/** All that is stored of one person, for the person (guarantees 4.6). Dates and times as in the site bundle. */
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { PersonalForm } from '../contract/site.ts';
import { formatDay } from '../core/time/day.ts';
import { formatInstant } from '../core/time/instant.ts';
import type { Keys } from './keys.ts';
import { sealName } from './site.ts';

export type PersonExport = Readonly<Record<string, unknown>> & {
  readonly format: 'genkan-member/1';
  readonly memberId: string;
};

type Row = Readonly<Record<string, unknown>>;

/** Does the record say that the member was erased? Reads the whole record. */
export function wasErased(db: Database, memberId: string): boolean {
  const row = db
    .prepare<[string, string]>(`
      SELECT 1 FROM event WHERE instr(body, ?) > 0 AND body ->> '$.detail.what' = 'member-erased'
        AND body ->> '$.detail.memberId' = ? LIMIT 1`)
    .get(JSON.stringify(memberId), memberId);
  return row !== undefined;
}

/** null where nothing is stored of such a member. Reads the whole record: some seconds where that is large. */
export function exportPerson(db: Database, keys: Keys, memberId: string): PersonExport | null {
  const member = memberOf(db, keys, memberId);
  const lists = listsOf(db, memberId);
  const events = eventsOf(db, memberId);
  if (member === null && events.length === 0 && Object.values(lists).every((list) => list.length === 0)) return null;
  return { format: 'genkan-member/1', memberId, member, ...lists, events };
}

function memberOf(db: Database, keys: Keys, memberId: string): Row | null {
  const row = db
    .prepare<[string], { profile: number; identity: number; sealed: Buffer }>(
      'SELECT suspended_profile AS profile, suspended_identity AS identity, sealed FROM member WHERE id = ?',
    )
    .get(memberId);
  if (row === undefined) return null;
  const { profile, identity, sealed } = row;
  const personal = PersonalForm.parse(keys.open(sealName(memberId), sealed));
  return { ...personal, suspended: { profile: profile === 1, identity: identity === 1 } };
}

/** Columns named `…Day` and `…Time` come out as dates and times. `seq` is the event; null: came by import. */
const LISTS = {
  contracts: 'SELECT id, plan_id AS planId, from_day AS fromDay, to_day AS toDay FROM contract WHERE member_id = ?',
  tickets: 'SELECT id, type_id AS typeId, issued_day AS issuedOnDay, remaining FROM ticket WHERE member_id = ?',
  reservations: `SELECT id, store_id AS storeId, program_id AS programId, start_at AS startTime, end_at AS endTime, status
    FROM reservation WHERE member_id = ? ORDER BY start_at`,
  usage: `SELECT day AS dateDay, contract_id AS contractId, band_id AS bandId, event_seq AS seq FROM usage
    WHERE member_id = ? ORDER BY day`,
  ticketUses: `SELECT ticket_id AS ticketId, type_id AS typeId, day AS dateDay, uses, event_seq AS seq FROM ticket_use
    WHERE member_id = ? ORDER BY day, id`,
  stays: `SELECT place_id AS placeId, entered_at AS enteredAtTime, exited_at AS exitedAtTime,
      via_contract_id AS contractId, via_until AS untilTime, entry_seq AS seq, exit_seq AS exitSeq
    FROM stay WHERE member_id = ? ORDER BY entered_at, id`,
  undone: 'SELECT event_seq AS seq, undo_seq AS undoSeq, day AS dateDay FROM undone WHERE member_id = ?',
  reuses: `SELECT event_seq AS seq, contract_id AS contractId, band_id AS bandId, ticket_id AS ticketId, day AS dateDay
    FROM reuse WHERE member_id = ? ORDER BY event_seq`,
  held: 'SELECT id, kind, made_at AS madeAtTime, event_seq AS seq FROM held WHERE member_id = ? ORDER BY event_seq',
  decidedFrom: 'SELECT event_seq AS seq, facts FROM basis WHERE member_id = ? ORDER BY event_seq',
} as const;

function listsOf(db: Database, memberId: string): Readonly<Record<keyof typeof LISTS, readonly Row[]>> {
  const list = (name: keyof typeof LISTS) => db.prepare<[string], Row>(LISTS[name]).all(memberId).map(legible);
  return {
    contracts: list('contracts'),
    tickets: list('tickets'),
    reservations: list('reservations'),
    usage: list('usage'),
    ticketUses: list('ticketUses'),
    stays: list('stays'),
    undone: list('undone'),
    reuses: list('reuses'),
    held: list('held'),
    decidedFrom: list('decidedFrom'),
  };
}

function legible(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (name === 'facts') return [name, JSON.parse(String(value))];
      const [, plain, kind] = /^(.+)(Day|Time)$/.exec(name) ?? [];
      if (plain === undefined) return [name, value];
      if (typeof value !== 'number') return [plain, null];
      return [plain, kind === 'Day' ? formatDay(value) : formatInstant(value)];
    }),
  );
}

const Event = z.looseObject({ seq: z.int(), of: z.int().nullable() });
type Event = z.infer<typeof Event>;

/** The events that name the member, and those about such events: whether the door opened, what was taken back. */
function eventsOf(db: Database, memberId: string): readonly Event[] {
  const named = new Set<number>();
  const events: Event[] = [];
  const candidates = db.prepare<[string], { body: string }>(
    `SELECT body FROM event WHERE instr(body, ?) > 0 OR instr(body, '"of":null') = 0 ORDER BY seq`,
  );
  for (const { body } of candidates.iterate(JSON.stringify(memberId))) {
    const event = Event.parse(JSON.parse(body));
    if (!(event.of !== null && named.has(event.of)) && !isNamed(event, memberId)) continue;
    named.add(event.seq);
    events.push(event);
  }
  return events;
}

/** As a `memberId`, at any depth: the same text elsewhere may be somebody else's contract. */
function isNamed(value: unknown, memberId: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) =>
    key === 'memberId' ? inner === memberId : isNamed(inner, memberId),
  );
}
