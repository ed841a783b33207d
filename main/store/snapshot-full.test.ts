// A new unit takes its first snapshot, and its disk is too small. What it has stays as it was, the hub is told why, and
// once somebody has made room it goes on where it was: nothing comes twice, nothing is missing.
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { digestOfSite } from './digest.ts';
import { ReplicaFault } from './replica.ts';
import { changesOf } from './test-hub.ts';
import { GYM, TestStore } from './testing.ts';

const PAGE = 20;
const BIG = {
  ...GYM,
  members: Array.from({ length: 200 }, (_, index) => ({
    ...{ id: `m${String(index).padStart(3, '0')}`, name: '長'.repeat(300), kana: null, codes: [`BIG-${index}`] },
    suspended: { profile: false, identity: false },
    contracts: [{ id: `n${index}`, planId: 'four', from: '2026-01-01', to: null }],
  })),
  ...{ tickets: [], reservations: [], usage: [], ticketUses: [], stays: [] },
};

/** The disk of the store's own connection: a limit that others set is none for it. */
function diskOf(store: TestStore): { readonly pages: () => number; readonly limit: (pages: number) => void } {
  using pragma = vi.spyOn(Database.prototype, 'pragma');
  store.store.purge();
  const [db] = pragma.mock.contexts;
  if (!(db instanceof Database)) throw new Error('a store has a connection');
  return {
    pages: () => Number(db.pragma('page_count', { simple: true })),
    limit: (pages) => void db.pragma(`max_page_count = ${pages}`),
  };
}

/** Goes on as the link does, from the cursor to the end. @returns what stopped it; null: all is in */
function takeIn(unit: TestStore): ReplicaFault | null {
  let ticks = 0;
  const replica = unit.store.replica(() => (ticks += 1));
  const rows = changesOf(BIG);
  const run = (work: { step(budget: number): boolean }) => {
    while (!work.step(1));
  };
  try {
    if (replica.staged() === null) replica.beginSnapshot(2);
    for (let at = Number(replica.staged()?.cursor); at < rows.length; at += PAGE)
      run(replica.stage(rows.slice(at, at + PAGE), String(at + PAGE)));
    const work = replica.finishSnapshot(2, [], 0);
    run(work);
    expect(work.trouble()).toEqual([]);
    run(replica.tidy());
    return null;
  } catch (error) {
    if (error instanceof ReplicaFault) return error;
    throw error;
  }
}

test.each([
  ['nothing', null],
  ['a site', GYM],
] as const)(
  'a unit that has %s keeps it while the disk is full, and goes on from there when there is room',
  (_, site) => {
    const unit = new TestStore(site);
    const replica = unit.store.replica(() => 0);
    replica.pair({ tenant: 't', hubKey: 'k', sealKey: 's', url: 'ws://localhost' });
    replica.beginSnapshot(2);
    const disk = diskOf(unit);
    disk.limit(disk.pages() + 40);
    expect(takeIn(unit)?.fault.code).toBe('full');
    const { cursor, rows } = replica.staged() ?? { cursor: '', rows: 0 };
    expect([Number(cursor) > PAGE, Number(cursor)]).toEqual([true, rows]);
    expect(unit.store.exportSite()).toStrictEqual(site);
    // Tried again while nothing has changed, it is no further and has lost nothing.
    expect(takeIn(unit)?.fault.code).toBe('full');
    expect(replica.staged()).toMatchObject({ cursor, rows });
    if (site !== null) expect(unit.store.memberName('ann')).toBe('Name of ann');

    disk.limit(1_000_000);
    expect(takeIn(unit)).toBeNull();
    expect(digestOfSite(unit.store.exportSite())).toBe(digestOfSite(BIG));
    expect(unit.query('PRAGMA integrity_check')).toStrictEqual([{ integrity_check: 'ok' }]);
    expect(new TestStore(null, unit.file).store.exportSite()).toStrictEqual(unit.store.exportSite());
  },
);
