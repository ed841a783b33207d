// The corners of the rules that the shared vectors leave open; each of these has been got wrong by somebody.
import { describe, expect, test } from 'vitest';
import { decideEntry, decideOverride, decideRedemption, decideWithoutSite } from './decide.ts';
import type { HolidayRule, Plan } from './model.ts';
import { factsWindow } from './moment.ts';
import { dayNumber } from './rules.ts';
import {
  at,
  band,
  doorOf,
  enter,
  leave,
  limits,
  member,
  plan,
  rulesOf,
  SITE,
  ticket,
  ticketType,
  usage,
} from './testing.ts';
import { formatDay } from './time/day.ts';

const OPEN = plan('open', { mode: 'open' });
const TICKET = plan('ticket', { mode: 'ticket' });

function reasonWith(entry: Plan['entry'], time: string, who = member(['p']), more: Partial<Plan> = {}) {
  return enter(rulesOf({ plans: [plan('p', entry, more)] }), 'front', time, who).result;
}

describe('which occurrence', () => {
  test("tomorrow's, by early minutes across midnight: counted for tomorrow, by tomorrow's weekday", () => {
    const entry = limits([band('early', { weekdays: ['tue'], monthlyLimit: 1 })], { earlyMinutes: 60 });
    const { consumed, granted } = reasonWith(entry, '2026-11-09T23:45');
    expect({ granted, consumed }).toStrictEqual({
      granted: true,
      consumed: [{ kind: 'band', bandId: 'early', date: '2026-11-10' }],
    });
  });
  test("yesterday's, after midnight: counted for yesterday, in yesterday's month", () => {
    const entry = limits([band('night', { monthlyLimit: 2 })]);
    const who = member(['p'], { usage: usage('p', 'night', '2026-10-30', '2026-11-05') });
    const { consumed, remaining } = reasonWith(entry, '2026-11-01T01:00', who);
    expect({ consumed, remaining }).toStrictEqual({
      consumed: [{ kind: 'band', bandId: 'night', date: '2026-10-31' }],
      remaining: 0,
    });
  });
  test("today's is judged even while yesterday's is on: the further reason is told", () => {
    // Monday 01:00: Sunday's night band is on but not allowed; Monday's is allowed and not yet open.
    const entry = limits([band('night', { weekdays: ['mon'] })]);
    expect(reasonWith(entry, '2026-11-09T01:00').reason).toBe('outside-hours');
  });
  test('a band that the clocks jump over is as if the store had none; one that they shorten takes place', () => {
    const stores = [
      {
        id: 'north',
        name: 'North',
        bands: [
          { id: 'gone', name: '', from: '02:30', to: '03:00' },
          { id: 'short', name: '', from: '01:30', to: '03:30' },
        ],
      },
    ];
    const site = { ...SITE.site, timezone: 'America/New_York' };
    const places = SITE.places.slice(0, 1);
    const doors = SITE.doors.slice(0, 1);
    const reason = (bandId: string, time: string) => {
      const rules = rulesOf({ site, stores, places, doors, plans: [plan('p', limits([band(bandId)]))] });
      return enter(rules, 'front', time, member(['p'])).result.reason;
    };
    expect(reason('gone', '2026-03-08T08:00:00Z')).toBe('no-band');
    expect(reason('gone', '2026-03-09T08:00:00Z')).toBe('outside-hours');
    expect(reason('short', '2026-03-08T07:29:59Z')).toBe('plan');
    expect(reason('short', '2026-03-08T07:30:00Z')).toBe('outside-hours');
  });
});

test('a site that runs for years remembers few days, and forgets none of the rules', () => {
  const rules = rulesOf({ plans: [plan('p', limits([band('day')]))] });
  const reasons = Array.from({ length: 300 }, (_, day) => {
    const time = at('2026-11-09T12:00') + day * 86_400_000;
    return decideEntry(rules, doorOf(rules, 'front'), time, member(['p'])).result.reason;
  });
  expect(new Set(reasons)).toStrictEqual(new Set(['plan']));
});

