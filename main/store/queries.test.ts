// Staff ask who came when. Each answer is a page, whole and in order, found by a walk along an index, right also on the
// day on which the clocks change; and what is undone, imported or gone counts for what it is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayNumber } from '../core/rules.ts';
import { HOUR_MS, MINUTE_MS } from '../core/time/day.ts';
import { openDatabase } from './database.ts';
import type { Page, TicketUse } from './queries.ts';
import type { OverLimit } from './queries-over-limit.ts';
import * as sql from './queries-sql.ts';
import { datesFrom, GYM, must, TestStore, usageOn } from './testing.ts';

/** 12:00 in Tokyo. */
const NOON = Date.UTC(2026, 10, 18, 3);
const FIRST = { limit: 200, after: null } as const;

/** All rows, page by page. */
function paged<Row>(size: number, read: (page: Page<Row>) => readonly Row[]): Row[] {
  const rows: Row[] = [];
  for (
    let page = read({ limit: size, after: null });
    page.length > 0;
    page = read({ limit: size, after: rows.at(-1)! })
  ) {
    expect(page.length).toBeLessThanOrEqual(size);
    rows.push(...page);
    expect(rows.length).toBeLessThan(10_000);
  }
  return rows;
}

describe('every statement', () => {
  const { TICKET_USES, ...others } = sql;
  const statements: [name: string, text: string][] = [
    ...Object.entries(others),
    ...Object.entries(TICKET_USES).map(([kind, text]): [string, string] => [`TICKET_USES ${kind}`, text]),
  ];

  test.each(statements)('%s walks along an index and sorts nothing', (_, text) => {
    const db = must(openDatabase(':memory:'));
    const parameters = Array.from(text.matchAll(/\?/g), () => 1);
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...parameters);
    const steps = plan.map(({ detail }) => detail).filter((step) => !step.startsWith('CORRELATED'));
    // Stays of one millisecond are put in order by their number.
    const walks = steps.filter((step) => step !== 'USE TEMP B-TREE FOR LAST TERM OF ORDER BY');
    expect(walks.filter((step) => !/^SEARCH \w+ USING .*(INDEX|PRIMARY KEY)/.test(step))).toStrictEqual([]);
    db.close();
  });

  test('finds a page of usage, of visits and of ticket uses by its own index', () => {
    const db = must(openDatabase(':memory:'));
    const indexOf = (text: string) => {
      const parameters = Array.from(text.matchAll(/\?/g), () => 1);
      const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...parameters);
      return /USING (?:COVERING )?(?:INDEX (\w+)|(PRIMARY KEY))/
        .exec(plan[0]?.detail ?? '')
        ?.slice(1)
        .find(Boolean);
    };
    expect({
      usage: indexOf(sql.USAGE),
      visitsOf: indexOf(sql.VISITS_OF),
      visitsAt: indexOf(sql.VISITS_AT),
      inside: indexOf(sql.INSIDE),
      overLimit: indexOf(sql.OVER_LIMIT),
      ...Object.fromEntries(Object.entries(sql.TICKET_USES).map(([kind, text]) => [kind, indexOf(text)])),
    }).toStrictEqual({
      usage: 'PRIMARY KEY',
      visitsOf: 'stay_by_member',
      visitsAt: 'stay_by_place',
      inside: 'stay_by_place',
      overLimit: 'month_count_by_plan',
      all: 'ticket_use_by_day',
      type: 'ticket_use_by_type',
      member: 'ticket_use_by_member',
      ticket: 'ticket_use_of_ticket',
    });
    db.close();
  });
});

