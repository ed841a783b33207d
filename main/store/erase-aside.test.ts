// Somebody was forgotten by the unit, and still stood in the database that it had set aside a month before.
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { eraseAside } from './erase-aside.ts';
import { leaveTraces, rebuilt, spoil, usedDatabase } from './test-damage.ts';
import { isInFile } from './traces.ts';

const names = ({ erased, left }: ReturnType<typeof eraseAside>) =>
  [erased, left].map((one) => one.map((file) => basename(file)));

function ask(file: string, sql: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).pluck().all();
  } finally {
    db.close();
  }
}

test('rows and bytes of the person go from what was set aside, and of nobody else; once', () => {
  const file = usedDatabase();
  const { aside } = rebuilt(file, null, 'swap');
  const [ann] = leaveTraces(aside);
  const traces = ann === undefined ? [] : [ann];
  expect(isInFile(aside, traces)).toBe(true);
  expect(names(eraseAside(file, 'ann'))).toEqual([['genkan.db.swap-1'], []]);
  expect(ask(aside, 'SELECT id FROM member ORDER BY id')).toEqual(['bob', 'cho']);
  expect(isInFile(aside, traces)).toBe(false);
  expect(ask(aside, 'SELECT count(*) FROM event')).toEqual([200]);
  expect(names(eraseAside(file, 'ann'))).toEqual([[], []]);
});

test('what can’t be read is named where it has the person’s id, and no other', () => {
  const file = usedDatabase();
  spoil(file, 'contract');
  rebuilt(file);
  writeFileSync(`${file}.put-back-3`, 'not a database at all');
  expect(names(eraseAside(file, 'ann'))).toEqual([[], ['genkan.db.damaged-1']]);
  expect(names(eraseAside(file, 'nobody-of-this-id'))).toEqual([[], []]);
});
