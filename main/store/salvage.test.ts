// A page of the database is gone. What can still be read goes over; what can't is said; nothing of the old file changes.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { headText } from '../../sync/wire/signed.ts';
import { setAside } from './aside.ts';
import { noteIdentity, readIdentity } from './data-dir.ts';
import type { Pairing } from './replica.ts';
import { draftEpoch, placeEpoch, salvage } from './salvage.ts';
import { Store } from './store.ts';
import { GYM, KEYS } from './testing.ts';

const NOTHING = { doorId: null, readerId: null, direction: null, result: null, of: null, detail: {} } as const;
const AT = Date.UTC(2026, 10, 2, 3);

const AKI = { id: 'unit-1', name: 'Aki', role: 'manager', pinHash: '$argon2id$x' } as const;

function usedDatabase(paired: Pairing | null = null): string {
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

/** Overwrites every page of a table. */
function spoil(file: string, table: string): void {
  const db = new Database(file, { readonly: true });
  const pages = db.prepare<[string], { pageno: number }>('SELECT pageno FROM dbstat WHERE name = ?').all(table);
  db.close();
  const fd = openSync(file, 'r+');
  for (const { pageno } of pages) writeSync(fd, Buffer.alloc(4_096, 0xa5), 0, 4_096, (pageno - 1) * 4_096);
  closeSync(fd);
}

function rebuilt(file: string, known: Parameters<typeof salvage>[2] = null) {
  const aside = setAside(file, 'damaged');
  if (!aside.ok) throw new Error(aside.error.detail);
  const found = salvage(aside.value, KEYS, known);
  const draft = draftEpoch(file, KEYS, aside.value, found, { at: AT, clock: 'held' }, { why: 'damaged' });
  const store = draft.ok ? placeEpoch(file, KEYS, draft.value) : draft;
  if (!store.ok) throw new Error(store.error.detail);
  onTestFinished(() => store.value.close());
  const [body = ''] = [...store.value.record.since(0)];
  const first: { detail: unknown } = JSON.parse(body);
  return { found, store: store.value, first, aside: aside.value };
}

const unitOf = (file: string) => {
  const db = new Database(file, { readonly: true });
  const row = db.prepare<[], { unit_id: string }>('SELECT unit_id FROM unit').get();
  db.close();
  return row?.unit_id ?? '';
};

describe('what is lost, and what goes over', () => {
  test('a table of history: the same unit, its next epoch, the head of the one before, and the site', () => {
    const file = usedDatabase();
    const unitId = unitOf(file);
    spoil(file, 'month_count');
    const { found, store, first } = rebuilt(file);
    expect(found.site).toStrictEqual(expect.objectContaining({ members: GYM.members }));
    expect(found.clock).toStrictEqual({ trustedAt: AT, syncedAt: AT - 1 });
    expect(store.record.unit()).toMatchObject({ unit_id: unitId, epoch: 2 });
    expect(first.detail).toMatchObject({ what: 'epoch', before: { epoch: 1, head: 200, hash: found.head?.hash } });
    expect(found.head?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(store.clockMarks.read()).toMatchObject({ trustedAt: AT, syncedAt: AT - 1 });
    expect(store.setupCode()).toMatch(/^\d{8}$/);
    expect(store.staff.list()).toStrictEqual([{ ...AKI, from: 'unit' }]);
    // What the hub doesn't have is now of the new epoch's first event.
    expect(store.held.waiting(9)).toMatchObject([
      { kind: 'carry-over', body: { mail: 'a' }, madeAt: AT - 5, memberId: 'ann', seq: 1 },
    ]);
    expect(store.record.verify().ok).toBe(true);
  });

  test('what the hub has not heard waits for it, signed by the unit, and it hears which head was before', () => {
    const file = usedDatabase({ tenant: 't', hubKey: 'k', sealKey: 's', url: 'ws://localhost' });
    spoil(file, 'month_count');
    const { store, found } = rebuilt(file);
    const replica = store.replica(() => 0);
    expect(replica.before()).toMatchObject({ epoch: 1, seq: 200 });
    const { unit } = replica.unit();
    const part = replica.relayed(unit, 0, { events: 128, bytes: 1_000_000 });
    expect(part).toMatchObject({ epoch: 1, from: 151 });
    expect(part?.bodies.length).toBe(50);
    expect(part?.proof).toBe(replica.sign(headText(unit, 1, 200, part?.hash ?? '')));
    expect(replica.before()?.hash).toBe(part?.hash);
    // Damaged again before the hub has heard of it: all of it goes over again, in order.
    store.close();
    const again = rebuilt(file);
    expect(again.found.unsent.slice(0, 50)).toStrictEqual(found.unsent);
    expect(again.found.unsent.slice(50)).toMatchObject([{ epoch: 2, seq: 1 }]);
    const next = again.store.replica(() => 0);
    next.peerAcknowledged(unit, 1, 200);
    expect(next.relayed(unit, 0, { events: 128, bytes: 1_000_000 })).toMatchObject({ epoch: 2, from: 1 });
  });

  test('the members: the rest of the unit is known', () => {
    const file = usedDatabase();
    spoil(file, 'member');
    const { found } = rebuilt(file);
    expect(found).toMatchObject({ site: null, head: { seq: 200 } });
  });

  test('the record: the head is unknown, and the event says so', () => {
    const file = usedDatabase();
    spoil(file, 'event');
    expect(rebuilt(file).first.detail).toMatchObject({ before: { epoch: 1, head: null, hash: null } });
  });

  test('everything: the unit is who its folder says, or a new one', () => {
    const file = usedDatabase();
    writeFileSync(file, Buffer.alloc(20_000, 1));
    const { store, first } = rebuilt(file, { unitId: 'abc', epoch: 4 });
    expect(store.record.unit()).toMatchObject({ unit_id: 'abc', epoch: 5 });
    expect(first.detail).toMatchObject({ before: { epoch: 4, head: null } });
    const other = usedDatabase();
    writeFileSync(other, '');
    const { first: unknown } = rebuilt(other);
    expect(unknown.detail).toMatchObject({ before: null });
  });
});

test('nothing is removed: each damaged database keeps its own name and its bytes', () => {
  const file = usedDatabase();
  const before = readFileSync(file);
  const names = [1, 2].map(() => {
    const { store, aside } = rebuilt(file);
    store.close();
    return aside;
  });
  expect(names).toStrictEqual([`${file}.damaged-1`, `${file}.damaged-2`]);
  expect(readFileSync(`${file}.damaged-1`).equals(before)).toBe(true);
});

test('who the unit is stands beside its database, and nonsense there is nobody', () => {
  const file = join(usedDatabase(), '..', 'identity');
  expect(readIdentity(file)).toBeNull();
  noteIdentity(file, { unitId: 'abc', epoch: 2 });
  expect(readIdentity(file)).toStrictEqual({ unitId: 'abc', epoch: 2 });
  for (const nonsense of ['', '{', '{"unitId":"","epoch":1}', '{"unitId":"a","epoch":0}', '[]']) {
    writeFileSync(file, nonsense);
    expect(readIdentity(file)).toBeNull();
  }
});
