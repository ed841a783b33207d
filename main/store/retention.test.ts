// A unit has run for years. What is older than 13 months goes, a little at a time; what is left is still proven whole,
// nobody gets a right twice, and how many came and what they were told is still known.
import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { ClockTrust } from '../core/clock.ts';
import { dayNumber } from '../core/rules.ts';
import { DAY_MS, formatDay, HOUR_MS } from '../core/time/day.ts';
import { parseInstant } from '../core/time/instant.ts';
import { monthsBefore, Retention } from './retention.ts';
import { Store } from './store.ts';
import { datesFrom, GYM, KEYS, must, TestStore, tempFile, usageOn } from './testing.ts';

/** 12:00 in Tokyo; 13 months before is 2025-10-18. */
const NOON = Date.UTC(2026, 10, 18, 3);
const CUTOFF = Date.UTC(2025, 9, 17, 15);
/** What a board without a clock of its own believes at a start. */
const LONG_PAST = Date.UTC(2000, 0, 1);

/** Runs a round to its end; `between` is called after every slice. */
function retain(
  unit: TestStore,
  at: number = NOON,
  between: () => void = () => undefined,
  clock: ClockTrust = 'synced',
): number {
  return run(new Retention(unit.store), unit, at, between, clock);
}

function run(
  retention: Retention,
  unit: TestStore,
  at: number,
  between = () => {},
  clock: ClockTrust = 'synced',
): number {
  const { rules } = unit;
  for (let slices = 1; ; slices += 1) {
    const more = must(retention.slice({ at, clock, rules }));
    between();
    if (!more) return slices;
    expect(slices).toBeLessThan(1_000);
  }
}

/** Numbers of the events that are there. */
function seqsOf({ store }: TestStore): number[] {
  return [...store.record.since(0)].map((body) => JSON.parse(body).seq);
}

/** Files of units by the days that they have run: making one takes longer than a test. */
const files = new Map<number, Buffer>();

/** A visit a day, from 20 months before. */
function oldUnit(days = 600): TestStore {
  const file = tempFile();
  const made = files.get(days) ?? fileOf(days);
  files.set(days, made);
  writeFileSync(file, made);
  return new TestStore(null, file);
}

function fileOf(days: number): Buffer {
  const unit = new TestStore();
  unit.atOnce(() => {
    for (let day = days; day > 0; day -= 1) {
      unit.enter('ann', NOON - day * DAY_MS);
      unit.leave('ann', NOON - day * DAY_MS + HOUR_MS);
    }
  });
  unit.store.close();
  return readFileSync(unit.file);
}

test.each([
  ['2026-11-18', 13, '2025-10-18'],
  ['2026-03-31', 1, '2026-02-28'],
  ['2024-03-31', 1, '2024-02-29'],
  ['2026-03-31', 13, '2025-02-28'],
  ['2026-01-01', 13, '2024-12-01'],
  ['2026-12-31', 0, '2026-12-31'],
])('%s less %i months is %s', (day, months, earlier) => {
  expect(formatDay(monthsBefore(dayNumber(day), months))).toBe(earlier);
});