describe('own usage', () => {
  test('comes newest first, page by page, own and imported', () => {
    const usage = [...usageOn('ann', 'day', ...datesFrom('2026-10-01', 25)), ...usageOn('ann', 'night', '2026-10-03')];
    const { store } = new TestStore({ ...GYM, usage: [...usage, ...usageOn('bob', 'day', '2026-10-03')] });
    const all = paged<sql.UsageRow>(4, (page) => store.history.usageOf('ann', page));
    expect(all).toHaveLength(26);
    expect(all).toStrictEqual(store.history.usageOf('ann', FIRST));
    expect(all[0]).toStrictEqual({ day: dayNumber('2026-10-25'), contractId: 'c-ann', bandId: 'day', seq: null });
    expect(all.slice(-4).map(({ day, bandId }) => [day - dayNumber('2026-10-01'), bandId])).toStrictEqual([
      [2, 'night'],
      [2, 'day'],
      [1, 'day'],
      [0, 'day'],
    ]);
  });

  test('names the event that used it', () => {
    const unit = new TestStore();
    const seq = unit.use('ann', NOON);
    expect(unit.store.history.usageOf('ann', FIRST)).toMatchObject([{ day: dayNumber('2026-11-18'), seq }]);
    expect(unit.store.history.usageOf('nobody', FIRST)).toStrictEqual([]);
  });

  test('no page is larger than 200, whatever is asked', () => {
    const { store } = new TestStore({ ...GYM, usage: usageOn('ann', 'day', ...datesFrom('2025-01-01', 300)) });
    expect(store.history.usageOf('ann', { limit: 1e9, after: null })).toHaveLength(200);
    expect(store.history.usageOf('ann', { limit: 0, after: null })).toHaveLength(1);
  });
});

describe('visits', () => {
  test('of a member, at a place, and who is inside', () => {
    const unit = new TestStore();
    const { history } = unit.store;
    unit.enter('ann', NOON - 25 * HOUR_MS);
    unit.enter('bob', NOON - 3 * HOUR_MS);
    unit.enter('cho', NOON - 3 * HOUR_MS);
    unit.enter('ann', NOON - 2 * HOUR_MS, 'pool');
    unit.leave('bob', NOON - HOUR_MS);
    unit.enter('bob', NOON);
    unit.enter('ann', NOON + 1);
    const who = (rows: readonly { readonly memberId: string }[]) => rows.map(({ memberId }) => memberId);

    expect(who(history.inside(unit.rules, 'gym', NOON, FIRST))).toStrictEqual(['bob', 'cho']);
    expect(who(paged<sql.VisitRow>(1, (page) => history.inside(unit.rules, 'gym', NOON, page)))).toStrictEqual([
      'bob',
      'cho',
    ]);
    expect(history.insideCount(unit.rules, 'gym', NOON)).toBe(2);
    expect(history.insideCount(unit.rules, 'pool', NOON)).toBe(1);

    const bob = paged<sql.VisitRow>(1, (page) => history.visitsOf('bob', page));
    expect(bob.map(({ enteredAt, exitedAt }) => [enteredAt - NOON, exitedAt && exitedAt - NOON])).toStrictEqual([
      [0, null],
      [-3 * HOUR_MS, -HOUR_MS],
    ]);
    const today = dayNumber('2026-11-18');
    const at = (from: number, to: number) =>
      who(paged<sql.VisitRow>(2, (page) => history.visitsAt(unit.rules, 'gym', from, to, page)));
    expect(at(today, today)).toStrictEqual(['ann', 'bob', 'cho', 'bob']);
    expect(at(today - 1, today - 1)).toStrictEqual(['ann']);
    expect(at(today - 1, today)).toHaveLength(5);
    expect(at(today + 1, today + 9)).toStrictEqual([]);
  });

  test('a day is the one at the site', () => {
    const unit = new TestStore();
    const midnight = Date.UTC(2026, 10, 17, 15);
    for (const at of [midnight - 1, midnight, midnight + 24 * HOUR_MS - 1, midnight + 24 * HOUR_MS])
      unit.enter('ann', at);
    const [day] = [dayNumber('2026-11-18')];
    const found = unit.store.history.visitsAt(unit.rules, 'gym', day, day, FIRST);
    expect(found.map(({ enteredAt }) => enteredAt - midnight)).toStrictEqual([24 * HOUR_MS - 1, 0]);
  });
});