describe('business date', () => {
  test('a contract begins and ends at the start of the business day', () => {
    const rules = rulesOf({ plans: [OPEN] });
    const [contract] = member(['open']).contracts;
    const who = member([], {
      contracts: [{ ...contract!, from: dayNumber('2026-11-02'), to: dayNumber('2026-11-02') }],
    });
    const reasons = ['2026-11-02T03:59', '2026-11-02T04:00', '2026-11-03T03:59', '2026-11-03T04:00'].map(
      (time) => enter(rules, 'front', time, who).result.reason,
    );
    expect(reasons).toStrictEqual(['no-contract', 'plan', 'plan', 'no-contract']);
  });
  test('in a repeated hour the day has begun with its first 01:30', () => {
    const site = { ...SITE.site, timezone: 'America/New_York', dayStart: '01:30' };
    const rules = rulesOf({ site });
    const business = (time: string) => formatDay(factsWindow(rules, at(time)).businessDay);
    expect(business('2026-11-01T05:29:59Z')).toBe('2026-10-31');
    expect(business('2026-11-01T05:30:00Z')).toBe('2026-11-01');
    expect(business('2026-11-01T06:10:00Z')).toBe('2026-11-01'); // 01:10 for the second time
  });
  test('where midnight comes twice, the second evening before it belongs to the new date already', () => {
    const rules = rulesOf({ site: { ...SITE.site, timezone: 'America/St_Johns', dayStart: '00:00' } });
    expect(formatDay(factsWindow(rules, at('2006-10-29T02:45:00Z')).businessDay)).toBe('2006-10-29');
  });
  test('a ticket is valid by business date, to its last one', () => {
    const types = [ticketType('t', {}, { validDays: 1 })];
    const rules = rulesOf({ plans: [TICKET], ticketTypes: types });
    const who = member(['ticket'], { tickets: [ticket('k', 't', { issuedOn: dayNumber('2026-11-02') })] });
    const reasons = ['2026-11-02T03:59', '2026-11-02T04:00', '2026-11-04T03:59', '2026-11-04T04:00'].map(
      (time) => enter(rules, 'front', time, who).result.reason,
    );
    expect(reasons).toStrictEqual(['no-ticket', 'ticket', 'ticket', 'no-ticket']);
  });
});

describe('early minutes', () => {
  test('are not given to tickets', () => {
    const rules = rulesOf({ plans: [TICKET], ticketTypes: [ticketType('t', { bandIds: ['morning', 'nowhere'] })] });
    const who = member(['ticket'], { tickets: [ticket('k', 't')] });
    expect(enter(rules, 'front', '2026-11-02T05:59', who).result.reason).toBe('outside-hours');
    expect(enter(rules, 'front', '2026-11-02T06:00', who).result.reason).toBe('ticket');
  });
  test('are not given to booking bands', () => {
    const entry = limits([band('day')], { earlyMinutes: 60 });
    const rules = rulesOf({ plans: [plan('p', entry, { booking: { bands: [{ bandId: 'night', weekdays: null }] } })] });
    const reason = (time: string) => enter(rules, 'keys', time, member(['p'])).result.reason;
    expect(['2026-11-02T21:30', '2026-11-02T22:00', '2026-11-02T09:00'].map(reason)).toStrictEqual([
      'outside-hours',
      'schedule',
      'schedule',
    ]);
  });
});

describe('counts', () => {
  const entry = limits([band('day', { monthlyLimit: 1 }), band('full', { monthlyLimit: 2 })]);
  test('are kept by contract and by band', () => {
    const plans = [plan('a', entry), plan('b', entry)];
    const who = member(['a', 'b'], {
      usage: [...usage('a', 'day', '2026-11-01'), ...usage('a', 'full', '2026-11-01', '2026-11-05')],
    });
    const { contractId, bandId, remaining } = enter(rulesOf({ plans }), 'front', '2026-11-09T12:00', who).result;
    expect({ contractId, bandId, remaining }).toStrictEqual({ contractId: 'c-b', bandId: 'full', remaining: 1 });
  });
  test('a date counted already passes beyond a lowered limit, and nothing is left', () => {
    const who = member(['p'], { usage: usage('p', 'day', '2026-11-01', '2026-11-09') });
    const result = reasonWith(limits([band('day', { monthlyLimit: 1 })]), '2026-11-09T12:00', who);
    expect(result).toMatchObject({ granted: true, consumed: [], remaining: 0 });
  });
  test('a limit of nothing is reached at once, and the count is told', () => {
    const rules = rulesOf({ plans: [plan('p', limits([band('day', { monthlyLimit: 0 })]))] });
    const { result, usedUp } = enter(rules, 'front', '2026-11-09T12:00', member(['p']));
    expect(result.reason).toBe('limit-reached');
    expect(usedUp).toStrictEqual({ used: 0, limit: 0, day: dayNumber('2026-11-09') });
  });
  test('of equal bands the one that ends first is taken, else the first in the list', () => {
    const hours = { from: '06:00', to: '10:00' };
    const twin = { id: 'twin', name: 'Twin', ...hours };
    const stores = SITE.stores.map((store) => ({ ...store, bands: [...store.bands, twin] }));
    const choose = (...ids: string[]) => {
      const rules = rulesOf({ stores, plans: [plan('p', limits(ids.map((id) => band(id))))] });
      return enter(rules, 'front', '2026-11-09T09:00', member(['p'])).result.bandId;
    };
    expect([choose('full', 'morning'), choose('morning', 'full')]).toStrictEqual(['morning', 'morning']);
    expect([choose('twin', 'morning'), choose('morning', 'twin')]).toStrictEqual(['twin', 'morning']);
  });
  test('the first of the next month belongs to the next, also for who comes when the clock was put back', () => {
    const who = member(['p'], { usage: usage('p', 'day', '2026-12-01') });
    const result = reasonWith(limits([band('day', { monthlyLimit: 1 })]), '2026-11-30T12:00', who);
    expect(result).toMatchObject({ granted: true, remaining: 0 });
  });
  test('what is consumed, or relied on once more, names its contract, band and date', () => {
    const rules = rulesOf({ plans: [plan('p', limits([band('day')]))] });
    const right = { kind: 'band', contractId: 'c-p', bandId: 'day', day: dayNumber('2026-11-09') };
    const counted = member(['p'], { usage: usage('p', 'day', '2026-11-09') });
    for (const door of ['front', 'keys', 'face']) {
      expect(enter(rules, door, '2026-11-09T12:00', member(['p'])).changes).toMatchObject({
        consumed: right,
        reused: null,
      });
      expect(enter(rules, door, '2026-11-09T12:00', counted).changes).toMatchObject({ consumed: null, reused: right });
    }
  });
});