describe('events', () => {
  test('older than 13 months go; at every step the rest is proven whole, and it goes on', () => {
    const unit = oldUnit();
    const old = seqsOf(unit).filter((seq) => {
      const at = parseInstant(JSON.parse(unit.store.record.find(seq) ?? '').at) ?? 0;
      return at < CUTOFF;
    });
    expect(old).toHaveLength(408);
    let last = 0;
    const slices = retain(unit, NOON, () => {
      const { ok, first } = unit.store.record.verify();
      expect(ok).toBe(true);
      expect(Number(first)).toBeGreaterThanOrEqual(last);
      expect(Number(first) - last).toBeLessThanOrEqual(26);
      last = Number(first);
    });
    expect(slices).toBeGreaterThan(408 / 25);
    // 1,200 of visits, and the one that says what goes.
    expect(unit.store.record.verify()).toStrictEqual({
      ...{ ok: true, events: 1_201 - 408, first: 409, head: 1_201, anchored: null, brokenAt: null },
    });
    expect(JSON.parse(unit.store.record.find(1_201) ?? '')).toMatchObject({
      type: 'system',
      detail: { what: 'retention', to: 408, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(unit.enter('bob', NOON)).toBe(1_202);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, head: 1_202 });
    expect(unit.query('SELECT min(event_seq) AS first FROM basis')).toStrictEqual([{ first: 409 }]);
    // A day later there is a day's worth more to go, and a word of it.
    retain(unit, NOON + DAY_MS);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 411, head: 1_203 });
    retain(unit, NOON + DAY_MS);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 411, head: 1_203 });
  });

  test('a round that was cut off is taken up where it was, without saying so twice', () => {
    const unit = oldUnit();
    const retention = new Retention(unit.store);
    for (let slice = 0; slice < 4; slice += 1) must(retention.slice({ at: NOON, clock: 'synced', rules: unit.rules }));
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 76, head: 1_201 });
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 409, head: 1_201 });
  });

  test('are counted by what they answered, month, door and direction; persons are gone', () => {
    const unit = oldUnit();
    retain(unit);
    const october = unit.store.history.reasons(dayNumber('2025-10-01'));
    expect(october).toStrictEqual([
      { doorId: 'front', direction: 'in', reason: 'plan', times: 17 },
      { doorId: 'front', direction: 'out', reason: 'plan', times: 17 },
    ]);
    expect(unit.store.history.reasons(dayNumber('2025-11-01'))).toStrictEqual([]);
    const all = unit.query('SELECT sum(times) AS n FROM reason_count');
    expect(all).toStrictEqual([{ n: 408 }]);
    expect(JSON.stringify(unit.query('SELECT * FROM reason_count'))).not.toContain('ann');
  });

  test('a clock that nobody believes takes nothing away', () => {
    const unit = oldUnit(450);
    expect(retain(unit, NOON + 9_999 * DAY_MS, () => undefined, 'doubtful')).toBe(1);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 1, events: 900 });
  });

  test.each<[string, readonly (readonly [at: number, clock: ClockTrust])[], number]>([
    [
      'a time long past, between younger ones',
      [
        [NOON, 'synced'],
        [NOON, 'held'],
        [LONG_PAST, 'doubtful'],
        [NOON, 'synced'],
        [NOON, 'held'],
        [NOON, 'synced'],
      ],
      1,
    ],
    [
      'a time long past, after older ones',
      [
        [CUTOFF - 9, 'synced'],
        [CUTOFF, 'synced'],
        [LONG_PAST, 'doubtful'],
        [LONG_PAST, 'doubtful'],
        [NOON, 'synced'],
      ],
      2,
    ],
    [
      'a time to come, between older ones',
      [
        [CUTOFF - 9, 'held'],
        [CUTOFF - 8, 'synced'],
        [NOON * 2, 'doubtful'],
        [CUTOFF - 1, 'synced'],
        [NOON, 'synced'],
        [NOON, 'synced'],
      ],
      5,
    ],
    [
      'a time to come, at first',
      [
        [NOON * 2, 'doubtful'],
        [CUTOFF - 1, 'held'],
        [CUTOFF, 'held'],
        [NOON, 'synced'],
      ],
      3,
    ],
  ])('%s, that nobody believed takes no younger event away and keeps no older one', (_, events, first) => {
    const unit = new TestStore();
    for (const [at, clock] of events) unit.act('ann', at, {}, clock);
    retain(unit);
    expect(seqsOf(unit)[0]).toBe(first);
    expect(unit.store.record.verify().ok).toBe(true);
  });

  test('what was told long after it happened takes no younger event away', () => {
    const unit = new TestStore();
    unit.enter('ann', NOON);
    must(
      unit.store.transact(({ record }) => {
        const told = { doorId: null, readerId: null, direction: null, result: null, of: null } as const;
        record.append({ ...told, at: CUTOFF - 9, type: 'input', clock: 'synced', detail: { late: true } });
        const detail = { receivedAt: '2026-11-18T03:00:00Z' };
        record.append({ ...told, at: CUTOFF - 9, type: 'scan', clock: 'synced', detail });
      }),
    );
    unit.enter('bob', NOON);
    retain(unit);
    expect(seqsOf(unit)).toStrictEqual([1, 2, 3, 4]);
  });

  test('what a worn disk has made illegible goes too, and stops nothing', () => {
    const unit = oldUnit(450);
    unit.tamper(
      'PRAGMA ignore_check_constraints = ON; UPDATE event SET body = substr(body, 2) WHERE seq BETWEEN 40 AND 60',
    );
    expect(unit.store.record.verify()).toMatchObject({ ok: false, brokenAt: 40 });
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 109 });
  });

  test('the last one stays, however old, so that the next one has something to hang on', () => {
    const unit = new TestStore();
    for (const day of [3, 2, 1]) unit.enter('ann', CUTOFF - day * DAY_MS);
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 3, head: 4 });
  });

  test('what still owes an outcome stays, and what comes after it', () => {
    const unit = oldUnit(450);
    must(unit.store.transact(({ record }) => record.commanding(11)));
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 11 });
  });

  test('what the hub does not have yet stays', () => {
    const unit = oldUnit(450);
    must(unit.store.transact(({ prune }) => prune.hubPaired()));
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 1, events: 900 });
    const acknowledge = (seq: number) => {
      const db = new Database(unit.file);
      db.prepare('UPDATE unit SET acknowledged = ?').run(seq);
      db.close();
    };
    acknowledge(60);
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 61, anchored: 60 });
    acknowledge(900);
    retain(unit);
    // 450 days, of which 396 are kept.
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 109, anchored: 900 });
  });

  test('a store that cannot be written is a fault, told to whoever asked', () => {
    const unit = oldUnit(450);
    const beside = must(Store.open(unit.file, KEYS, 'read'));
    const slice = new Retention(beside).slice({ at: NOON, clock: 'synced', rules: unit.rules });
    expect(slice).toMatchObject({ ok: false, error: { code: 'read-only' } });
    beside.close();
  });
});

