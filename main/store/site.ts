/** Takes a checked site bundle in, whole, and gives it out again with its history. */
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { PersonalForm } from '../contract/site.ts';
import type { Member, SiteBundle } from '../core/model.ts';
import { dayNumber } from '../core/rules.ts';
import { formatDay } from '../core/time/day.ts';
import { formatInstant } from '../core/time/instant.ts';
import { CodeRows } from './codes.ts';
import { countedAnew } from './counts.ts';
import { instantNumber } from './instants.ts';
import type { Keys } from './keys.ts';
import { MasterRows, masterEntities, readMaster } from './master.ts';

/** What of a member is sealed. */
export type Personal = Pick<Member, 'name' | 'kana' | 'codes'>;

/**
 * Replaces the master data and merges the history: usage, ticket uses and stays that came by an earlier import are
 * replaced, those of own events stay. Only inside a transaction.
 * @returns the new revision
 */
export function importSite(db: Database, keys: Keys, bundle: SiteBundle, at: number): number {
  if (!db.inTransaction) throw new Error('a site is imported inside a transaction');
  const row = z.object({ revision: z.int() }).parse(db.prepare('SELECT revision FROM unit').get());
  const revision = row.revision + 1;
  db.prepare('UPDATE unit SET revision = ?, imported_at = ?').run(revision, at);
  new MasterRows(db, revision, at).replaceAll(masterEntities(bundle));
  countedAnew(db, () => {
    importMembers(db, keys, bundle.members, revision);
    importReservations(db, bundle, revision);
    importHistory(db, bundle);
    importTickets(db, bundle, revision);
  });
  return revision;
}

function importMembers(db: Database, keys: Keys, members: readonly Member[], revision: number): void {
  db.exec('DELETE FROM code; DELETE FROM member_code; DELETE FROM contract');
  db.exec('DELETE FROM ticket; DELETE FROM reservation; DELETE FROM member');
  const member = db.prepare(
    'INSERT INTO member (id, position, revision, suspended_profile, suspended_identity, sealed) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const rows = new CodeRows(db);
  const contract = db.prepare(
    'INSERT INTO contract (member_id, position, id, plan_id, from_day, to_day) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // In the order of their keys: a page that is never split leaves no copy of a row behind where it was (erase.ts).
  const inOrder = [...members.entries()].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1));
  for (const [position, { id, name, kana, codes, suspended, contracts }] of inOrder) {
    const sealed = keys.seal(sealName(id), { name, kana, codes } satisfies Personal);
    member.run(id, position, revision, Number(suspended.profile), Number(suspended.identity), sealed);
    for (const text of codes) {
      if (!rows.add(keys.digestCode(text), id)) throw new Error('a checked bundle has each code once');
    }
    for (const [place, { id: contractId, planId, from, to }] of contracts.entries()) {
      contract.run(id, place, contractId, planId, dayNumber(from), to === null ? null : dayNumber(to));
    }
  }
}

export const sealName = (memberId: string) => `member ${memberId}`;

