/** Is a snapshot whole? Its references are looked up as a bundle's are, a few rows at a time. */
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { SettingsForm } from '../contract/settings.ts';
import { MasterForm } from '../contract/site.ts';
import type { MasterData } from '../core/model.ts';
import type { Keys } from './keys.ts';
import { idsOf, type KnownIds, MOST_LINES, masterTrouble, settingsTrouble } from './refused.ts';
import type { Piece } from './sliced.ts';

const ROWS = 250;

export interface StagedMaster {
  readonly master: MasterData | null;
  /** Sealed as the store keeps them. */
  readonly settings: Buffer | null;
  /** JSON. */
  readonly roster: string | null;
}

const Row = z.object({ kind: z.string(), body: z.union([z.string(), z.instanceof(Buffer)]) });

export function stagedMaster(db: Database): StagedMaster {
  const rows = z
    .array(Row)
    .parse(db.prepare('SELECT kind, body FROM snapshot_master ORDER BY kind, position, id').all());
  const of = (kind: string) =>
    rows.filter((row) => row.kind === kind).map(({ body }): unknown => JSON.parse(`${body}`));
  const master = MasterForm.safeParse({
    site: of('site')[0],
    stores: of('store'),
    holidays: of('holidays')[0] ?? [],
    programs: of('program'),
    places: of('place'),
    doors: of('door'),
    plans: of('plan'),
    ticketTypes: of('ticketType'),
  });
  const settings = rows.find(({ kind }) => kind === 'settings')?.body;
  const roster = rows.find(({ kind }) => kind === 'roster')?.body;
  return {
    master: master.success ? master.data : null,
    settings: Buffer.isBuffer(settings) ? settings : null,
    roster: typeof roster === 'string' ? roster : null,
  };
}

/** Adds lines to `trouble`. */
export function* checkReferences(db: Database, keys: Keys, prefix: string, trouble: string[]): Generator<Piece, void> {
  const { master, settings } = stagedMaster(db);
  trouble.push(...masterTrouble(master));
  if (master === null || trouble.length > 0) return;
  if (settings !== null) {
    trouble.push(...settingsTrouble(SettingsForm.parse(keys.open('settings', settings)), master));
  }
  yield 'more';
  const known = idsOf(master);
  yield* checkContracts(db, prefix, known, trouble);
  yield* checkTickets(db, prefix, known, trouble);
  yield* checkReservations(db, prefix, known, trouble);
}

function* checkContracts(db: Database, prefix: string, { plans }: KnownIds, trouble: string[]): Generator<Piece, void> {
  const page = db.prepare<[string, number], { member: string; position: number; plan: string }>(`
    SELECT member_id AS member, position, plan_id AS plan FROM ${prefix}contract
    WHERE (member_id, position) > (?, ?) ORDER BY member_id, position LIMIT ${ROWS}`);
  for (let last = { member: '', position: -1 }; ; ) {
    const rows = page.all(last.member, last.position);
    for (const { member, position, plan } of rows) {
      if (!plans.has(plan)) say(trouble, `member ${member}.contracts[${position}].planId: the id of a plan`);
    }
    const end = rows.at(-1);
    if (end === undefined || trouble.length >= MOST_LINES) return;
    last = end;
    yield 'more';
  }
}

function* checkTickets(
  db: Database,
  prefix: string,
  { ticketTypes }: KnownIds,
  trouble: string[],
): Generator<Piece, void> {
  const page = db.prepare<
    [string, number, string],
    { member: string; position: number; id: string; type: string; owner: number }
  >(`
    SELECT member_id AS member, position, id, type_id AS type,
      EXISTS (SELECT 1 FROM ${prefix}member AS owner WHERE owner.id = member_id) AS owner FROM ${prefix}ticket
    WHERE (member_id, position, id) > (?, ?, ?) ORDER BY member_id, position, id LIMIT ${ROWS}`);
  for (let last = { member: '', position: -1, id: '' }; ; ) {
    const rows = page.all(last.member, last.position, last.id);
    for (const { id, type, owner } of rows) {
      if (!ticketTypes.has(type)) say(trouble, `ticket ${id}.typeId: the id of a ticket type`);
      if (owner === 0) say(trouble, `ticket ${id}.memberId: the id of a member`);
    }
    const end = rows.at(-1);
    if (end === undefined || trouble.length >= MOST_LINES) return;
    last = end;
    yield 'more';
  }
}

function* checkReservations(
  db: Database,
  prefix: string,
  { stores, programs }: KnownIds,
  trouble: string[],
): Generator<Piece, void> {
  const page = db.prepare<[string], { id: string; store: string; program: string; owner: number }>(`
    SELECT id, store_id AS store, program_id AS program,
      EXISTS (SELECT 1 FROM ${prefix}member AS owner WHERE owner.id = member_id) AS owner FROM ${prefix}reservation
    WHERE id > ? ORDER BY id LIMIT ${ROWS}`);
  for (let last = ''; ; ) {
    const rows = page.all(last);
    for (const { id, store, program, owner } of rows) {
      if (!stores.has(store)) say(trouble, `reservation ${id}.storeId: the id of a store`);
      if (!programs.has(program)) say(trouble, `reservation ${id}.programId: the id of a program`);
      if (owner === 0) say(trouble, `reservation ${id}.memberId: the id of a member`);
    }
    const end = rows.at(-1);
    if (end === undefined || trouble.length >= MOST_LINES) return;
    last = end.id;
    yield 'more';
  }
}

function say(trouble: string[], line: string): void {
  if (trouble.length < MOST_LINES) trouble.push(line);
}