describe('the record shows it when', () => {
  function pruned(): TestStore {
    const unit = oldUnit(450);
    retain(unit);
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 109 });
    return unit;
  }
  const event = (seq: number) => `(SELECT hash FROM event WHERE seq = ${seq})`;

  test.each([
    ['the anchor is another', 'UPDATE retention SET anchor = zeroblob(32)', 1],
    [
      'the first that is left is altered',
      "UPDATE event SET body = replace(body, 'front', 'back') WHERE seq = 109",
      109,
    ],
    [
      'more is gone than it says',
      `UPDATE retention SET pruned_to = 120, anchor = ${event(120)}; DELETE FROM event WHERE seq <= 120`,
      1,
    ],
    ['more is gone', 'DELETE FROM event WHERE seq <= 120', 109],
    ['the beginning is passed off as another', 'UPDATE retention SET pruned_to = 50', 51],
    ['nothing is said to be gone', 'UPDATE retention SET pruned_to = 0, anchor = NULL', 1],
    ['nobody said that it goes', 'UPDATE retention SET told_by = NULL', 1],
    ['another event is taken for the one that said so', 'UPDATE retention SET told_by = 700', 1],
    ['the row about it is gone', 'DROP TRIGGER retention_stays; DELETE FROM retention', 1],
    ['all is gone', 'DELETE FROM event', 1],
    [
      'what it says is illegible',
      "PRAGMA ignore_check_constraints = ON; UPDATE event SET body = 'x' WHERE seq = (SELECT told_by FROM retention)",
      1,
    ],
  ])('%s', (_, sql, brokenAt) => {
    const unit = pruned();
    unit.tamper(`PRAGMA foreign_keys = OFF; ${sql}`);
    expect(unit.store.record.verify()).toMatchObject({ ok: false, brokenAt });
  });

  test('and through the store nothing goes that should not', () => {
    const unit = pruned();
    const db = new Database(unit.file);
    const attempts = [
      ['DELETE FROM event WHERE seq = 109', 'events are not removed'],
      ['DELETE FROM event', 'events are not removed'],
      ['UPDATE retention SET pruned_to = 50, anchor = (SELECT hash FROM event WHERE seq = 50)', 'the anchor is'],
      ['UPDATE retention SET pruned_to = 200', 'the anchor is'],
      [`UPDATE retention SET pruned_to = 200, anchor = ${event(199)}`, 'the anchor is'],
      ['UPDATE retention SET pruned_to = 0, anchor = NULL', 'the anchor is'],
      ['DELETE FROM retention', 'the anchor is not removed'],
    ] as const;
    for (const [sql, complaint] of attempts) expect(() => db.exec(sql), sql).toThrow(complaint);
    db.close();
    expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 109 });
  });
});

