/**
 * Is a snapshot whole? Its references are looked up as a bundle's are, a few rows at a time. Whose a row is isn't asked:
 * without its member it can't be there.
 */
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { SettingsForm } from '../contract/settings.ts';
import { MasterForm } from '../contract/site.ts';
import type { MasterData } from '../core/model.ts';
import type { Keys } from './keys.ts';
import { idsOf, type KnownIds, MOST_LINES, masterTrouble, settingsTrouble } from './refused.ts';
import type { Piece } from './sliced.ts';

const ROWS = 500;

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
  const key = ['member_id', 'position'];
  const wrong = db.prepare<Value[], { member: string; position: number }>(`
    SELECT member_id AS member, position FROM ${prefix}contract
    WHERE ${within(key)} AND plan_id NOT IN ${IN_LIST}`);
  for (const [from, to] of pages(db, `${prefix}contract`, key)) {
    for (const { member, position } of wrong.all(...from, ...to, listOf(plans)))
      say(trouble, `member ${member}.contracts[${position}].planId: the id of a plan`);
    if (trouble.length >= MOST_LINES) return;
    yield 'more';
  }
}

function* checkTickets(
  db: Database,
  prefix: string,
  { ticketTypes }: KnownIds,
  trouble: string[],
): Generator<Piece, void> {
  const key = ['member_id', 'position', 'id'];
  const wrong = db.prepare<Value[], { id: string }>(`
    SELECT id FROM ${prefix}ticket WHERE ${within(key)} AND type_id NOT IN ${IN_LIST}`);
  for (const [from, to] of pages(db, `${prefix}ticket`, key)) {
    for (const { id } of wrong.all(...from, ...to, listOf(ticketTypes)))
      say(trouble, `ticket ${id}.typeId: the id of a ticket type`);
    if (trouble.length >= MOST_LINES) return;
    yield 'more';
  }
}

function* checkReservations(
  db: Database,
  prefix: string,
  { stores, programs }: KnownIds,
  trouble: string[],
): Generator<Piece, void> {
  const wrong = db.prepare<Value[], { id: string; store: number; program: number }>(`
    SELECT id, store_id IN ${IN_LIST} AS store, program_id IN ${IN_LIST} AS program
    FROM ${prefix}reservation WHERE ${within(['id'])} AND NOT (store AND program)`);
  for (const [from, to] of pages(db, `${prefix}reservation`, ['id'])) {
    for (const { id, store, program } of wrong.all(listOf(stores), listOf(programs), ...from, ...to)) {
      if (store === 0) say(trouble, `reservation ${id}.storeId: the id of a store`);
      if (program === 0) say(trouble, `reservation ${id}.programId: the id of a program`);
    }
    if (trouble.length >= MOST_LINES) return;
    yield 'more';
  }
}

type Value = string | number;

const IN_LIST = '(SELECT value FROM json_each(?))';
const listOf = (ids: ReadonlySet<string>) => JSON.stringify([...ids]);
const within = (key: readonly string[]) => {
  const columns = key.join(', ');
  const marks = key.map(() => '?').join(', ');
  return `(${columns}) > (${marks}) AND (${columns}) <= (${marks})`;
};

/** Of some rows each, in the order of the key: the key of the last one before, and of its last. */
function* pages(db: Database, table: string, key: readonly string[]): Generator<readonly [Value[], Value[]], void> {
  const columns = key.join(', ');
  const row = (order: string, rest: string) =>
    db.prepare<Value[], Value[]>(`SELECT ${columns} FROM ${table} ${order} LIMIT 1 ${rest}`).raw();
  const last = row(`ORDER BY ${key.map((column) => `${column} DESC`).join(', ')}`, '').get();
  const marks = key.map(() => '?').join(', ');
  const next = row(`WHERE (${columns}) > (${marks}) ORDER BY ${columns}`, `OFFSET ${ROWS - 1}`);
  let from: Value[] = key.map((column) => (column === 'position' ? -1 : ''));
  while (last !== undefined && from.join('\0') !== last.join('\0')) {
    const to = next.get(...from) ?? last;
    yield [from, to];
    from = to;
  }
}

function say(trouble: string[], line: string): void {
  if (trouble.length < MOST_LINES) trouble.push(line);
}