describe('entries and exits by hour', () => {
  const today = dayNumber('2026-11-18');

  test('count own events, at their place; what is undone never was', () => {
    const unit = new TestStore({
      ...GYM,
      stays: [{ memberId: 'cho', placeId: 'gym', enteredAt: '2026-11-18T01:00:00Z', via: null }],
    });
    const { history } = unit.store;
    unit.enter('ann', NOON - MINUTE_MS);
    const undone = unit.enter('bob', NOON);
    unit.enter('cho', NOON + 59 * MINUTE_MS, 'pool');
    unit.leave('ann', NOON + 14 * MINUTE_MS);
    const before = history.traffic(unit.rules, 'gym', today, today);
    expect(before).toStrictEqual([
      { day: today, hour: 11, entries: 1, exits: 0 },
      { day: today, hour: 12, entries: 1, exits: 1 },
    ]);
    unit.undo(undone, 'bob', NOON);
    expect(history.traffic(unit.rules, 'gym', today, today)[1]).toMatchObject({ entries: 0, exits: 1 });
    expect(history.traffic(unit.rules, 'pool', today, today)).toMatchObject([{ hour: 12, entries: 1 }]);
    // The imported stay ends here: its exit is ours.
    unit.leave('cho', NOON);
    expect(history.traffic(unit.rules, 'gym', today, today)[1]).toMatchObject({ entries: 0, exits: 2 });
    unit.import(GYM);
    expect(history.traffic(unit.rules, 'gym', today, today)[1]).toMatchObject({ entries: 0, exits: 2 });
  });

  test.each([
    ['an hour comes twice', 'Europe/Berlin', '2026-10-25', 25, { 2: 2 }],
    ['an hour is left out', 'Europe/Berlin', '2026-03-29', 23, { 2: 0 }],
    ['half an hour comes twice', 'Australia/Lord_Howe', '2026-04-05', 24.5, { 1: 1.5 }],
    ['midnight comes twice', 'America/Havana', '2026-11-01', 25, { 0: 2 }],
    ['a date goes on after midnight', 'America/St_Johns', '2010-11-06', 24.75, { 23: 1.75 }],
    ['the offset has quarters', 'Asia/Kathmandu', '2026-11-18', 24, {}],
    ['a day is left out', 'Pacific/Apia', '2011-12-30', 0, {}],
  ] as const)('where %s', (_, timezone, date, hours, odd) => {
    const unit = new TestStore({ ...GYM, site: { ...GYM.site, timezone } });
    const day = dayNumber(date);
    const { zone } = unit.rules;
    // Somebody every quarter, on that date and around it.
    const middle = zone.instantOf(day, 720);
    let expected = 0;
    unit.atOnce(() => {
      for (let at = middle - 40 * HOUR_MS; at < middle + 40 * HOUR_MS; at += 15 * MINUTE_MS) {
        unit.enter('ann', at);
        if (zone.localDay(at) === day) expected += 1;
      }
    });
    const found = unit.store.history.traffic(unit.rules, 'gym', day, day);
    expect(expected).toBe(hours * 4);
    expect(found.reduce((sum, { entries }) => sum + entries, 0)).toBe(hours * 4);
    const perHour = new Map(found.map(({ hour, entries }) => [hour, entries / 4]));
    for (let hour = 0; hour < 24 && hours > 0; hour += 1) {
      const usual = new Map(Object.entries(odd)).get(String(hour)) ?? 1;
      expect([hour, perHour.get(hour) ?? 0]).toStrictEqual([hour, usual]);
    }
  });

  test('never more than a month', () => {
    const unit = new TestStore();
    for (let day = 0; day < 40; day += 1) unit.enter('ann', NOON + day * 24 * HOUR_MS);
    expect(unit.store.history.traffic(unit.rules, 'gym', today, today + 99)).toHaveLength(31);
  });
});