describe('[] means none, null means all', () => {
  const doorless = (admitsPlans: string[] | null) =>
    rulesOf({ plans: [OPEN], doors: [{ ...SITE.doors[1]!, admitsPlans }] });
  test.each([
    ['bands of limits', () => reasonWith(limits([]), '2026-11-09T12:00').reason, 'no-band'],
    [
      'weekdays, none',
      () => reasonWith(limits([band('day', { weekdays: [] })]), '2026-11-09T12:00').reason,
      'wrong-weekday',
    ],
    [
      'stores of a plan, none',
      () => reasonWith({ mode: 'open' }, '2026-11-09T12:00', member(['p']), { storeIds: [] }).reason,
      'wrong-store',
    ],
    [
      'plans of a door, none',
      () => enter(doorless([]), 'side', '2026-11-09T12:00', member(['open'])).result.reason,
      'door-not-allowed',
    ],
    [
      'plans of a door, all',
      () => enter(doorless(null), 'side', '2026-11-09T12:00', member(['open'])).result.reason,
      'plan',
    ],
    [
      'programs, none',
      () => reasonWith(limits([], { freeWithReservation: [] }), '2026-11-09T12:00', booked()).reason,
      'no-band',
    ],
    [
      'programs, null is none too',
      () => reasonWith(limits([], { freeWithReservation: null }), '2026-11-09T12:00', booked()).reason,
      'no-band',
    ],
    [
      'bookings, none',
      () =>
        enter(
          rulesOf({ plans: [plan('p', { mode: 'ticket' }, { booking: { bands: [] } })] }),
          'keys',
          '2026-11-09T12:00',
          member(['p']),
        ).result.reason,
      'no-band',
    ],
  ])('%s', (_, found, reason) => expect(found()).toBe(reason));

  test.each([
    [{ storeIds: [] }, 'wrong-store'],
    [{ weekdays: [] }, 'wrong-weekday'],
    [{ bandIds: [] }, 'outside-hours'],
    [{ storeIds: null, weekdays: null, bandIds: null }, 'ticket'],
    [{ storeIds: ['south'], weekdays: [] }, 'wrong-store'],
  ])('a ticket type with %o', (scope, reason) => {
    const rules = rulesOf({ plans: [TICKET], ticketTypes: [ticketType('t', scope)] });
    const who = member(['ticket'], { tickets: [ticket('k', 't')] });
    expect(enter(rules, 'front', '2026-11-09T12:00', who).result.reason).toBe(reason);
  });
});

function booked() {
  const start = at('2026-11-09T12:10');
  return member(['p'], { reservations: [{ storeId: 'north', programId: 'yoga', start, end: start + 3_600_000 }] });
}

describe('holidays', () => {
  // 2026-11-03 is a holiday and a Tuesday.
  test.each<[HolidayRule, string, string]>([
    ['as-weekday', 'plan', 'wrong-weekday'],
    ['closed', 'holiday', 'holiday'],
    ['always', 'plan', 'plan'],
    ['if-weekday', 'plan', 'holiday'],
  ])('%s', (holiday, listed, unlisted) => {
    const reason = (weekdays: ('tue' | 'wed')[]) =>
      reasonWith(limits([band('day', { weekdays, holiday })]), '2026-11-03T12:00').reason;
    expect([reason(['tue']), reason(['wed'])]).toStrictEqual([listed, unlisted]);
  });
});