describe('usage', () => {
  test('goes by whole months, and its counts with it; the months that rules can ask about stay', () => {
    const months = ['2025-08', '2025-09', '2025-10', '2025-11', '2026-11'];
    const usage = months.flatMap((month) => usageOn('ann', 'day', ...datesFrom(`${month}-01`, 20)));
    const unit = new TestStore({ ...GYM, usage });
    unit.use('bob', Date.UTC(2025, 8, 3));
    retain(unit);
    const left = unit
      .query('SELECT DISTINCT month FROM month_count ORDER BY month')
      .map(({ month }) => formatDay(Number(month)));
    expect(left).toStrictEqual(['2025-10-01', '2025-11-01', '2026-11-01']);
    expect(unit.query('SELECT count(*) AS n FROM usage')).toStrictEqual([{ n: 60 }]);
  });

  test('a count that has no usage behind it does not keep the round going for ever', () => {
    const unit = new TestStore();
    const db = new Database(unit.file);
    db.exec("INSERT INTO month_count VALUES ('c', 0, 'day', 'm', NULL, 1)");
    db.close();
    retain(unit);
    expect(unit.query('SELECT * FROM month_count')).toStrictEqual([]);
  });
});

describe('ticket uses', () => {
  test('go with their ticket; what was taken off one that is still good stays known, and is not given again', () => {
    const unit = new TestStore({
      ...GYM,
      tickets: [
        { id: 'k-ann', typeId: 'ten', memberId: 'ann', issuedOn: '2025-01-01', remaining: 9 },
        { id: 'k-bob', typeId: 'ever', memberId: 'bob', issuedOn: '2025-01-01', remaining: 9 },
        { id: 'k-cho', typeId: 'ten', memberId: 'cho', issuedOn: '2025-01-01', remaining: 9 },
      ],
    });
    for (const who of ['ann', 'bob', 'cho']) unit.spend(who, Date.UTC(2025, 0, 20));
    const remaining = () => unit.query("SELECT remaining FROM ticket WHERE id = 'k-bob'");
    expect(remaining()).toStrictEqual([{ remaining: 8 }]);
    unit.import({ ...GYM, tickets: GYM.tickets.map((one) => ({ ...one, issuedOn: '2025-01-01' })) });
    retain(unit);
    // ann's has expired, cho's is gone.
    expect(unit.query('SELECT ticket_id FROM ticket_use')).toStrictEqual([{ ticket_id: 'k-bob' }]);
    unit.import(GYM);
    expect(remaining()).toStrictEqual([{ remaining: 8 }]);
  });

  test('a round looks at each once, however many stay', () => {
    const unit = new TestStore({
      ...GYM,
      ticketUses: datesFrom('2024-01-01', 450).map((date) => ({ ticketId: 'k-bob', date, uses: 1 })),
    });
    expect(retain(unit)).toBeLessThan(20);
    expect(unit.query('SELECT count(*) AS n FROM ticket_use')).toStrictEqual([{ n: 450 }]);
  });
});

