// Ann went out through a door without a reader; Bob was admitted and turned round. The staff put both right.
import { describe, expect, test } from 'vitest';
import { endStay, type StaffParts, undoEntry } from './staff-acts.ts';
import { NO_SETTINGS, NOON, TEST_SITE, TestAppliance } from './testing.ts';

const SETTINGS = {
  ...NO_SETTINGS,
  staff: [{ id: 'sue', name: 'Sue', role: 'staff' as const, pinHash: '$argon2id$x' }],
};
const STRICT = { ...TEST_SITE, doors: TEST_SITE.doors.map((door) => ({ ...door, passback: 'deny' as const })) };

async function start() {
  const unit = await new TestAppliance(STRICT).start();
  expect(unit.store.transact((writer) => writer.importSettings(SETTINGS)).ok).toBe(true);
  const { store, clock } = unit;
  const parts: StaffParts = { store, clock, journal: unit.journal, site: unit.unit.site };
  return { unit, parts };
}

const reasons = (unit: TestAppliance) => unit.events('scan').map(({ result }) => result?.reason);

describe('a stay that staff end', () => {
  test('is over: the way in is free again, and the record says who did it', async () => {
    const { unit, parts } = await start();
    await unit.scan('ANN');
    await unit.clock.advance(60_000);
    await unit.scan('ANN');
    expect(endStay(parts, 'ann', 'pl', 'sue')).toEqual({ ok: true, value: 1 });
    await unit.clock.advance(60_000);
    await unit.scan('ANN');
    expect(reasons(unit)).toStrictEqual(['plan', 'passback', 'plan']);
    expect(unit.events('staff')).toMatchObject([
      { detail: { what: 'end-stay', staffId: 'sue', memberId: 'ann', placeId: 'pl' } },
    ]);
    expect(unit.store.record.verify().ok).toBe(true);
  });

  test('costs nothing, and leaving later is leaving without an entry', async () => {
    const { unit, parts } = await start();
    await unit.scan('ANN');
    expect(endStay(parts, 'ann', 'pl', 'sue').ok).toBe(true);
    await unit.scan('ANN', 'out');
    expect(unit.events('scan').at(-1)?.result).toMatchObject({ granted: true, warnings: ['no-entry'], stay: null });
  });

  test.each([
    ['who is not inside', 'bob', 'pl', 'sue', 'not-inside'],
    ['of nobody', 'x', 'pl', 'sue', 'no-member'],
    ['at no place', 'ann', 'x', 'sue', 'no-place'],
    ['by nobody of the staff', 'ann', 'pl', 'x', 'no-staff'],
  ])('%s is refused, and nothing is recorded', async (_, member, place, staff, fault) => {
    const { unit, parts } = await start();
    await unit.scan('ANN');
    expect(endStay(parts, member, place, staff)).toEqual({ ok: false, error: fault });
    expect(unit.events('staff')).toEqual([]);
  });

  test('without a site there is nothing to end', async () => {
    const unit = await new TestAppliance(null).start();
    const { store, clock, journal } = { ...unit, journal: unit.journal };
    const parts = { store, clock, journal, site: unit.unit.site };
    expect(endStay(parts, 'ann', 'pl', 'sue')).toEqual({ ok: false, error: 'no-site' });
    expect(undoEntry(parts, 1, 'sue')).toEqual({ ok: false, error: 'no-site' });
  });
});

describe('an entry that staff take back', () => {
  test('gives the counted date back, says who did it, and is taken back once', async () => {
    const { unit, parts } = await start();
    await unit.scan('BOB');
    const of = unit.events('scan')[0]?.seq ?? 0;
    expect(undoEntry(parts, of, 'sue')).toMatchObject({ ok: true, value: { bands: 1, stays: 1 } });
    expect(undoEntry(parts, of, 'sue')).toEqual({ ok: false, error: 'twice' });
    expect(unit.events('undo')).toMatchObject([{ of, detail: { by: 'staff', staffId: 'sue' } }]);
  });

  test('is refused after 15 minutes, for no entry, and by nobody of the staff', async () => {
    const { unit, parts } = await start();
    await unit.scan('BOB');
    const of = unit.events('scan')[0]?.seq ?? 0;
    expect(undoEntry(parts, of, 'x')).toEqual({ ok: false, error: 'no-staff' });
    expect(undoEntry(parts, of - 1, 'sue')).toEqual({ ok: false, error: 'no-entry' });
    unit.clock.setWall(NOON + 15 * 60_000 + 1);
    expect(undoEntry(parts, of, 'sue')).toEqual({ ok: false, error: 'too-late' });
  });
});
