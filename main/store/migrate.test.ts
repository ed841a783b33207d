// A unit of the first schema, with members, counts and a record, gets a new program: it finds all of it again.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { dayNumber } from '../core/rules.ts';
import { HOUR_MS } from '../core/time/day.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import { sql as initial } from './migrations/0010-initial.ts';
import { sql as replay } from './migrations/0020-replay.ts';
import { sql as undo } from './migrations/0040-undo.ts';
import { sql as usedPasses } from './migrations/0060-used-passes.ts';
import { sql as historyStep } from './migrations/0070-history.ts';
import { sql as terminals } from './migrations/0080-terminals.ts';
import { sql as late } from './migrations/0090-late.ts';
import { sql as doorOrders } from './migrations/0100-door-orders.ts';
import { Retention } from './retention.ts';
import { GYM, KEYS, must, TestStore, tempFile, usageOn } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const FIRST = { limit: 9, after: null } as const;
const HISTORY = ['event', 'contract', 'usage', 'ticket_use', 'stay'];

/** A file of an earlier version with what a unit has after a while, made from a present one by plain statements. */
function earlier(version: number, steps: readonly string[]): string {
  const present = new TestStore({
    ...GYM,
    usage: usageOn('bob', 'day', '2026-11-01'),
    ticketUses: [{ ticketId: 'k-bob', date: '2026-11-05', uses: 2 }],
  });
  for (const day of [1, 2, 3, 4, 5]) present.use('ann', NOON - day * 24 * HOUR_MS);
  present.enter('ann', NOON);
  present.leave('ann', NOON + HOUR_MS);
  present.enter('bob', NOON);
  present.spend('bob', NOON);
  const file = tempFile();
  const db = new Database(file);
  for (const sql of steps) db.exec(sql);
  db.pragma(`user_version = ${version}`);
  db.exec(`ATTACH '${present.file}' AS present`);
  // Counts are those of the rows, kept by the step's own triggers.
  for (const table of ['unit', 'member', 'code', 'ticket', 'reservation', 'master', ...HISTORY]) {
    const columns = db.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}', 'main')`).all();
    const names = columns.map(({ name }) => name).join(', ');
    db.exec(`INSERT INTO main.${table} (${names}) SELECT ${names} FROM present.${table}`);
  }
  db.close();
  return file;
}

const rows = (file: string, table: string, columns: string): unknown[] => {
  const db = new Database(file, { readonly: true });
  const found = db.prepare(`SELECT ${columns} FROM ${table} ORDER BY 1, 2`).all();
  db.close();
  return found;
};

test.each([
  ['10, the first', 10, [initial]],
  ['60, before history', 60, [initial, replay, undo, usedPasses]],
  ['100, before the sync', 100, [initial, replay, undo, usedPasses, historyStep, terminals, late, doorOrders]],
] as const)('version %s', (_, version, steps) => {
  const file = earlier(version, steps);
  const before = HISTORY.map((table) => rows(file, table, '*'));
  const unit = new TestStore(null, file);
  const [{ version: now } = { version: 0 }] = unit.query('SELECT user_version AS version FROM pragma_user_version');
  expect(now).toBe(SCHEMA_VERSION);
  for (const [index, table] of HISTORY.entries()) {
    const columns = Object.keys(Object(before[index]?.[0])).join(', ');
    expect(rows(file, table, columns), table).toStrictEqual(before[index]);
  }
  expect(unit.query('PRAGMA foreign_key_check')).toStrictEqual([]);
  expect(unit.query('PRAGMA integrity_check')).toStrictEqual([{ integrity_check: 'ok' }]);

  // Whose a code is is known by digest and by member.
  const codes = 'SELECT digest, member_id FROM';
  expect(unit.query(`${codes} member_code ORDER BY 1`)).toStrictEqual(unit.query(`${codes} code ORDER BY 1`));
  expect(unit.query("SELECT count(*) AS n FROM code WHERE member_id = 'ann'")).toEqual([{ n: 2 }]);

  // Nothing of it is lost to those who ask.
  const { history, record } = unit.store;
  expect(record.verify()).toMatchObject({ ok: true, first: 1, events: 9 });
  expect(history.usageOf('ann', FIRST)).toHaveLength(5);
  expect(history.overLimit(unit.rules, dayNumber('2026-11-01'), FIRST)).toMatchObject([
    { memberId: 'ann', days: 5, limit: 4 },
  ]);
  expect(history.ticketUses({ by: 'type', id: 'ever' }, FIRST)).toMatchObject([
    { memberId: 'bob', uses: 1, at: NOON, seq: 9 },
    { memberId: 'bob', uses: 2, at: null, seq: null },
  ]);
  const today = dayNumber('2026-11-18');
  expect(history.traffic(unit.rules, 'gym', today, today)).toStrictEqual([
    { day: today, hour: 12, entries: 2, exits: 0 },
    { day: today, hour: 13, entries: 0, exits: 1 },
  ]);
  expect(history.inside(unit.rules, 'gym', NOON + HOUR_MS, FIRST)).toMatchObject([{ memberId: 'bob' }]);

  // And it goes on: entries, undoing, import, retention.
  unit.undo(5, 'ann', NOON);
  expect(history.overLimit(unit.rules, dayNumber('2026-11-01'), FIRST)).toStrictEqual([]);
  unit.import(GYM);
  expect(history.ticketUses({ by: 'all' }, FIRST)).toHaveLength(1);
  must(new Retention(unit.store).slice({ at: NOON, clock: 'synced', rules: unit.rules }));
  expect(record.verify()).toMatchObject({ ok: true, events: 10 });
  expect(
    KEYS.open('member ann', unit.query("SELECT sealed FROM member WHERE id = 'ann'")[0]?.['sealed'] as Buffer),
  ).toMatchObject({
    name: 'Name of ann',
  });
});