describe('the ladder', () => {
  const STEPS: readonly [string, Plan][] = [
    ['no-band', plan('no-band', limits([]))],
    ['no-ticket', TICKET],
    ['wrong-store', plan('wrong-store', { mode: 'open' }, { storeIds: ['south'] })],
    ['wrong-weekday', plan('wrong-weekday', limits([band('day', { weekdays: [] })]))],
    ['holiday', plan('holiday', limits([band('day', { holiday: 'closed' })]))],
    ['outside-hours', plan('outside-hours', limits([band('morning')]))],
    ['limit-reached', plan('limit-reached', limits([band('day', { monthlyLimit: 0 })]))],
  ];
  const RANK = new Map([
    ['no-band', 1],
    ['no-ticket', 1],
    ['wrong-store', 2],
    ['wrong-weekday', 4],
    ['holiday', 4],
    ['outside-hours', 5],
    ['limit-reached', 6],
  ]);
  const rules = rulesOf({ plans: STEPS.map(([, one]) => one) });
  const pairs = STEPS.flatMap(([a, planA]) => STEPS.map(([b, planB]) => [a, b, planA.id, planB.id] as const));
  test.each(pairs)('%s and then %s: the further is told, the first on a tie', (a, b, first, second) => {
    const further = (RANK.get(b) ?? 0) > (RANK.get(a) ?? 0) ? b : a;
    const who = first === second ? member([first]) : member([first, second]);
    expect(enter(rules, 'front', '2026-11-03T12:00', who).result.reason).toBe(further);
  });
  test('door-not-allowed stands between wrong-store and wrong-weekday', () => {
    const plans = [
      plan('elsewhere', { mode: 'open' }, { storeIds: ['south'] }),
      OPEN,
      plan('vip', limits([band('day', { weekdays: [] })])),
    ];
    const reason = (...ids: string[]) =>
      enter(rulesOf({ plans }), 'side', '2026-11-09T12:00', member(ids)).result.reason;
    expect([reason('elsewhere', 'open'), reason('open', 'elsewhere'), reason('open', 'vip')]).toStrictEqual([
      'door-not-allowed',
      'door-not-allowed',
      'wrong-weekday',
    ]);
  });
});

describe('the cheapest contract', () => {
  const limited = plan('limited', limits([band('day', { monthlyLimit: 9 })]));
  const free = plan('free', limits([band('day')]));
  const types = [ticketType('t', { consume: 'day' })];
  const rules = rulesOf({ plans: [TICKET, limited, free], ticketTypes: types });
  const taken = (ids: readonly string[], more: Parameters<typeof member>[1]) =>
    enter(rules, 'front', '2026-11-09T12:00', member(ids, more)).result.contractId;
  const fresh = { tickets: [ticket('k', 't')] };

  test.each([
    ['an unlimited band before a limited one', ['limited', 'free'], {}, 'c-free'],
    ['a limited band before a ticket', ['ticket', 'limited'], fresh, 'c-limited'],
    [
      'a limited band that is counted already is free',
      ['limited', 'free'],
      { usage: usage('limited', 'day', '2026-11-09') },
      'c-limited',
    ],
    [
      'a ticket used today is free',
      ['ticket', 'free'],
      { tickets: [ticket('k', 't', { usedToday: true, remaining: 0 })] },
      'c-ticket',
    ],
    ['else the first in the list', ['free', 'limited'], {}, 'c-free'],
  ])('%s', (_, ids, more, contract) => expect(taken(ids, more)).toBe(contract));
});

