// The record goes up in parts, each under the chain's hash at its last event; what comes back from the hub says how far
// it knows the others' records.
import { expect, test } from 'vitest';
import { ModelHub } from './test-hub.ts';
import { SyncedUnit } from './test-unit.ts';
import { GYM } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const DAY_MS = 86_400_000;
const ALL = { events: 9, bytes: 1_000_000 };

function synced(hub: ModelHub): SyncedUnit {
  const unit = new SyncedUnit(hub);
  unit.snapshot();
  return unit;
}

function house(): { hub: ModelHub; a: SyncedUnit; b: SyncedUnit } {
  const hub = new ModelHub();
  hub.importSite(GYM);
  return { hub, a: synced(hub), b: synced(hub) };
}

/** The chain's hash at an event. */
const hashAt = ({ unit }: SyncedUnit, seq: number) =>
  unit.query(`SELECT hash FROM event WHERE seq = ${seq}`).map(({ hash }) => Buffer.from(Object(hash)));

test('a part ends where it has enough, in events or in bytes, and has the hash of its last', () => {
  const { a } = house();
  for (const day of [0, 1, 2]) a.scan('ann', NOON + day * DAY_MS, 'in');
  const head = a.replica.head()?.seq ?? 0;
  const parts = [
    a.replica.outgoing(0, { ...ALL, events: 2 }),
    a.replica.outgoing(0, { ...ALL, bytes: 1 }),
    a.replica.outgoing(1, ALL),
  ];
  expect(parts.map((part) => [part?.from, part?.bodies.length])).toEqual([
    [1, 2],
    [1, 1],
    [2, head - 1],
  ]);
  const hashes = parts.map((part) => [Buffer.from(part?.hash ?? '', 'base64url')]);
  expect(hashes).toEqual([2, 1, head].map((seq) => hashAt(a, seq)));
  expect(a.replica.outgoing(head, ALL)).toBeNull();
});

test('of what others have recorded the hub is known to know as much as its rows show, in whatever order they come', () => {
  const { hub, a, b } = house();
  const from = a.replica.hubRevision();
  const entries = [0, 1, 2].map((day) => b.scan('ann', NOON + day * DAY_MS, 'in'));
  b.push();
  const rows = hub.since(from);
  expect(rows.length).toBeGreaterThan(1);
  expect(a.replica.applyDelta(hub.revision, rows.toReversed(), 0)).toMatchObject({ ok: true });
  const known = a.unit.query(`SELECT known FROM peer WHERE unit = '${b.id}'`);
  expect(known).toEqual([{ known: entries.at(-1) }]);
  expect(a.digest).toBe(b.digest);
});