describe('over their limit', () => {
  const NOVEMBER = dayNumber('2026-11-30');
  const usage = [
    ...usageOn('ann', 'day', ...datesFrom('2026-11-01', 6)),
    ...usageOn('ann', 'night', ...datesFrom('2026-11-01', 4)),
    ...usageOn('ann', 'day', ...datesFrom('2026-10-25', 7)),
    ...usageOn('bob', 'night', ...datesFrom('2026-11-01', 9)),
    ...usageOn('cho', 'day', ...datesFrom('2026-11-01', 30)),
  ];

  test('are those with more days than their plan allows, of that month alone', () => {
    const unit = new TestStore({ ...GYM, usage });
    const over = () => unit.store.history.overLimit(unit.rules, NOVEMBER, FIRST);
    const ann = { memberId: 'ann', contractId: 'c-ann', planId: 'four', bandId: 'day', days: 6, limit: 4 };
    const bob = { memberId: 'bob', contractId: 'c-bob', planId: 'eight', bandId: 'night', days: 9, limit: 8 };
    expect(over()).toStrictEqual([ann, bob]);
    expect(unit.store.history.overLimit(unit.rules, dayNumber('2026-10-01'), FIRST)).toMatchObject([{ days: 7 }]);
    expect(unit.store.history.overLimit(unit.rules, dayNumber('2026-12-01'), FIRST)).toStrictEqual([]);

    // Once more in another band on one date, an override past the limit, and it is undone.
    const past = unit.use('ann', NOON, 'night');
    expect(over()).toHaveLength(3);
    unit.undo(past, 'ann', NOON);
    expect(over()).toStrictEqual([ann, bob]);
  });

  test('follow the plan that a contract has now, and leave out whoever is gone', () => {
    const unit = new TestStore({ ...GYM, usage });
    const over = () =>
      unit.store.history.overLimit(unit.rules, NOVEMBER, FIRST).map(({ memberId, limit }) => [memberId, limit]);
    const onPlan = (planId: string) => ({
      ...GYM,
      usage,
      members: GYM.members.map((one) => ({
        ...one,
        contracts: one.contracts.map((contract) => ({ ...contract, planId })),
      })),
    });
    unit.import(onPlan('eight'));
    expect(over()).toStrictEqual([
      ['cho', 8],
      ['bob', 8],
    ]);
    unit.import(onPlan('free'));
    expect(over()).toStrictEqual([]);
    for (let day = 10; day < 16; day += 1) unit.use('ann', Date.UTC(2026, 10, day, 3));
    unit.import({ ...GYM, members: GYM.members.slice(1), tickets: [], reservations: [] });
    expect(over()).toStrictEqual([]);
    unit.import(GYM);
    expect(over()).toStrictEqual([['ann', 4]]);
  });

  test('come page by page, also where many have the same count', () => {
    const ids = Array.from({ length: 23 }, (_, index) => `m${index}`);
    const unit = new TestStore({
      ...GYM,
      ...{ tickets: [], reservations: [] },
      members: ids.map((id, index) => ({
        ...{ id, name: id, kana: null, codes: [], suspended: { profile: false, identity: false } },
        contracts: [{ id: `c-${id}`, planId: index % 2 === 0 ? 'four' : 'eight', from: '2020-01-01', to: null }],
      })),
      usage: ids.flatMap((id, index) => [
        ...usageOn(id, 'day', ...datesFrom('2026-11-01', 9 + (index % 3))),
        ...usageOn(id, 'night', ...datesFrom('2026-11-01', 9)),
      ]),
    });
    const all = paged<OverLimit>(5, (page) => unit.store.history.overLimit(unit.rules, NOVEMBER, page));
    expect(all).toHaveLength(46);
    expect(new Set(all.map(({ contractId, bandId }) => `${contractId} ${bandId}`)).size).toBe(46);
    const groups = Map.groupBy(all, ({ planId, bandId }) => `${planId} ${bandId}`);
    expect([...groups.keys()]).toStrictEqual(['four day', 'four night', 'eight day', 'eight night']);
    for (const rows of groups.values()) {
      const counts = rows.map(({ days }) => days);
      expect(counts).toStrictEqual([...counts].sort((a, b) => b - a));
    }
  });

  test('are counted right whatever happened before', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('use' as const),
        who: fc.constantFrom('ann', 'bob'),
        day: fc.integer({ min: 0, max: 70 }),
      }),
      fc.record({
        do: fc.constant('import' as const),
        days: fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 9 }),
      }),
      fc.record({ do: fc.constant('undo' as const), which: fc.nat(9) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const unit = new TestStore();
        for (const one of steps) {
          if (one.do === 'import') {
            const dates = [...new Set(one.days)].map((day) => datesFrom('2026-10-20', 71)[day]!);
            unit.import({ ...GYM, usage: usageOn('ann', 'day', ...dates) });
          } else if (one.do === 'use') {
            const day = dayNumber('2026-10-20') + one.day;
            const [known] = unit.query('SELECT 1 FROM usage WHERE member_id = ? AND day = ?', one.who, day);
            if (known === undefined) unit.use(one.who, day * 24 * HOUR_MS + 3 * HOUR_MS);
          } else {
            const own = unit.query('SELECT event_seq AS seq, member_id AS who FROM usage WHERE event_seq IS NOT NULL');
            const found = own[one.which];
            if (found === undefined) continue;
            unit.undo(Number(found['seq']), String(found['who']), NOON);
          }
        }
        const counted = unit.query(
          'SELECT contract_id, month, band_id, member_id, days FROM month_count ORDER BY 1, 2, 3',
        );
        expect(counted).toStrictEqual(
          unit.query(`
          SELECT contract_id, unixepoch(day * 86400, 'unixepoch', 'start of month') / 86400 AS month, band_id, member_id,
            count(*) AS days FROM usage GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3`),
        );
        unit.store.close();
      }),
      { numRuns: 25, interruptAfterTimeLimit: 20_000 },
    );
  });
});