describe('tickets', () => {
  const types = [
    ticketType('day', { consume: 'day' }),
    ticketType('entry', { consume: 'entry' }),
    ticketType('short', {}, { validDays: 400 }),
    ticketType('mug', null),
  ];
  const rules = rulesOf({ plans: [TICKET, OPEN], ticketTypes: types });
  const entered = (...tickets: ReturnType<typeof ticket>[]) =>
    enter(rules, 'front', '2026-11-09T12:00', member(['ticket'], { tickets })).result;

  test.each([
    [
      'used today first, and nothing more is used',
      [ticket('a', 'short'), ticket('b', 'day', { usedToday: true, remaining: 0 })],
      [],
      0,
    ],
    ['expiring before never', [ticket('a', 'entry'), ticket('b', 'short')], ['b'], 2],
    ['fewest left', [ticket('a', 'entry'), ticket('b', 'entry', { remaining: 2 })], ['b'], 1],
    ['list order', [ticket('a', 'entry'), ticket('b', 'entry')], ['a'], 2],
    ['one that is used by entry counts each time', [ticket('a', 'entry', { usedToday: true })], ['a'], 2],
  ])('%s', (_, tickets, ids, remaining) => {
    const result = entered(...tickets);
    expect(result.consumed.map((one) => (one.kind === 'ticket' ? one.ticketId : null))).toStrictEqual(ids);
    expect(result.remaining).toBe(remaining);
  });

  test('one that lets nobody in is none, and an empty one neither', () => {
    expect(entered(ticket('a', 'mug')).reason).toBe('no-ticket');
    expect(entered(ticket('a', 'entry', { remaining: 0, usedToday: true })).reason).toBe('no-ticket');
    expect(entered(ticket('a', 'entry', { issuedOn: dayNumber('2026-11-10') })).reason).toBe('no-ticket');
  });

  describe('that the member chose', () => {
    const who = member(['open', 'ticket'], { tickets: [ticket('k', 'entry'), ticket('mug', 'mug')] });
    test('is spent, though the plan would let in without', () => {
      const decision = enter(rules, 'front', '2026-11-09T12:00', who, 'k');
      expect(decision.result).toMatchObject({ reason: 'ticket', contractId: 'c-open', remaining: 2 });
      expect(decision.by).toStrictEqual({ kind: 'ticket', id: 'k' });
    });
    test.each(['nobody-has-it', 'mug'])('%s: no-ticket', (id) => {
      expect(enter(rules, 'front', '2026-11-09T12:00', who, id).result.reason).toBe('no-ticket');
    });
    test('plays no part where keys decide or a face does', () => {
      expect(enter(rules, 'keys', '2026-11-09T12:00', who, 'k').result.reason).toBe('schedule');
      expect(enter(rules, 'face', '2026-11-09T12:00', who, 'k').result.reason).toBe('record-only');
    });
    test('nor where keys decide and the first contract does not open', () => {
      const keys = rulesOf({ plans: [plan('closed', limits([])), OPEN], ticketTypes: types });
      const both = member(['closed', 'open'], { tickets: [ticket('k', 'entry')] });
      expect(enter(keys, 'keys', '2026-11-09T12:00', both, 'k').result).toMatchObject({
        reason: 'schedule',
        contractId: 'c-open',
      });
    });
    test('needs a contract that holds at the door; the first such is taken', () => {
      const plans = [plan('elsewhere', { mode: 'open' }, { storeIds: ['south'] }), OPEN];
      const other = rulesOf({ plans, ticketTypes: types });
      const tickets = [ticket('k', 'entry')];
      expect(enter(other, 'front', '2026-11-09T12:00', member(['elsewhere'], { tickets }), 'k').result.reason).toBe(
        'wrong-store',
      );
      const both = enter(other, 'front', '2026-11-09T12:00', member(['elsewhere', 'open'], { tickets }), 'k');
      expect(both.result.contractId).toBe('c-open');
    });
    test('is refused to who is inside, at a door that minds', () => {
      const inside = { ...who, stays: [{ id: 1, enteredAt: at('2026-11-09T11:00'), via: null }] };
      expect(enter(rules, 'strict', '2026-11-09T12:00', inside, 'k').result).toMatchObject({
        reason: 'passback',
        consumed: [],
      });
    });
  });

  test('at the counter need their dates and enough uses, nothing else', () => {
    const redeem = (one: ReturnType<typeof ticket> | null, uses: number) =>
      decideRedemption(rules, at('2026-11-09T12:00'), one, uses).result;
    expect(redeem(ticket('a', 'mug'), 3)).toMatchObject({
      granted: true,
      reason: 'redeemed',
      memberId: 'm',
      remaining: 0,
    });
    expect(redeem(ticket('a', 'mug'), 4)).toMatchObject({
      granted: false,
      reason: 'no-ticket',
      memberId: 'm',
      alert: 'error',
    });
    expect(redeem(ticket('a', 'short', { issuedOn: dayNumber('2025-10-01') }), 1).granted).toBe(false);
    expect(redeem(null, 1)).toMatchObject({ granted: false, memberId: null });
  });
});

describe('reservations', () => {
  const entry = limits([band('day', { monthlyLimit: 0 })], {
    freeWithReservation: ['yoga'],
    earlyMinutes: 15,
    lateMinutes: 10,
  });
  const rules = rulesOf({ plans: [plan('p', entry)] });
  const lesson = (programId: string, from: string, to: string, storeId = 'north') => ({
    storeId,
    programId,
    start: at(from),
    end: at(to),
  });
  test('of several the one that ends first; leaving is in time until late minutes after it', () => {
    const reservations = [
      lesson('yoga', '2026-11-09T11:00', '2026-11-09T14:00'),
      lesson('yoga', '2026-11-09T12:00', '2026-11-09T13:00'),
      lesson('yoga', '2026-11-09T12:00', '2026-11-09T13:30'),
    ];
    const { by, changes, result } = enter(rules, 'front', '2026-11-09T12:30', member(['p'], { reservations }));
    expect(result).toMatchObject({ reason: 'reservation', bandId: null, consumed: [] });
    expect(by).toStrictEqual({ kind: 'program', id: 'yoga' });
    expect(changes.enter?.via).toStrictEqual({ contractId: 'c-p', until: at('2026-11-09T13:10') });
  });
  test('of several that end together the first in the list', () => {
    const any = rulesOf({ plans: [plan('p', limits([], { freeWithReservation: 'any' }))] });
    const reservations = ['spin', 'yoga'].map((id) => lesson(id, '2026-11-09T12:00', '2026-11-09T13:00'));
    const { by } = enter(any, 'front', '2026-11-09T12:30', member(['p'], { reservations }));
    expect(by).toStrictEqual({ kind: 'program', id: 'spin' });
  });
  test.each([
    ['before the early minutes', lesson('yoga', '2026-11-09T12:16', '2026-11-09T13:00')],
    ['once it has ended', lesson('yoga', '2026-11-09T11:00', '2026-11-09T12:00')],
    ['in another store', lesson('yoga', '2026-11-09T12:00', '2026-11-09T13:00', 'south')],
    ['of another program', lesson('spin', '2026-11-09T12:00', '2026-11-09T13:00')],
  ])('not %s', (_, reservation) => {
    expect(
      enter(rules, 'front', '2026-11-09T12:00', member(['p'], { reservations: [reservation] })).result.reason,
    ).toBe('limit-reached');
  });
});

