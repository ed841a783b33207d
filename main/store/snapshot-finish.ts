/**
 * The end of a snapshot: it is sorted and checked, what the hub doesn't know is put on top, days are counted; then it is
 * switched in, in one small transaction. Until that one is durable the old data decides, as if nothing had come.
 */
import type { Database } from 'better-sqlite3';
import { Roster } from '../../sync/wire/entities.ts';
import { monthStart } from '../core/time/day.ts';
import { EffectRows } from './effect-rows.ts';
import type { Keys } from './keys.ts';
import { MasterRows, masterEntities } from './master.ts';
import { putBack } from './put-back.ts';
import { MOST_LINES } from './refused.ts';
import type { Whose } from './rows-source.ts';
import type { Piece } from './sliced.ts';
import { checkReferences, type StagedMaster, stagedMaster } from './snapshot-check.ts';
import { sortCodes } from './snapshot-codes.ts';
import { Stage } from './snapshot-stage.ts';
import { prefixOf, switchTables } from './snapshot-tables.ts';
import { StandingAside } from './standing.ts';
import { applyAll, type Head, UnknownEvents } from './unknown-events.ts';

export interface Closing {
  /** Of the cut, at the hub. */
  readonly revision: number;
  readonly knows: readonly Head[];
  /** Epoch ms. */
  readonly at: number;
  readonly generation: number;
  readonly me: Whose;
}

/** Wrong data ends in `trouble`, and what is here stays. The switch is the last slice. */
export function* finish(db: Database, keys: Keys, closing: Closing, trouble: string[]): Generator<Piece, void> {
  const { generation, me, knows } = closing;
  const prefix = prefixOf(generation);
  db.prepare('UPDATE snapshot SET finishing = 1').run();
  for (const memberId of new Stage(db, keys, generation, me).settle()) {
    if (trouble.length < MOST_LINES)
      trouble.push(`${memberId}: a member that is there, and contract ids that stand only once`);
  }
  yield* sortCodes(db, prefix, trouble);
  yield* checkReferences(db, keys, prefix, trouble);
  if (trouble.length > 0) {
    abandon(db);
    return;
  }
  const staged = stagedMaster(db);
  const unknown = new UnknownEvents(db, me, knows, unitsOf(staged.roster));
  const aside = new StandingAside(db, '', lastStay(db, prefix));
  yield* unknown.apply(new EffectRows(db, prefix, (source) => aside.stayId(source)));
  yield* countMonths(db, prefix);
  yield 'durable';
  switchIn(db, keys, closing, staged, unknown);
}

/** Its tables are destroyed later. */
export function abandon(db: Database): void {
  db.prepare('DELETE FROM snapshot').run();
  db.prepare('DELETE FROM snapshot_master').run();
}

function unitsOf(roster: string | null): ReadonlySet<string> {
  if (roster === null) return new Set();
  return new Set(Roster.parse(JSON.parse(roster)).sites.flatMap(({ units }) => units.map(({ unit }) => unit)));
}

/** The last number that a stay of either side has or may get until the switch. */
function lastStay(db: Database, prefix: string): number {
  const row = db.prepare<[], { id: number | null }>(`SELECT max(id) AS id FROM ${prefix}stay`).get();
  const here = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM stay').get();
  return Math.max(row?.id ?? 0, (here?.id ?? 0) + 1_000_000);
}

interface CountedRow {
  readonly member: string;
  readonly day: number;
  readonly contract: string;
  readonly band: string;
}

/** As the triggers do it for single rows. */
function* countMonths(db: Database, prefix: string): Generator<Piece, void> {
  const page = db.prepare<[string, number, string, string], CountedRow>(`
    SELECT member_id AS member, day, contract_id AS contract, band_id AS band FROM ${prefix}usage
    WHERE (member_id, day, contract_id, band_id) > (?, ?, ?, ?)
    ORDER BY member_id, day, contract_id, band_id LIMIT 100`);
  const count = db.prepare(`
    INSERT INTO ${prefix}month_count (contract_id, month, band_id, member_id, plan_id, days)
    VALUES (?, ?, ?, ?, (SELECT plan_id FROM ${prefix}contract WHERE id = ?), ?)
    ON CONFLICT DO UPDATE SET days = days + excluded.days`);
  for (let last: CountedRow = { member: '', day: -1, contract: '', band: '' }; ; ) {
    const rows = page.all(last.member, last.day, last.contract, last.band);
    const days = new Map<string, { readonly row: CountedRow; readonly month: number; n: number }>();
    for (const row of rows) {
      const month = monthStart(Math.min(row.day, LAST_DAY));
      const key = JSON.stringify([row.member, month, row.contract, row.band]);
      const known = days.get(key);
      if (known === undefined) days.set(key, { row, month, n: 1 });
      else known.n += 1;
    }
    for (const { row, month, n } of days.values()) {
      count.run(row.contract, month, row.band, row.member, row.contract, n);
    }
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end;
    yield 'more';
  }
}

/** SQLite counts months up to 9999 (migration 0070). */
const LAST_DAY = 2_932_896;

function switchIn(db: Database, keys: Keys, closing: Closing, staged: StagedMaster, unknown: UnknownEvents): void {
  const { generation, revision, knows, at, me } = closing;
  const { master, settings, roster } = staged;
  if (master === null) throw new Error('a snapshot was checked to have a site');
  switchTables(db, generation);
  db.prepare('UPDATE unit SET revision = revision + 1, imported_at = ?').run(at);
  const row = db.prepare<[], { revision: number }>('SELECT revision FROM unit').get();
  new MasterRows(db, row?.revision ?? 0, at).replaceAll(masterEntities(master));
  // A hub without settings says nothing of them: the unit's own staff can still sign in.
  if (settings !== null) db.prepare(SETTINGS).run(settings);
  // What was recorded while the rest was counted; its entries and exits were counted then.
  db.prepare('UPDATE retention SET forgetting = 1').run();
  const before = new StandingAside(db, `gone${generation}_`, lastStay(db, ''));
  applyAll(unknown, new EffectRows(db, '', (source) => before.stayId(source)));
  db.prepare('UPDATE retention SET forgetting = 0').run();
  putBack(db, keys);
  db.prepare('UPDATE hub SET revision = ?, newest = max(newest, ?), roster = ?').run(revision, revision, roster);
  for (const { unit, epoch, seq } of knows) {
    if (unit !== me.unit) db.prepare(KNOWN).run(unit, epoch, seq);
  }
  db.prepare(FORGET_EVENTS).run();
  db.prepare(FORGET_UNDONE).run();
  abandon(db);
}

const SETTINGS = `
  INSERT INTO settings (id, revision, sealed) VALUES (1, 1, ?)
  ON CONFLICT (id) DO UPDATE SET revision = revision + 1, sealed = excluded.sealed`;
/** A hub that was restored knows less than before. */
const KNOWN = `
  INSERT INTO peer (unit, epoch, known) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET known = excluded.known`;
const FORGET_EVENTS = `
  DELETE FROM peer_event WHERE seq <= (
    SELECT known FROM peer WHERE peer.unit = peer_event.unit AND peer.epoch = peer_event.epoch)`;
const FORGET_UNDONE = `
  DELETE FROM peer_undone WHERE undo_seq <= (
    SELECT known FROM peer WHERE peer.unit = peer_undone.unit AND peer.epoch = peer_undone.epoch)`;
