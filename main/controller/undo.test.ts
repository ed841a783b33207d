// Somebody is admitted and stays outside: the right is there again, once, and the record tells it.
import { describe, expect, test } from 'vitest';
import type { SiteBundle } from '../core/model.ts';
import { TEST_SITE, TestAppliance } from './testing.ts';

const DAY = 20_394; // 2025-11-02, any business date

/** A unit whose contact is known to work: somebody has just gone through. */
async function provenUnit(site: SiteBundle = TEST_SITE): Promise<TestAppliance> {
  const unit = await new TestAppliance(site, { repeatMs: 0 }).start();
  unit.door.force();
  await unit.clock.advance(10_000);
  return unit;
}

const history = ({ store }: TestAppliance) => {
  const { usage, stays, tickets, ticketUses } = store.exportSite() ?? TEST_SITE;
  return { usage, stays, tickets, ticketUses };
};

const undos = (unit: TestAppliance) => unit.events('undo').map(({ of, detail }) => [of, detail['by']]);
const lastScan = (unit: TestAppliance) => unit.events('scan').at(-1)?.seq ?? 0;

describe('nobody passed, and a contact that works says so', () => {
  test.each(['ANN', 'BOB', 'DAN'])('%s has everything back', async (code) => {
    const unit = await provenUnit();
    const before = history(unit);
    await unit.scan(code);
    expect(history(unit)).not.toStrictEqual(before);
    await unit.clock.advance(3_000);
    expect(undos(unit)).toStrictEqual([[lastScan(unit), 'contact']]);
    expect(history(unit)).toStrictEqual(before);
  });

  test('but not where somebody did pass', async () => {
    const unit = await provenUnit();
    await unit.scan('BOB');
    unit.door.open();
    await unit.clock.advance(5_000);
    expect(undos(unit)).toStrictEqual([]);
    expect(history(unit).usage).toHaveLength(1);
  });

  test('nor where another grant overlapped: it could have been either', async () => {
    const unit = await provenUnit();
    await unit.scan('BOB');
    await unit.scan('ANN');
    await unit.clock.advance(5_000);
    expect(undos(unit)).toStrictEqual([]);
  });

  test('nor where the contact has not moved for a day, or not since the start', async () => {
    const fresh = await new TestAppliance().start();
    await fresh.scan('BOB');
    await fresh.clock.advance(5_000);
    expect(undos(fresh)).toStrictEqual([]);
    const stale = await provenUnit();
    await stale.clock.advance(86_400_001);
    await stale.scan('ANN');
    await stale.clock.advance(5_000);
    expect(undos(stale)).toStrictEqual([]);
  });

  test('the third time a day somebody is told', async () => {
    const unit = await provenUnit();
    for (let count = 0; count < 4; count += 1) {
      await unit.scan('BOB');
      await unit.clock.advance(5_000);
    }
    expect(undos(unit)).toHaveLength(4);
    expect(unit.events('alarm').filter(({ detail }) => detail['alarm'] === 'give-backs')).toHaveLength(1);
  });
});

describe('taken back by staff', () => {
  /** Two entries on one day, both of which passed; the second used up nothing. */
  async function twice(code: string, site: SiteBundle = TEST_SITE): Promise<TestAppliance> {
    const unit = await provenUnit(site);
    for (let count = 0; count < 2; count += 1) {
      await unit.scan(code);
      unit.door.open();
      await unit.clock.advance(5_000);
    }
    return unit;
  }
  const staff = { by: 'staff', staffId: 's1' } as const;
  const scans = (unit: TestAppliance) => unit.events('scan').map(({ seq }) => seq);

  test('once: the second time is refused', async () => {
    const unit = await twice('BOB');
    const [first = 0] = scans(unit);
    expect(unit.journal.undo(first, staff, DAY).ok).toBe(true);
    expect(unit.journal.undo(first, staff, DAY)).toStrictEqual({ ok: false, error: 'twice' });
    expect(undos(unit)).toStrictEqual([[first, 'staff']]);
  });

  test('what the second entry relied on counts for the second; both taken back, nothing is left', async () => {
    const unit = await twice('BOB');
    const [first = 0, second = 0] = scans(unit);
    const before = history(unit);
    expect(unit.journal.undo(first, staff, DAY)).toMatchObject({ ok: true, value: { bands: 0, stays: 0 } });
    expect(history(unit)).toStrictEqual(before);
    expect(unit.journal.undo(second, staff, DAY)).toMatchObject({ ok: true, value: { bands: 1, stays: 1 } });
    expect(history(unit)).toMatchObject({ usage: [], stays: [] });
  });

  test('the second first: the first keeps what it used up', async () => {
    const unit = await twice('BOB');
    const [first = 0, second = 0] = scans(unit);
    const before = history(unit);
    unit.journal.undo(second, staff, DAY);
    expect(history(unit)).toStrictEqual(before);
    unit.journal.undo(first, staff, DAY);
    expect(history(unit)).toMatchObject({ usage: [], stays: [] });
  });

  test("a day's ticket goes over to the second entry too", async () => {
    const [type] = TEST_SITE.ticketTypes;
    const ticketTypes = [
      { ...type!, entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'day' as const } },
    ];
    const unit = await twice('DAN', { ...TEST_SITE, ticketTypes });
    const [first = 0, second = 0] = scans(unit);
    unit.journal.undo(first, staff, DAY);
    expect(history(unit).tickets[0]?.remaining).toBe(1);
    unit.journal.undo(second, staff, DAY);
    expect(history(unit)).toMatchObject({ tickets: [{ remaining: 2 }], ticketUses: [] });
  });

  test('within 15 minutes, and only entries that were granted', async () => {
    const unit = await twice('BOB');
    const [first = 0] = scans(unit);
    await unit.scan('NOBODY');
    const refused = lastScan(unit);
    await unit.scan('BOB', 'out');
    const exit = lastScan(unit);
    for (const seq of [refused, exit, 1, 999]) {
      expect(unit.journal.undo(seq, staff, DAY)).toStrictEqual({ ok: false, error: 'no-entry' });
    }
    await unit.clock.advance(15 * 60_000);
    expect(unit.journal.undo(first, staff, DAY)).toStrictEqual({ ok: false, error: 'too-late' });
    expect(unit.store.record.verify().ok).toBe(true);
  });
});