describe('keys', () => {
  const booking = { bands: [{ bandId: 'night', weekdays: ['mon' as const] }] };
  test('the first band that matches is counted, past its limit, once a date', () => {
    const entry = limits([band('night'), band('full', { monthlyLimit: 0 }), band('day')]);
    const rules = rulesOf({ plans: [plan('p', entry)] });
    const first = enter(rules, 'keys', '2026-11-09T12:00', member(['p'])).result;
    expect(first).toMatchObject({
      bandId: 'full',
      remaining: null,
      consumed: [{ kind: 'band', bandId: 'full', date: '2026-11-09' }],
    });
    const again = enter(
      rules,
      'keys',
      '2026-11-09T12:00',
      member(['p'], { usage: usage('p', 'full', '2026-11-09') }),
    ).result;
    expect(again).toMatchObject({ granted: true, bandId: 'full', consumed: [] });
  });
  test('an unlimited band costs less than a limited one of another contract', () => {
    const plans = [plan('a', limits([band('day', { monthlyLimit: 5 })])), plan('b', limits([band('day')]))];
    expect(enter(rulesOf({ plans }), 'keys', '2026-11-09T12:00', member(['a', 'b'])).result.contractId).toBe('c-b');
  });
  test('an open plan and a booking cost as little as an unlimited band: the first in the list', () => {
    const all = { bands: [{ bandId: 'full', weekdays: null }] };
    const plans = [
      plan('band', limits([band('day')])),
      OPEN,
      plan('booked', { mode: 'ticket' }, { booking: all }),
      plan('counted', limits([band('day', { monthlyLimit: 5 })])),
    ];
    const taken = (...ids: string[]) => {
      const who = member(ids, { usage: usage('counted', 'day', '2026-11-09') });
      return enter(rulesOf({ plans }), 'keys', '2026-11-09T12:00', who).result.contractId;
    };
    expect([taken('open', 'band'), taken('booked', 'band'), taken('band', 'open')]).toStrictEqual([
      'c-open',
      'c-booked',
      'c-band',
    ]);
    expect([taken('counted', 'band'), taken('open', 'counted')]).toStrictEqual(['c-counted', 'c-open']);
  });
  test("hold only in the plan's stores", () => {
    const rules = rulesOf({ plans: [plan('p', { mode: 'open' }, { storeIds: ['south'] })] });
    expect(enter(rules, 'keys', '2026-11-09T12:00', member(['p'])).result.reason).toBe('wrong-store');
  });
  test('a booking under an open plan changes nothing: open at all hours', () => {
    const rules = rulesOf({ plans: [plan('p', { mode: 'open' }, { booking })] });
    expect(enter(rules, 'keys', '2026-11-10T05:00', member(['p'])).result).toMatchObject({
      reason: 'schedule',
      bandId: null,
    });
  });
  test('a booking band opens by weekday whatever the holidays, and counts nothing', () => {
    const rules = rulesOf({ plans: [plan('p', { mode: 'ticket' }, { booking })] });
    const reason = (time: string) => enter(rules, 'keys', time, member(['p'])).result.reason;
    // 2026-11-23 is a Monday and a holiday.
    expect(['2026-11-23T22:30', '2026-11-24T01:30', '2026-11-24T22:30', '2026-11-23T12:00'].map(reason)).toStrictEqual([
      'schedule',
      'schedule',
      'wrong-weekday',
      'outside-hours',
    ]);
  });
  test('limits and bookings: the furthest of both is told', () => {
    const rules = rulesOf({ plans: [plan('p', limits([band('day', { weekdays: [] })]), { booking })] });
    expect(enter(rules, 'keys', '2026-11-23T12:00', member(['p'])).result.reason).toBe('outside-hours');
  });
});

