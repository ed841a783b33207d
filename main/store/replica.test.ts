// Two doors of one house and their hub. Whatever comes in whatever order, each use counts once, and at rest all three
// say the same.
import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { DAY_MS, HOUR_MS } from '../core/time/day.ts';
import { digestOfSite } from './digest.ts';
import { ModelHub, memberRow } from './test-hub.ts';
import { SyncedUnit } from './test-unit.ts';
import { GYM, TestStore } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const TICKETS = GYM.ticketTypes.map((type) => ({
  ...type,
  entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'day' as const },
}));
const SITE = { ...GYM, ticketTypes: TICKETS };

function house(): { hub: ModelHub; a: SyncedUnit; b: SyncedUnit } {
  const hub = new ModelHub();
  hub.importSite(SITE);
  const [a, b] = [new SyncedUnit(hub), new SyncedUnit(hub)];
  for (const unit of [a, b]) unit.snapshot();
  return { hub, a, b };
}

function rest({ hub, a, b }: ReturnType<typeof house>): void {
  for (const unit of [a, b]) unit.push();
  for (const unit of [a, b]) unit.pull();
  const all = digestOfSite(hub.export());
  expect(a.unit.store.exportSite()).toMatchObject({ tickets: hub.export().tickets });
  expect([a.digest, b.digest]).toStrictEqual([all, all]);
}

const left = ({ unit }: SyncedUnit, id: string) =>
  unit.store.exportSite()?.tickets.find((ticket) => ticket.id === id)?.remaining;

describe('a snapshot', () => {
  test('brings the whole site, and replaces what was there', () => {
    const { hub, a } = house();
    expect(a.unit.store.exportSite()).toStrictEqual(SITE);
    expect(a.replica.hubRevision()).toBe(hub.revision);
    expect(a.unit.query('PRAGMA foreign_key_check')).toStrictEqual([]);
    expect(a.unit.query('PRAGMA integrity_check')).toStrictEqual([{ integrity_check: 'ok' }]);
    expect(a.unit.query("SELECT name FROM sqlite_schema WHERE name LIKE 'snap%\\_%' ESCAPE '\\'")).toMatchObject([
      { name: 'snapshot_master' },
    ]);
    // As the next start does: nothing may rely on names that only the first tables' indexes had.
    expect(new TestStore(null, a.unit.file).store.exportSite()).toStrictEqual(SITE);
  });

  test('is what a program that starts anew decides by', () => {
    const { a } = house();
    const again = new TestStore(null, a.unit.file);
    expect(again.store.members.insideOf('ann', 0, NOON)).toStrictEqual([]);
    expect(again.store.exportSite()).toStrictEqual(SITE);
  });

  test('what happened here meanwhile, and the hub does not know, is there afterwards', () => {
    const at = house();
    const { a } = at;
    a.scan('ann', NOON, 'in');
    let times = 0;
    a.budget = 3;
    a.snapshot(() => {
      times += 1;
      if (times === 2) a.scan('bob', NOON, 'in', 'k-bob');
      if (times === 4) a.scan('ann', NOON + HOUR_MS, 'out');
    });
    expect(times).toBeGreaterThan(4);
    expect(a.unit.store.exportSite()).toMatchObject({
      usage: [{ memberId: 'ann', date: '2026-11-18' }],
      ticketUses: [{ ticketId: 'k-bob', uses: 1 }],
      stays: [{ memberId: 'bob' }],
    });
    expect(left(a, 'k-bob')).toBe(8);
    rest(at);
  });

  test('while it comes the old data decides, and a restart goes on where it was', () => {
    const { hub, a } = house();
    const [door] = SITE.doors;
    hub.put({ kind: 'door', id: 'front', position: 0, body: { ...door!, name: 'Side', admitsPlans: null } });
    const began = hub.revision;
    a.replica.beginSnapshot(began);
    const rows = hub.all();
    a.run(a.replica.stage(rows.slice(0, 18), 'c18'));
    a.restart();
    expect(a.replica.staged()).toStrictEqual({ revision: began, cursor: 'c18', rows: 18 });
    expect(a.unit.store.master()?.doors[0]?.name).toBe('Front');
    hub.put(
      { kind: 'member', id: 'bob', position: 1, body: null },
      { kind: 'ticket', id: 'k-bob', position: 1, body: null },
    );
    a.run(a.replica.stage(rows.slice(18), 'c99'));
    a.close(began);
    expect(a.unit.store.master()?.doors[0]?.name).toBe('Side');
    expect(a.unit.store.memberName('bob')).toBeNull();
    expect(a.digest).toBe(digestOfSite(hub.export()));
    // Replays find the former revision.
    expect(a.unit.store.masterAt(1)?.doors[0]?.name).toBe('Front');
  });

  test('what is staged doesn’t wait for the disk; a scan between two slices does, and so does the switch', () => {
    const { hub, a } = house();
    using pragma = vi.spyOn(Database.prototype, 'pragma');
    const waits = () =>
      pragma.mock.calls.map(([source]) => /^synchronous = (\w+)$/.exec(source)?.[1]).findLast((mode) => mode) ?? 'FULL';
    a.replica.beginSnapshot(hub.revision);
    expect(waits()).toBe('FULL');
    a.run(a.replica.stage(hub.all(), 'c99'));
    expect(waits()).toBe('NORMAL');
    a.scan('ann', NOON, 'in');
    expect(waits()).toBe('FULL');
    a.close(hub.revision, () => expect(waits()).toBe('NORMAL'));
    const modes = pragma.mock.calls.map(([source]) => source).filter((source) => source.startsWith('synchronous'));
    // Begun, staged, the scan, sorted and checked, the switch, tidied up.
    const order = ['FULL', 'NORMAL', 'FULL', 'NORMAL', 'FULL', 'NORMAL'];
    expect(modes.map((source) => source.slice(14))).toStrictEqual(order);
  });
});

