// Never only "no": each refusal says what would help, found by the rules that refused.
import { describe, expect, test } from 'vitest';
import type { MemberFacts } from './facts.ts';
import type { Plan, TicketType } from './model.ts';
import { type Remedy, remedyFor } from './remedy.ts';
import { dayNumber } from './rules.ts';
import { at, band, doorOf, enter, limits, member, plan, rulesOf, SITE, ticket, ticketType, usage } from './testing.ts';
import { formatDay } from './time/day.ts';

const OPEN = plan('open', { mode: 'open' });

function remedy(
  plans: readonly Plan[],
  time: string,
  who: ReturnType<typeof member> | null,
  door = 'front',
  ticketTypes: readonly TicketType[] = [],
): Partial<Remedy> {
  const rules = rulesOf({ plans, ticketTypes });
  const { result, usedUp } = enter(rules, door, time, who);
  const found = remedyFor(rules, doorOf(rules, door), at(time), who, result.reason, usedUp);
  // Only what has something to say.
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

const opensAt = (time: string) => ({ opensAt: at(time) });

describe('hours and days', () => {
  test.each<[string, Plan['entry'], string, string]>([
    [
      'later today, early minutes taken off',
      limits([band('day')], { earlyMinutes: 15 }),
      '2026-11-09T09:00',
      '2026-11-09T09:45',
    ],
    ['tomorrow', limits([band('day')]), '2026-11-09T17:00', '2026-11-10T10:00'],
    ['the next of its weekdays', limits([band('day', { weekdays: ['thu'] })]), '2026-11-09T12:00', '2026-11-12T10:00'],
    ['after a holiday', limits([band('day', { holiday: 'closed' })]), '2026-11-03T12:00', '2026-11-04T10:00'],
    [
      'when the month is new, for a count that is used up too',
      limits([band('day', { weekdays: ['mon'], monthlyLimit: 0 }), band('night', { weekdays: ['tue'] })]),
      '2026-11-09T09:00',
      '2026-11-10T22:00',
    ],
  ])('%s', (_, entry, time, opens) =>
    expect(remedy([plan('p', entry)], time, member(['p']))).toStrictEqual(opensAt(opens)),
  );

  test('none within a month: nothing is promised', () => {
    const contracts = member(['p']).contracts.map((one) => ({ ...one, to: dayNumber('2026-11-09') }));
    expect(remedy([plan('p', limits([band('day')]))], '2026-11-09T17:00', member([], { contracts }))).toStrictEqual({});
  });
  test('a booking that lets in before the band does', () => {
    const start = at('2026-11-09T20:00');
    const reservations = [{ storeId: 'north', programId: 'yoga', start, end: start + 3_600_000 }];
    const entry = limits([band('day')], { earlyMinutes: 30, freeWithReservation: 'any' });
    expect(remedy([plan('p', entry)], '2026-11-09T18:00', member(['p'], { reservations }))).toStrictEqual(
      opensAt('2026-11-09T19:30'),
    );
  });
  test('keys and their booking bands', () => {
    const keys = plan(
      'p',
      { mode: 'ticket' },
      {
        booking: {
          bands: [
            { bandId: 'night', weekdays: null },
            { bandId: 'nowhere', weekdays: null },
          ],
        },
      },
    );
    expect(remedy([keys], '2026-11-09T12:00', member(['p']), 'keys')).toStrictEqual(opensAt('2026-11-09T22:00'));
  });
  test("a ticket's weekday comes with the business date; one used today is not used tomorrow", () => {
    const types = [ticketType('t', { weekdays: ['tue'], consume: 'day' })];
    const plans = [plan('p', { mode: 'ticket' })];
    const fresh = member(['p'], { tickets: [ticket('k', 't')] });
    expect(remedy(plans, '2026-11-09T12:00', fresh, 'front', types)).toStrictEqual(opensAt('2026-11-10T04:00'));
    const types2 = [ticketType('t', { bandIds: ['morning'], consume: 'day' })];
    const spent = member(['p'], { tickets: [ticket('k', 't', { remaining: 0, usedToday: true })] });
    expect(remedy(plans, '2026-11-09T12:00', spent, 'front', types2)).toStrictEqual({});
    expect(remedy(plans, '2026-11-09T05:00', spent, 'front', types2)).toStrictEqual(opensAt('2026-11-09T06:00'));
  });
});

test('a band that this store has not got, or that the clocks jump over that day, opens nothing', () => {
  const entry = limits([band('nowhere'), band('day', { weekdays: ['tue'] })]);
  expect(remedy([plan('p', entry)], '2026-11-09T09:00', member(['p']))).toStrictEqual(opensAt('2026-11-10T10:00'));
  const bands = [{ id: 'gone', name: '', from: '02:30', to: '03:00' }];
  const rules = rulesOf({
    site: { ...SITE.site, timezone: 'America/New_York' },
    stores: SITE.stores.map((store) => ({ ...store, bands })),
    plans: [plan('p', limits([band('gone')]))],
  });
  const evening = at('2026-03-07T23:00:00Z');
  expect(remedyFor(rules, doorOf(rules, 'front'), evening, member(['p']), 'outside-hours', null).opensAt).toBe(
    at('2026-03-09T06:30:00Z'),
  );
});

test('a count that is used up, when it begins anew, and the ticket that would serve until then', () => {
  const types = [ticketType('t', {})];
  const who = member(['p'], { usage: usage('p', 'day', '2026-11-01', '2026-11-02'), tickets: [ticket('k', 't')] });
  const plans = [plan('p', limits([band('day', { monthlyLimit: 2 })]))];
  const limit = { used: 2, limit: 2, renewsOn: dayNumber('2026-12-01') };
  expect(remedy(plans, '2026-11-09T12:00', who, 'front', types)).toStrictEqual({
    limit,
    tickets: [{ ticketId: 'k', typeId: 't', remaining: 3, after: 2 }],
  });
  // A lock with keys takes no tickets.
  const keys = { ...plans[0]!, entry: limits([band('day', { weekdays: [] })]) };
  expect(remedy([keys], '2026-11-09T12:00', who, 'keys', types)).toStrictEqual({});
});

test('a contract that begins later', () => {
  const contracts = member(['open', 'open']).contracts.map((one, index) => ({
    ...one,
    from: dayNumber('2026-12-01') - index,
  }));
  expect(remedy([OPEN], '2026-11-09T12:00', member([], { contracts }))).toStrictEqual({
    startsOn: dayNumber('2026-11-30'),
  });
  expect(remedy([OPEN], '2026-11-09T12:00', member([]))).toStrictEqual({});
});

test('of contracts that have ended nothing is promised', () => {
  const [contract] = member(['open']).contracts;
  const over = { ...contract!, to: contract!.from };
  const later = { ...contract!, from: dayNumber('2026-12-01') };
  const startsOn = (...contracts: MemberFacts['contracts']) =>
    remedy([OPEN], '2026-11-09T12:00', member([], { contracts }));
  expect(startsOn(over)).toStrictEqual({});
  expect(startsOn(over, later)).toStrictEqual({ startsOn: dayNumber('2026-12-01') });
});

test('stores where it holds, and doors of this store', () => {
  const elsewhere = plan('p', { mode: 'open' }, { storeIds: ['south', 'south'] });
  expect(remedy([elsewhere], '2026-11-09T12:00', member(['p']))).toStrictEqual({ storeIds: ['south'] });
  const none = plan('p', { mode: 'open' }, { storeIds: [] });
  expect(remedy([none], '2026-11-09T12:00', member(['p']))).toStrictEqual({});
  expect(remedy([OPEN], '2026-11-09T12:00', member(['open']), 'side')).toStrictEqual({
    doorIds: ['front', 'keys', 'face', 'strict'],
  });
});

test('with several contracts, where any of them holds', () => {
  const south = plan('south', { mode: 'open' }, { storeIds: ['south'] });
  const nowhere = plan('nowhere', { mode: 'open' }, { storeIds: [] });
  expect(remedy([south, nowhere], '2026-11-09T12:00', member(['south', 'nowhere']))).toStrictEqual({
    storeIds: ['south'],
  });
  expect(remedy([OPEN, south], '2026-11-09T12:00', member(['open', 'south']), 'side')).toStrictEqual({
    doorIds: ['front', 'keys', 'face', 'strict'],
  });
});

test('a ticket is offered at doors for some plans too', () => {
  const types = [ticketType('t', {})];
  const vip = plan('vip', limits([band('morning')]));
  const who = member(['vip'], { tickets: [ticket('k', 't')] });
  expect(remedy([vip], '2026-11-09T12:00', who, 'side', types)).toStrictEqual({
    ...opensAt('2026-11-10T06:00'),
    tickets: [{ ticketId: 'k', typeId: 't', remaining: 3, after: 2 }],
  });
});

test('it looks ahead to the same day of the next month, and no further', () => {
  const plans = [plan('p', limits([band('day', { monthlyLimit: 1 })]))];
  const used = member(['p'], { usage: usage('p', 'day', '2026-12-01') });
  expect(remedy(plans, '2026-12-01T18:00', used)).toStrictEqual(opensAt('2027-01-01T10:00'));
  const holidays = Array.from({ length: 32 }, (_, day) => formatDay(dayNumber('2026-12-01') + day));
  const rules = rulesOf({ holidays, plans: [plan('p', limits([band('day', { holiday: 'closed' })]))] });
  const found = (time: string) =>
    remedyFor(rules, doorOf(rules, 'front'), at(time), member(['p']), 'holiday', null).opensAt;
  expect([found('2026-12-02T12:00'), found('2026-12-01T12:00')]).toStrictEqual([at('2027-01-02T10:00'), null]);
});

test('who is inside is told since when', () => {
  const stays = [1, 2].map((id) => ({ id, enteredAt: at(`2026-11-09T1${id}:00`), via: null }));
  expect(remedy([OPEN], '2026-11-09T13:00', member(['open'], { stays }), 'strict')).toStrictEqual({
    insideSince: at('2026-11-09T11:00'),
  });
});

test('what has nothing to say is null, or an empty list', () => {
  const rules = rulesOf({ plans: [OPEN] });
  expect(
    remedyFor(rules, doorOf(rules, 'front'), at('2026-11-09T12:00'), member([]), 'no-contract', null),
  ).toStrictEqual({
    opensAt: null,
    startsOn: null,
    limit: null,
    tickets: [],
    storeIds: [],
    doorIds: [],
    insideSince: null,
  });
});

test('nobody known, somebody suspended, no band, no ticket: the staff will help', () => {
  expect(remedy([OPEN], '2026-11-09T12:00', null)).toStrictEqual({});
  expect(remedy([OPEN], '2026-11-09T12:00', member(['open'], { suspended: true }))).toStrictEqual({});
  expect(remedy([plan('p', limits([]))], '2026-11-09T12:00', member(['p']))).toStrictEqual({});
  expect(remedy([plan('p', { mode: 'ticket' })], '2026-11-09T12:00', member(['p']))).toStrictEqual({});
});

test('asked without the count that refused, it names none', () => {
  const rules = rulesOf({ plans: [OPEN] });
  expect(
    remedyFor(rules, doorOf(rules, 'front'), at('2026-11-09T12:00'), member(['open']), 'limit-reached', null).limit,
  ).toBeNull();
});