describe('a lock that decides by itself', () => {
  const night = plan('night', limits([band('night')]));
  const day = plan('day', limits([band('day', { monthlyLimit: 0, weekdays: ['mon'], holiday: 'closed' })]), {
    storeIds: ['south'],
  });
  const rules = rulesOf({ plans: [night, day] });
  test('the passage counts for the first contract whose band is on, here or not, past the limit', () => {
    expect(enter(rules, 'face', '2026-11-09T12:00', member(['night', 'day'])).result).toMatchObject({
      reason: 'record-only',
      contractId: 'c-day',
      bandId: 'day',
      remaining: null,
      consumed: [{ kind: 'band', bandId: 'day', date: '2026-11-09' }],
    });
  });
  test('by day: on a holiday, and on other weekdays, it counts for nothing but is of the first contract', () => {
    for (const time of ['2026-11-23T12:00', '2026-11-10T12:00']) {
      expect(enter(rules, 'face', time, member(['night', 'day'])).result).toMatchObject({
        contractId: 'c-night',
        bandId: null,
        consumed: [],
      });
    }
  });
  test('without a contract too, and nobody minds who is inside', () => {
    const inside = { stays: [{ id: 1, enteredAt: at('2026-11-09T11:00'), via: null }] };
    const { result, changes } = enter(rules, 'face', '2026-11-09T12:00', member([], inside));
    expect(result).toMatchObject({ granted: true, contractId: null, warnings: [] });
    expect(changes.enter).toBeNull();
    expect(enter(rules, 'face', '2026-11-09T12:00', member([])).changes.enter).toMatchObject({ via: null });
  });
  test('the suspended and the unknown are refused even there', () => {
    expect(enter(rules, 'face', '2026-11-09T12:00', member([], { suspended: true })).result.reason).toBe('suspended');
    expect(enter(rules, 'face', '2026-11-09T12:00', null).result.reason).toBe('unknown-credential');
  });
});

describe('staff let in', () => {
  const rules = rulesOf({ plans: [plan('p', limits([band('day', { monthlyLimit: 5 })]))] });
  const inside = member(['p'], { stays: [{ id: 7, enteredAt: at('2026-11-09T11:00'), via: null }] });
  const override = (door: string, who: typeof inside | null, consume: boolean) =>
    decideOverride(rules, doorOf(rules, door), at('2026-11-09T12:00'), who, consume);
  test('who is inside already, at a door that minds: counted, and the stay is left as it is', () => {
    const { result, changes } = override('strict', inside, true);
    expect(result).toMatchObject({ reason: 'override', contractId: null, bandId: null, remaining: null, warnings: [] });
    expect(result.consumed).toStrictEqual([{ kind: 'band', bandId: 'day', date: '2026-11-09' }]);
    expect(changes.enter).toBeNull();
  });
  test('and nothing is counted unless they say so, or where the rules would refuse', () => {
    expect(override('front', member(['p']), false).result.consumed).toStrictEqual([]);
    expect(override('front', member(['p'], { suspended: true }), true).result.consumed).toStrictEqual([]);
    expect(override('front', member([]), true).result.consumed).toStrictEqual([]);
    expect(override('front', member(['p']), true).changes.enter).toMatchObject({ via: null });
  });
  test('somebody whom nobody knows', () => {
    expect(override('front', null, true)).toMatchObject({
      result: { memberId: null, consumed: [] },
      changes: { enter: null },
    });
  });
});

