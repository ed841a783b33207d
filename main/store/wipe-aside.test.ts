// A unit is taken out of its tenant. Databases that it has set aside still have its members: they go too. What they have
// recorded and nobody else has does not.
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listAside } from './aside.ts';
import type { Store } from './store.ts';
import { AT, leaveTraces, rebuilt, spoil, usedDatabase } from './test-damage.ts';
import { isInFile, memberTraces } from './traces.ts';

const PAIRED = { tenant: 't', hubKey: 'k', sealKey: 's', url: 'ws://localhost' };

/** @returns what may still have members */
function wiped(store: Store, thoroughly = false): readonly string[] {
  const work = store.replica(() => 0).wipeMembers(AT, thoroughly);
  while (!work.step(1));
  return work.left().map((file) => basename(file));
}

const beside = (file: string) =>
  readdirSync(dirname(file)).filter((name) => /damaged|swap|put-back/.test(name) && !/-(?:wal|shm)$/.test(name));

function ask(file: string, sql: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

test('one of which all has gone over, or is at the hub, is destroyed', () => {
  const file = usedDatabase(PAIRED);
  spoil(file, 'month_count');
  const { store } = rebuilt(file);
  const unsent = store.outbox();
  expect(unsent).toBe(51);
  expect(wiped(store)).toEqual([]);
  expect(beside(file)).toEqual([]);
  // And that it was wiped.
  expect(store.outbox()).toBe(unsent + 1);
  const { unit } = store.replica(() => 0).unit();
  expect(store.replica(() => 0).relayed(unit, 0, { events: 128, bytes: 1_000_000 })?.bodies).toHaveLength(50);
});

test('destroying overwrites, and goes on where it was cut short', () => {
  const file = usedDatabase(PAIRED);
  const { store } = rebuilt(file, null, 'put-back');
  for (const name of ['damaged-7', 'damaged-7-wal']) writeFileSync(`${file}.${name}.going`, 'x'.repeat(200_000));
  const work = store.replica(() => 0).wipeMembers(AT);
  // The first slices are of the rows; then 64 kB a piece.
  for (let step = 0; step < 1_000 && !existsSync(`${file}.put-back-1.going`); step += 1) work.step(0);
  const left = ['damaged-7', 'damaged-7-wal'].map((name) => readFileSync(`${file}.${name}.going`, 'latin1'));
  expect(left.join('').match(/x/g)).toHaveLength(400_000 - 65_536);
  while (!work.step(0));
  expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.going'))).toEqual([]);
});

function tracesIn(file: string): Buffer[] {
  const db = new Database(file, { readonly: true });
  const traces = memberTraces(db, 'ann');
  db.close();
  return [...traces];
}

test.each([false, true])(
  'one that has events of its own alone keeps them, and nobody (thoroughly: %s)',
  (thoroughly) => {
    // Of a unit without a hub nothing goes over.
    const file = usedDatabase();
    const { store, aside } = rebuilt(file, null, 'swap');
    const traces = thoroughly ? leaveTraces(aside) : tracesIn(aside);
    const since = new Date('2026-11-01T00:00:00Z');
    expect(isInFile(aside, traces)).toBe(true);
    for (const one of [aside, `${aside}-wal`]) if (existsSync(one)) utimesSync(one, since, since);
    expect(wiped(store, thoroughly)).toEqual([]);
    expect(listAside(file)).toMatchObject([{ since: since.getTime() }]);
    expect(beside(file)).toEqual([basename(aside)]);
    expect(['member', 'code', 'contract', 'held'].map((table) => ask(aside, `SELECT count(*) FROM ${table}`))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(isInFile(aside, traces)).toBe(false);
  },
);

test('one that another unit wrote keeps what it has recorded', () => {
  const file = usedDatabase(PAIRED);
  const { store, aside } = rebuilt(file, null, 'swap');
  const db = new Database(aside);
  db.exec(`UPDATE unit SET unit_id = 'another'`);
  db.close();
  expect(wiped(store)).toEqual([]);
  expect(ask(aside, 'SELECT count(*) FROM event')).toBe(200);
  expect(ask(aside, 'SELECT count(*) FROM member')).toBe(0);
});

test('one that is damaged and has what went over nowhere else stays, with the one that it came from', () => {
  const file = usedDatabase(PAIRED);
  rebuilt(file).store.close();
  const { store } = rebuilt(file);
  // As after a hand in it: of the first epoch nothing is known here.
  const db = new Database(file);
  db.exec('DELETE FROM peer WHERE epoch = 1');
  db.close();
  expect(wiped(store)).toEqual(['genkan.db.damaged-1', 'genkan.db.damaged-2']);
  expect(beside(file)).toHaveLength(2);
});

test.each(['event', 'sqlite_schema', 'peer_event'])('one whose %s can’t be read stays, and is told of', (table) => {
  const file = usedDatabase(PAIRED);
  const db = new Database(file);
  db.exec(`INSERT INTO peer_event SELECT unit_id, 0, 1, '{}', 'h', 'p' FROM unit`);
  db.close();
  spoil(file, table);
  const { store, aside } = rebuilt(file, { unitId: 'abc', epoch: 1 });
  expect(wiped(store)).toEqual([basename(aside)]);
  expect(existsSync(aside)).toBe(true);
  // Nor is it another time.
  expect(wiped(store, true)).toEqual([basename(aside)]);
});