describe('what was used', () => {
  test('at one door is known at the other, and comes back as one’s own', () => {
    const at = house();
    const { a, b } = at;
    a.scan('ann', NOON, 'in');
    a.scan('bob', NOON, 'in', 'k-bob');
    expect([left(a, 'k-bob'), left(b, 'k-bob')]).toStrictEqual([8, 9]);
    rest(at);
    expect([left(a, 'k-bob'), left(b, 'k-bob')]).toStrictEqual([8, 8]);
    expect(a.unit.query('SELECT event_seq AS seq, at_hub FROM usage')).toStrictEqual([{ seq: 1, at_hub: 1 }]);
    // The second day's use of the day's ticket costs nothing, at whichever door.
    b.scan('bob', NOON + HOUR_MS, 'in', 'k-bob');
    rest(at);
    expect(left(a, 'k-bob')).toBe(8);
  });

  test('an entry that is taken back gives back once, also where another door relied on it', () => {
    const at = house();
    const { a, b } = at;
    const entry = a.scan('bob', NOON, 'in', 'k-bob');
    rest(at);
    b.scan('bob', NOON + HOUR_MS, 'in', 'k-bob');
    a.undo(entry, 'bob', NOON + HOUR_MS);
    expect(left(a, 'k-bob')).toBe(9);
    rest(at);
    // It counts for the second entry now.
    expect([left(a, 'k-bob'), left(b, 'k-bob')]).toStrictEqual([8, 8]);
    b.undo(b.entries[0] ?? 0, 'bob', NOON + 2 * HOUR_MS);
    rest(at);
    expect([left(a, 'k-bob'), left(b, 'k-bob')]).toStrictEqual([9, 9]);
  });

  test('on one date at both doors while they are apart is one date, until both are taken back', () => {
    const at = house();
    const { a, b } = at;
    const [first, second] = [a.scan('ann', NOON, 'in'), b.scan('ann', NOON, 'in')];
    rest(at);
    expect(a.unit.store.exportSite()?.usage).toHaveLength(1);
    a.undo(first, 'ann', NOON);
    rest(at);
    expect(a.unit.store.exportSite()?.usage).toHaveLength(1);
    b.undo(second, 'ann', NOON);
    rest(at);
    expect(a.unit.store.exportSite()?.usage).toStrictEqual([]);
  });

  test('is heard on the site’s network while the hub is away, and counted once when it is back', () => {
    const at = house();
    const { a, b } = at;
    const entry = a.scan('bob', NOON, 'in', 'k-bob');
    b.hear(a);
    b.hear(a);
    expect([left(b, 'k-bob'), b.unit.store.exportSite()?.stays.length]).toStrictEqual([8, 1]);
    b.scan('bob', NOON + HOUR_MS, 'out');
    a.hear(b);
    expect(a.unit.store.exportSite()?.stays).toStrictEqual([]);
    a.undo(entry, 'bob', NOON + HOUR_MS);
    b.hear(a);
    expect(left(b, 'k-bob')).toBe(9);
    // b brings what a has signed.
    const relayed = b.replica.relayed(a.id, 0, { events: 9, bytes: 99_999 });
    expect(relayed).toMatchObject({ epoch: 1, from: 1, proof: 'p' });
    expect(relayed?.bodies).toHaveLength(2);
    rest(at);
    b.replica.peerAcknowledged(a.id, 1, 2);
    expect(b.replica.relayed(a.id, 0, { events: 9, bytes: 99_999 })).toBeNull();
  });

  test('a stay that began at one door ends at the other', () => {
    const at = house();
    const { a, b } = at;
    a.scan('ann', NOON, 'in');
    rest(at);
    b.scan('ann', NOON + HOUR_MS, 'out');
    rest(at);
    expect(a.unit.query('SELECT exited_at, exit_seq FROM stay')).toStrictEqual([
      { exited_at: NOON + HOUR_MS, exit_seq: null },
    ]);
    expect(a.unit.query('SELECT sum(entries) AS entries, sum(exits) AS exits FROM traffic')).toStrictEqual([
      { entries: 1, exits: 0 },
    ]);
    expect(b.unit.query('SELECT sum(entries) AS entries, sum(exits) AS exits FROM traffic')).toStrictEqual([
      { entries: 0, exits: 1 },
    ]);
  });
});