describe('leaving', () => {
  const fee = { freeMinutes: 10, firstMinutes: 60, firstPrice: 500, unitMinutes: 30, unitPrice: 200, maxPrice: 1_000 };
  const places = SITE.places.map((place) => ({ ...place, fee: place.id === 'north-gym' ? fee : null }));
  const plans = [OPEN, plan('free', { mode: 'open' }, { stayFee: 'none' })];
  const rules = rulesOf({ places, plans });
  const stay = (id: number, entered: string, via: { contractId: string; until: number | null } | null = null) => ({
    id,
    enteredAt: at(entered),
    via,
  });

  test('closes all open stays; the one entered last is told, of equal ones the last in order', () => {
    const stays = [
      stay(1, '2026-11-09T11:00'),
      stay(2, '2026-11-09T11:30', { contractId: 'c-free', until: null }),
      stay(3, '2026-11-09T11:30'),
      stay(4, '2026-11-09T10:00'),
      stay(5, '2026-11-09T12:01'), // entered after this exit
      stay(6, '2026-11-08T12:00'), // older than anybody stays
    ];
    const { result, changes } = leave(rules, 'front', '2026-11-09T12:00', member(['open', 'free'], { stays }));
    expect(changes.leave).toStrictEqual([1, 2, 3, 4]);
    expect(result.stay).toStrictEqual({ minutes: 30, fee: 500 });
  });
  test.each([
    ['10 minutes are free', '2026-11-09T11:50', 0],
    ['11 cost the first price', '2026-11-09T11:49', 500],
    ['60 still do', '2026-11-09T11:00', 500],
    ['61 begin a unit', '2026-11-09T10:59', 700],
    ['a day costs the most', '2026-11-08T12:01', 1_000],
  ])('%s', (_, entered, price) => {
    const who = member(['open'], { stays: [stay(1, entered, { contractId: 'c-open', until: null })] });
    expect(leave(rules, 'front', '2026-11-09T12:00', who).result.stay?.fee).toBe(price);
  });
  test('without a highest price it grows on', () => {
    const dear = rulesOf({ places: places.map((place) => ({ ...place, fee: { ...fee, maxPrice: null } })), plans });
    const who = member(['open'], { stays: [stay(1, '2026-11-08T12:01')] });
    expect(leave(dear, 'front', '2026-11-09T12:00', who).result.stay).toStrictEqual({
      minutes: 1_439,
      fee: 500 + 46 * 200,
    });
  });
  test('where the place has no fee it costs nothing, by whatever one entered', () => {
    const stays = [stay(1, '2026-11-09T09:00')];
    const free = rulesOf({ plans });
    expect(leave(free, 'front', '2026-11-09T12:00', member(['open'], { stays })).result.stay).toStrictEqual({
      minutes: 180,
      fee: 0,
    });
  });
  test('with stays included it costs nothing, though the contract has ended', () => {
    const contracts = member(['free']).contracts.map((one) => ({ ...one, to: dayNumber('2026-11-01') }));
    const who = member([], { contracts, stays: [stay(1, '2026-11-09T09:00', { contractId: 'c-free', until: null })] });
    expect(leave(rules, 'front', '2026-11-09T12:00', who).result.stay?.fee).toBe(0);
  });
  test('warns in a fixed order, and lets out', () => {
    const until = at('2026-11-09T11:59');
    const late = member(['open'], {
      suspended: true,
      stays: [stay(1, '2026-11-09T11:00', { contractId: 'c-open', until })],
    });
    const out = leave(rules, 'front', '2026-11-09T12:00', late);
    expect(out.result).toMatchObject({
      granted: true,
      reason: 'exit',
      alert: 'warning',
      warnings: ['suspended', 'overstay'],
    });
    expect(out.overstayUntil).toBe(until);
    expect(leave(rules, 'front', '2026-11-09T11:59', late).result.warnings).toStrictEqual(['suspended']);
    expect(leave(rules, 'front', '2026-11-09T12:00', member([], { suspended: true })).result.warnings).toStrictEqual([
      'suspended',
      'no-entry',
    ]);
    expect(leave(rules, 'front', '2026-11-09T12:00', null).result).toMatchObject({
      memberId: null,
      warnings: ['unknown-credential'],
    });
  });
});

describe('who is inside and comes again', () => {
  const rules = rulesOf({ plans: [OPEN] });
  const inside = member(['open'], { stays: [{ id: 1, enteredAt: at('2026-11-09T11:00'), via: null }] });
  test.each([
    ['front', 'plan', []],
    ['south', 'plan', ['passback']],
    ['strict', 'passback', []],
  ])('at %s', (door, reason, warnings) => {
    const { result, changes } = enter(rules, door, '2026-11-09T12:00', inside);
    expect(result).toMatchObject({ reason, warnings });
    expect(changes.enter).toBeNull();
  });
  test('at the very moment of the entry one is inside', () => {
    expect(enter(rules, 'strict', '2026-11-09T11:00', inside).result.reason).toBe('passback');
    expect(enter(rules, 'strict', '2026-11-09T10:59', inside).result.reason).toBe('plan');
    expect(leave(rules, 'strict', '2026-11-09T11:00', inside).result.stay).toStrictEqual({ minutes: 0, fee: 0 });
  });
  test('after the longest stay a new one begins', () => {
    expect(enter(rules, 'strict', '2026-11-10T11:00', inside).changes.enter).toMatchObject({
      at: at('2026-11-10T11:00'),
    });
    expect(enter(rules, 'strict', '2026-11-10T10:59', inside).result.reason).toBe('passback');
  });
});

test('a unit without a site knows nobody, and lets everybody out', () => {
  expect(decideWithoutSite('in').result).toMatchObject({
    granted: false,
    reason: 'unknown-credential',
    alert: 'error',
  });
  expect(decideWithoutSite('out').result).toMatchObject({
    granted: true,
    reason: 'exit',
    warnings: ['unknown-credential'],
  });
  const nothing = { consumed: null, reused: null, inside: null, businessDay: 0, enter: null, leave: [] };
  expect(decideWithoutSite('in').changes).toStrictEqual(nothing);
  expect(decideWithoutSite('out').changes).toStrictEqual(nothing);
});

test('what does not belong together is a bug, and says so', () => {
  const rules = rulesOf({ plans: [TICKET] });
  expect(() => enter(rules, 'front', '2026-11-09T12:00', member(['nowhere']))).toThrow('plan');
  expect(() =>
    enter(rules, 'front', '2026-11-09T12:00', member(['ticket'], { tickets: [ticket('k', 'nowhere')] })),
  ).toThrow('type');
  expect(() => rulesOf({ places: [] })).toThrow('north-gym');
  expect(() => rulesOf({ holidays: ['2026-02-30'] })).toThrow('2026-02-30');
});
