/** For tests: a unit's database that is damaged, set aside and begun anew. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type EpochWhy, setAside } from './aside.ts';
import type { Pairing } from './replica.ts';
import { draftEpoch, placeEpoch, salvage } from './salvage.ts';
import { Store } from './store.ts';
import { GYM, KEYS } from './testing.ts';
import { traceOf } from './traces.ts';

const NOTHING = { doorId: null, readerId: null, direction: null, result: null, of: null, detail: {} } as const;
export const AT = Date.UTC(2026, 10, 2, 3);

export const AKI = { id: 'unit-1', name: 'Aki', role: 'manager', pinHash: '$argon2id$x' } as const;

/** Of a unit with members, 200 events and something that waits for the hub; of them `paired` has 150. @returns its file */
export function usedDatabase(paired: Pairing | null = null): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-salvage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'genkan.db');
  const store = Store.open(file, KEYS);
  if (!store.ok) throw new Error(store.error.detail);
  store.value.transact((writer) => {
    writer.importSite(GYM, AT);
    writer.clockMarks.set(AT, AT - 1);
    for (let count = 0; count < 200; count += 1)
      writer.record.append({ ...NOTHING, at: AT, type: 'input', clock: 'held' });
    writer.staff.put(AKI);
    writer.held.keep('carry-over', { mail: 'a' }, { seq: 9, at: AT - 5, memberId: 'ann' });
  });
  if (paired !== null) {
    const replica = store.value.replica(() => 0);
    replica.pair(paired);
    replica.acknowledge(1, 150);
  }
  store.value.close();
  return file;
}

/** Leaves a copy of what members' rows are known by in pages that nothing uses any more. @returns it */
export function leaveTraces(file: string): readonly Buffer[] {
  const db = new Database(file);
  const rows = db.prepare<[], { sealed: Buffer }>('SELECT sealed FROM member').all();
  db.pragma('secure_delete = OFF');
  db.exec('CREATE TABLE copy AS SELECT sealed FROM member; DROP TABLE copy');
  db.close();
  return rows.map(({ sealed }) => traceOf(sealed));
}

/** Overwrites every page of a table. */
export function spoil(file: string, table: string): void {
  const db = new Database(file, { readonly: true });
  const pages = db.prepare<[string], { pageno: number }>('SELECT pageno FROM dbstat WHERE name = ?').all(table);
  db.close();
  const fd = openSync(file, 'r+');
  for (const { pageno } of pages) writeSync(fd, Buffer.alloc(4_096, 0xa5), 0, 4_096, (pageno - 1) * 4_096);
  closeSync(fd);
}

/** Sets the database aside and begins the next epoch. */
export function rebuilt(file: string, known: Parameters<typeof salvage>[2] = null, why: EpochWhy = 'damaged') {
  const aside = setAside(file, why);
  if (!aside.ok) throw new Error(aside.error.detail);
  const found = salvage(aside.value, KEYS, known);
  const draft = draftEpoch(file, KEYS, aside.value, found, { at: AT, clock: 'held' }, { why });
  const store = draft.ok ? placeEpoch(file, KEYS, draft.value) : draft;
  if (!store.ok) throw new Error(store.error.detail);
  onTestFinished(() => store.value.close());
  const [body = ''] = [...store.value.record.since(0)];
  const first: { detail: unknown } = JSON.parse(body);
  return { found, store: store.value, first, aside: aside.value };
}