describe('a delta', () => {
  test('of history alone leaves the rules as they are', () => {
    const at = house();
    const { hub, a, b } = at;
    const { revision } = a.unit.store.record.unit();
    b.scan('ann', NOON, 'in');
    b.scan('bob', NOON + DAY_MS, 'in', 'k-bob');
    rest(at);
    expect(a.unit.store.record.unit().revision).toBe(revision);
    const [ann] = SITE.members;
    hub.put(memberRow('ann', 0, { ...ann!, codes: ['NEW'] }));
    rest(at);
    expect(a.unit.store.record.unit().revision).toBe(revision + 1);
  });

  test('may move a code and a contract from one member to another', () => {
    const at = house();
    const [ann, bob] = SITE.members;
    const swapped = [
      { ...ann!, codes: bob!.codes, contracts: bob!.contracts },
      { ...bob!, codes: ann!.codes, contracts: ann!.contracts },
    ];
    at.hub.put(...swapped.map((member, place) => memberRow(member.id, place, member)));
    rest(at);
    const began = at.hub.revision;
    at.a.replica.beginSnapshot(began);
    at.a.run(at.a.replica.stage(at.hub.all(), 'x'));
    at.hub.put(...[ann!, bob!].map((member, place) => memberRow(member.id, place, member)));
    at.a.close(began);
    rest(at);
  });

  test.each([
    ['a contract of no plan', 'none', 'CODE-ann', 'changes[0].body.contracts[0].planId: the id of a plan'],
    ['somebody’s code', 'four', 'CODE-bob', 'changes[0].body.codes[0]: what stands only once among all members'],
  ])('with %s is refused whole, in a line', (_, planId, code, line) => {
    const { hub, a } = house();
    const [ann] = SITE.members;
    const [contract] = ann!.contracts;
    const before = a.digest;
    const contracts = [{ ...contract!, planId }];
    const changes = [memberRow('ann', 0, { ...ann!, name: 'Other', codes: [code], contracts })];
    expect(a.replica.applyDelta(hub.revision + 1, changes, 0)).toStrictEqual({ ok: false, error: [line] });
    expect([a.digest, a.replica.hubRevision()]).toStrictEqual([before, hub.revision]);
    // The same in a snapshot.
    a.replica.beginSnapshot(1);
    a.run(a.replica.stage([...hub.all(), ...changes], 'x'));
    const work = a.replica.finishSnapshot(9, [], 0);
    a.run(work);
    expect(work.trouble()).toHaveLength(1);
    expect([a.digest, a.replica.staged()]).toStrictEqual([before, null]);
    a.run(a.replica.tidy());
  });

  test('that takes away what somebody’s contract refers to is refused', () => {
    const { hub, a } = house();
    const changes = [{ kind: 'plan', id: 'four', position: 0, body: null }] as const;
    expect(a.replica.applyDelta(hub.revision + 1, changes, 0)).toMatchObject({ ok: false });
  });
});