describe('stays', () => {
  test('go, and go on counting as entries and exits', () => {
    const unit = oldUnit(450);
    const day = monthsBefore(dayNumber('2026-11-18'), 14);
    const traffic = () => unit.store.history.traffic(unit.rules, 'gym', day, day + 30);
    const before = traffic();
    expect(before).toHaveLength(62);
    retain(unit);
    expect(traffic()).toStrictEqual(before);
    expect(unit.query('SELECT count(*) AS n, min(entered_at) AS first FROM stay')).toStrictEqual([
      { n: 396, first: NOON - 396 * DAY_MS },
    ]);
  });

  test('that never ended go too, unless they can still be open', () => {
    const long = (maxStayHours: number) => ({ ...GYM, site: { ...GYM.site, maxStayHours } });
    const unit = new TestStore(long(24 * 1_000));
    unit.enter('ann', CUTOFF - DAY_MS);
    retain(unit);
    expect(unit.query('SELECT count(*) AS n FROM stay')).toStrictEqual([{ n: 1 }]);
    unit.import(long(24));
    retain(unit);
    expect(unit.query('SELECT count(*) AS n FROM stay')).toStrictEqual([{ n: 0 }]);
  });
});

test('what decisions were made from goes after 400 days, and master data that only those had', () => {
  const unit = new TestStore();
  unit.enter('ann', NOON - 402 * DAY_MS);
  unit.import({ ...GYM, holidays: ['2026-01-01'] });
  unit.enter('ann', NOON - 399 * DAY_MS);
  unit.import({ ...GYM, holidays: ['2026-01-02'] });
  unit.enter('ann', NOON);
  const kept = () => unit.query("SELECT revision, replaced FROM master WHERE kind = 'holidays' ORDER BY revision");
  expect(kept()).toHaveLength(3);
  run(new Retention(unit.store, 24), unit, NOON);
  expect(unit.query('SELECT event_seq FROM basis ORDER BY 1')).toStrictEqual([{ event_seq: 2 }, { event_seq: 3 }]);
  expect(unit.store.record.verify()).toMatchObject({ ok: true, first: 1 });
  expect(kept()).toStrictEqual([
    { revision: 2, replaced: 3 },
    { revision: 3, replaced: null },
  ]);
  expect(unit.store.masterAt(2)?.holidays).toStrictEqual(['2026-01-01']);
});

test('master data stays for 400 days after it was replaced, also when all decisions by it are older', () => {
  const unit = new TestStore();
  unit.enter('ann', NOON - 500 * DAY_MS);
  unit.import({ ...GYM, holidays: ['2026-01-01'] }, NOON - 399 * DAY_MS);
  unit.enter('ann', NOON - DAY_MS);
  const kept = () => unit.query("SELECT revision FROM master WHERE kind = 'holidays' ORDER BY revision");
  retain(unit);
  expect(kept()).toStrictEqual([{ revision: 1 }, { revision: 2 }]);
  retain(unit, NOON + 2 * DAY_MS);
  expect(kept()).toStrictEqual([{ revision: 2 }]);
});

test('every table that refers to events is known to retention', () => {
  const unit = new TestStore();
  const tables = unit.query(`
    SELECT DISTINCT master.name FROM sqlite_schema AS master, pragma_foreign_key_list(master.name) AS key
    WHERE master.type = 'table' AND key."table" = 'event' ORDER BY 1`);
  expect(tables.map(({ name }) => name)).toStrictEqual(['basis', 'command', 'reuse', 'undone']);
});