describe('ticket uses', () => {
  test('are told by all, type, member and ticket, newest first, with the time where we saw it', () => {
    const unit = new TestStore({ ...GYM, ticketUses: [{ ticketId: 'k-bob', date: '2026-11-10', uses: 2 }] });
    const { history } = unit.store;
    unit.spend('ann', NOON);
    const last = unit.spend('bob', NOON + HOUR_MS, 3);
    const told = (filter: Parameters<typeof history.ticketUses>[0]) =>
      paged<TicketUse>(1, (page) => history.ticketUses(filter, page)).map(
        ({ memberId, uses }) => `${memberId} ${uses}`,
      );
    expect(told({ by: 'all' })).toStrictEqual(['bob 3', 'ann 1', 'bob 2']);
    expect(told({ by: 'type', id: 'ever' })).toStrictEqual(['bob 3', 'bob 2']);
    expect(told({ by: 'member', id: 'ann' })).toStrictEqual(['ann 1']);
    expect(told({ by: 'ticket', id: 'k-bob' })).toStrictEqual(['bob 3', 'bob 2']);
    expect(told({ by: 'ticket', id: 'none' })).toStrictEqual([]);
    const [first, , imported] = history.ticketUses({ by: 'all' }, FIRST);
    expect(first).toMatchObject({ typeId: 'ever', seq: last, at: NOON + HOUR_MS, day: dayNumber('2026-11-18') });
    expect(imported).toMatchObject({ seq: null, at: null, day: dayNumber('2026-11-10') });
  });

  test('outlive their ticket', () => {
    const unit = new TestStore();
    unit.spend('ann', NOON);
    unit.import({ ...GYM, tickets: [] });
    expect(unit.store.history.ticketUses({ by: 'member', id: 'ann' }, FIRST)).toMatchObject([
      { typeId: 'ten', uses: 1 },
    ]);
  });
});
