// A page of the database is gone. What can still be read goes over; what can't is said; nothing of the old file changes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { headText } from '../../sync/wire/signed.ts';
import { noteIdentity, readIdentity } from './data-dir.ts';
import { AKI, AT, rebuilt, spoil, usedDatabase } from './test-damage.ts';
import { GYM } from './testing.ts';

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