function importReservations(db: Database, bundle: SiteBundle, revision: number): void {
  const insert = db.prepare(`
    INSERT INTO reservation (id, member_id, position, revision, store_id, program_id, start_at, end_at, status)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  for (const [position, { id, memberId, storeId, programId, start, end, status }] of bundle.reservations.entries()) {
    insert.run(id, memberId, position, revision, storeId, programId, instantNumber(start), instantNumber(end), status);
  }
}

/** Not of an own event, nor of one that a peer told and the hub may not have. */
const CAME = 'event_seq IS NULL AND (unit IS NULL OR at_hub = 1)';

function importHistory(db: Database, bundle: SiteBundle): void {
  db.exec(`DELETE FROM usage WHERE ${CAME}; DELETE FROM usage_more WHERE ${CAME}`);
  // What stood behind a date that has gone moves up.
  const columns = 'member_id, day, contract_id, band_id, event_seq, unit, wire_id, at_hub';
  db.exec(`INSERT OR IGNORE INTO usage (${columns}) SELECT ${columns} FROM usage_more`);
  db.exec(`
    DELETE FROM usage_more WHERE EXISTS (SELECT 1 FROM usage WHERE usage.member_id = usage_more.member_id
      AND usage.day = usage_more.day AND usage.contract_id = usage_more.contract_id
      AND usage.band_id = usage_more.band_id AND usage.event_seq IS usage_more.event_seq
      AND usage.wire_id IS usage_more.wire_id)`);
  const usage = db.prepare('INSERT OR IGNORE INTO usage (member_id, day, contract_id, band_id) VALUES (?, ?, ?, ?)');
  for (const { memberId, contractId, bandId, date } of bundle.usage) {
    usage.run(memberId, dayNumber(date), contractId, bandId);
  }
  // A stay that an own event began or ended is known better here than in the bundle.
  db.exec('DELETE FROM stay WHERE entry_seq IS NULL AND exit_seq IS NULL AND (unit IS NULL OR at_hub = 1)');
  const known = db.prepare(
    `SELECT 1 FROM stay WHERE member_id = ? AND place_id = ? AND entered_at = ?
      AND (entry_seq IS NOT NULL OR exit_seq IS NOT NULL OR unit IS NOT NULL)`,
  );
  const stay = db.prepare(
    'INSERT INTO stay (member_id, place_id, entered_at, via_contract_id, via_until) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { memberId, placeId, enteredAt, via } of bundle.stays) {
    const at = instantNumber(enteredAt);
    if (known.get(memberId, placeId, at) !== undefined) continue;
    const until = via === null || via.until === null ? null : instantNumber(via.until);
    stay.run(memberId, placeId, at, via?.contractId ?? null, until);
  }
}

/**
 * A bundle without a revision doesn't say which of our own uses it knows. On each date it is taken to know as many of
 * a ticket's uses as it lists; what we counted beyond that is taken off its `remaining`.
 */
function importTickets(db: Database, bundle: SiteBundle, revision: number): void {
  db.exec(`DELETE FROM ticket_use WHERE ${CAME}`);
  const own = db.prepare<[], { ticketId: string; day: number; uses: number }>(
    'SELECT ticket_id AS ticketId, day, sum(uses) AS uses FROM ticket_use GROUP BY ticket_id, day',
  );
  const ownUses = new Map(own.all().map(({ ticketId, day, uses }) => [`${day} ${ticketId}`, uses]));
  const unknown = new Map<string, number>();
  for (const [key, uses] of ownUses) add(unknown, key, uses);
  const tickets = new Map(bundle.tickets.map((ticket) => [ticket.id, ticket]));
  const insertUse = db.prepare(
    'INSERT INTO ticket_use (ticket_id, day, uses, member_id, type_id) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { ticketId, date, uses } of bundle.ticketUses) {
    const key = `${dayNumber(date)} ${ticketId}`;
    const known = Math.min(uses, unknown.get(key) ?? 0);
    add(unknown, key, -known);
    const ticket = tickets.get(ticketId);
    if (uses <= known) continue;
    insertUse.run(ticketId, dayNumber(date), uses - known, ticket?.memberId ?? null, ticket?.typeId ?? null);
  }
  const unknownByTicket = new Map<string, number>();
  for (const [key, uses] of unknown) add(unknownByTicket, key.slice(key.indexOf(' ') + 1), uses);
  const insert = db.prepare(
    'INSERT INTO ticket (id, member_id, position, revision, type_id, issued_day, remaining) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const [position, { id, memberId, typeId, issuedOn, remaining }] of bundle.tickets.entries()) {
    const left = Math.max(0, remaining - (unknownByTicket.get(id) ?? 0));
    insert.run(id, memberId, position, revision, typeId, dayNumber(issuedOn), left);
  }
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

/** The site with its history as a bundle; null while there is no site. History only of ids that it has. */
export function exportSite(db: Database, keys: Keys): SiteBundle | null {
  const master = readMaster(db, Number.MAX_SAFE_INTEGER);
  if (master === null) return null;
  return {
    format: 'genkan-site/1',
    ...master,
    members: exportMembers(db, keys),
    tickets: exportTickets(db),
    reservations: exportReservations(db),
    ...exportHistory(db),
  };
}

function exportMembers(db: Database, keys: Keys): Member[] {
  const contracts = db.prepare<[string], { id: string; planId: string; from: number; to: number | null }>(
    'SELECT id, plan_id AS planId, from_day AS "from", to_day AS "to" FROM contract WHERE member_id = ? ORDER BY position',
  );
  const rows = db.prepare<[], { id: string; profile: number; identity: number; sealed: Buffer }>(
    'SELECT id, suspended_profile AS profile, suspended_identity AS identity, sealed FROM member ORDER BY position',
  );
  return rows.all().map(({ id, profile, identity, sealed }) => ({
    id,
    ...PersonalForm.parse(keys.open(sealName(id), sealed)),
    suspended: { profile: profile === 1, identity: identity === 1 },
    contracts: contracts.all(id).map(({ from, to, ...contract }) => ({
      ...contract,
      from: formatDay(from),
      to: to === null ? null : formatDay(to),
    })),
  }));
}

/** null where there is no such member. */
export function memberName(db: Database, keys: Keys, memberId: string): string | null {
  const row = db.prepare<[string], { sealed: Buffer }>('SELECT sealed FROM member WHERE id = ?').get(memberId);
  return row === undefined ? null : PersonalForm.parse(keys.open(sealName(memberId), row.sealed)).name;
}

function exportTickets(db: Database): SiteBundle['tickets'] {
  return db
    .prepare<[], { id: string; typeId: string; memberId: string; issued: number; remaining: number }>(
      'SELECT id, type_id AS typeId, member_id AS memberId, issued_day AS issued, remaining FROM ticket ORDER BY position',
    )
    .all()
    .map(({ issued, ...ticket }) => ({ ...ticket, issuedOn: formatDay(issued) }));
}

function exportReservations(db: Database): SiteBundle['reservations'] {
  return db
    .prepare<[], Omit<SiteBundle['reservations'][number], 'start' | 'end'> & { start: number; end: number }>(`
      SELECT id, member_id AS memberId, store_id AS storeId, program_id AS programId, start_at AS start, end_at AS "end", status
      FROM reservation ORDER BY position`)
    .all()
    .map((row) => ({ ...row, start: formatInstant(row.start), end: formatInstant(row.end) }));
}

function exportHistory(db: Database): Pick<SiteBundle, 'usage' | 'ticketUses' | 'stays'> {
  const usage = db.prepare<[], { memberId: string; contractId: string; bandId: string; day: number }>(`
    SELECT usage.member_id AS memberId, contract_id AS contractId, band_id AS bandId, day
    FROM usage JOIN contract ON contract.id = contract_id AND contract.member_id = usage.member_id
    WHERE band_id IN (SELECT band.value ->> 'id' FROM master, json_each(body, '$.bands') AS band WHERE kind = 'store' AND replaced IS NULL)
    ORDER BY usage.member_id, day, contract_id, band_id`);
  const uses = db.prepare<[], { ticketId: string; day: number; uses: number }>(`
    SELECT ticket_id AS ticketId, day, sum(uses) AS uses FROM ticket_use JOIN ticket ON ticket.id = ticket_id
    GROUP BY ticket_id, day ORDER BY ticket_id, day`);
  const stays = db.prepare<
    [],
    { memberId: string; placeId: string; enteredAt: number; contractId: string | null; until: number | null }
  >(`
    SELECT stay.member_id AS memberId, place_id AS placeId, entered_at AS enteredAt,
      via_contract_id AS contractId, via_until AS until
    FROM stay JOIN member ON member.id = stay.member_id JOIN master ON kind = 'place' AND master.id = place_id AND replaced IS NULL
    WHERE exited_at IS NULL AND (via_contract_id IS NULL
      OR EXISTS (SELECT 1 FROM contract WHERE contract.id = via_contract_id AND contract.member_id = stay.member_id))
    ORDER BY stay.id`);
  return {
    usage: usage.all().map(({ day, ...row }) => ({ ...row, date: formatDay(day) })),
    ticketUses: uses.all().map(({ day, ...row }) => ({ ...row, date: formatDay(day) })),
    stays: stays.all().map(({ contractId, until, ...row }) => ({
      ...row,
      enteredAt: formatInstant(row.enteredAt),
      via: contractId === null ? null : { contractId, until: until === null ? null : formatInstant(until) },
    })),
  };
}
