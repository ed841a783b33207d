// The disk is full on a Friday night. Known members come in if the door says so, and nobody spends a right twice
// because the first time isn't on record yet.
import { describe, expect, test } from 'vitest';
import { decideEntry, decideExit } from './decide.ts';
import { decideEntryInDoubt, inDoubt, type OnDoubtfulClock } from './doubt.ts';
import type { MemberFacts } from './facts.ts';
import { dayNumber } from './rules.ts';
import { at, band, doorOf, limits, member, plan, rulesOf, ticket, ticketType } from './testing.ts';
import {
  type FactsFrom,
  mayJudgeUnrecorded,
  type OnStoreFailure,
  presentWithUnrecorded,
  type Unrecorded,
  withUnrecorded,
} from './unrecorded.ts';

const RULES = rulesOf({
  plans: [
    plan('free', { mode: 'open' }),
    plan('two', limits([band('full', { monthlyLimit: 2 })])),
    plan('book', { mode: 'ticket' }),
  ],
  ticketTypes: [ticketType('once', { consume: 'entry' }), ticketType('daily', { consume: 'day' })],
});
const DOOR = doorOf(RULES, 'strict');

/** Somebody comes and goes while nothing can be written; what was decided, in order. */
function comeAndGo(facts: MemberFacts, ...moves: readonly (readonly ['in' | 'out', string])[]): string[] {
  const waiting: Unrecorded[] = [];
  return moves.map(([direction, time]) => {
    const known = withUnrecorded(facts, waiting, DOOR.placeId, dayNumber(time.slice(0, 10)));
    const decide = direction === 'in' ? decideEntry : decideExit;
    const { result, changes } = decide(RULES, DOOR, at(time), known);
    waiting.push({ number: -1 - waiting.length, changes });
    return [result.reason, ...result.warnings].join(' ');
  });
}

describe('what waits for the record counts as if it were there', () => {
  test('a month’s entries', () => {
    const days = ['2026-11-04T12:00', '2026-11-05T12:00', '2026-11-06T12:00'];
    const moves = days.flatMap((time) => [['in', time] as const, ['out', time] as const]);
    expect(comeAndGo(member(['two']), ...moves)).toStrictEqual([
      'plan',
      'exit',
      'plan',
      'exit',
      'limit-reached',
      'exit no-entry',
    ]);
  });

  test('a ticket, used once a day or once an entry', () => {
    const moves = (['in', 'out', 'in', 'out', 'in'] as const).map(
      (direction) => [direction, '2026-11-04T12:00'] as const,
    );
    const once = member(['book'], {
      tickets: [ticket('other', 'once', { remaining: 0 }), ticket('k', 'once', { remaining: 2 })],
    });
    expect(comeAndGo(once, ...moves)).toStrictEqual(['ticket', 'exit', 'ticket', 'exit', 'no-ticket']);
    const daily = member(['book'], { tickets: [ticket('k', 'daily', { remaining: 1 })] });
    expect(comeAndGo(daily, ...moves)).toStrictEqual(['ticket', 'exit', 'ticket', 'exit', 'ticket']);
    expect(
      comeAndGo(daily, ['in', '2026-11-04T12:00'], ['out', '2026-11-04T13:00'], ['in', '2026-11-05T12:00']),
    ).toStrictEqual(['ticket', 'exit', 'no-ticket']);
  });

  test('a stay, so that passback holds and leaving ends it; one at another place is not here', () => {
    expect(comeAndGo(member(['free']), ['in', '2026-11-04T12:00'], ['in', '2026-11-04T12:05'])).toStrictEqual([
      'plan',
      'passback',
    ]);
    const [elsewhere] = [decideEntry(RULES, doorOf(RULES, 'south'), at('2026-11-04T12:00'), member(['free']))];
    const known = withUnrecorded(member(['free']), [{ number: -1, changes: elsewhere.changes }], DOOR.placeId, 0);
    expect(known.stays).toStrictEqual([]);
  });

  test('another ticket, and a stay that was not left, are as they were', () => {
    const tickets = [ticket('kept', 'once', { remaining: 2 }), ticket('k', 'once', { remaining: 2 })];
    const stays = [1, 2].map((id) => ({ id, enteredAt: at('2026-11-04T11:00'), via: null }));
    const { changes } = decideEntry(
      RULES,
      doorOf(RULES, 'front'),
      at('2026-11-04T12:00'),
      member(['book'], { tickets }),
      'k',
    );
    const spent = withUnrecorded(member(['book'], { tickets, stays }), [{ number: -1, changes }], 'elsewhere', 0);
    expect(spent.tickets.map(({ id, remaining }) => [id, remaining])).toStrictEqual([
      ['kept', 2],
      ['k', 1],
    ]);
    const left = withUnrecorded(
      member([], { stays }),
      [{ number: -1, changes: { ...changes, consumed: null, enter: null, leave: [1] } }],
      DOOR.placeId,
      0,
    );
    expect(left.stays.map(({ id }) => id)).toStrictEqual([2]);
  });

  test('nothing waits: nothing changes', () => {
    const facts = member(['two'], { tickets: [ticket('k', 'once')] });
    expect(withUnrecorded(facts, [], DOOR.placeId, 0)).toBe(facts);
  });
});

test.each<[OnStoreFailure, boolean, FactsFrom, boolean]>([
  ['refuse', true, 'store', false],
  ['admit-known', false, 'store', false],
  ['admit-known', true, 'nowhere', false],
  ['admit-known', true, 'memory', true],
  ['admit-known', true, 'store', true],
])('%s, reserve %s, facts from %s: %s', (rule, hasReserve, from, expected) => {
  expect(mayJudgeUnrecorded(rule, hasReserve, from)).toBe(expected);
});

describe('precedence: the store before anybody is judged, then who it is, then the clock, then the rules', () => {
  const late = at('2026-11-04T23:30');
  const judge = (store: OnStoreFailure, clock: OnDoubtfulClock, trust: 'held' | 'doubtful', who: MemberFacts) => {
    if (!mayJudgeUnrecorded(store, true, 'store')) return 'store-failure';
    const doubt = inDoubt(trust, clock, late);
    const { result } =
      doubt === null ? decideEntry(RULES, DOOR, late, who) : decideEntryInDoubt(RULES, DOOR, late, doubt, who);
    return result.reason;
  };
  const suspended = member(['free'], { suspended: true });
  test.each<[OnStoreFailure, OnDoubtfulClock, 'held' | 'doubtful', MemberFacts, string]>([
    ['refuse', 'trust', 'held', member(['free']), 'store-failure'],
    ['refuse', 'refuse', 'doubtful', suspended, 'store-failure'],
    ['admit-known', 'refuse', 'doubtful', suspended, 'suspended'],
    ['admit-known', 'refuse', 'doubtful', member(['free']), 'clock-doubtful'],
    ['admit-known', 'admit-open', 'doubtful', member(['two']), 'clock-doubtful'],
    ['admit-known', 'admit-open', 'doubtful', member([]), 'no-contract'],
    ['admit-known', 'admit-open', 'doubtful', member(['free']), 'plan'],
    ['admit-known', 'trust', 'doubtful', member(['two']), 'outside-hours'],
    ['admit-known', 'refuse', 'held', member(['two']), 'outside-hours'],
    ['admit-known', 'refuse', 'held', member(['free']), 'plan'],
  ])('%s, %s, %s', (store, clock, trust, who, expected) => {
    expect(judge(store, clock, trust, who)).toBe(expected);
  });
});

describe('who is inside', () => {
  const nothing = { consumed: null, reused: null, inside: null, enter: null, leave: [], businessDay: 0 };
  const enter = (placeId: string, at: number) => ({ ...nothing, enter: { placeId, at, via: null } });

  test('is who came, without who left, at this place; newest first', () => {
    const known = [
      { id: 2, memberId: 'bob', since: 20 },
      { id: 1, memberId: 'ann', since: 10 },
    ];
    const waiting = [
      { number: -1, memberId: 'cho', changes: enter('gym', 30) },
      { number: -2, memberId: 'dan', changes: enter('pool', 31) },
      { number: -3, memberId: 'eve', changes: enter('gym', 32) },
      { number: -4, memberId: 'ann', changes: { ...nothing, leave: [1] } },
      { number: -5, memberId: 'eve', changes: { ...nothing, leave: [-3] } },
    ];
    expect(presentWithUnrecorded(known, waiting, 'gym')).toStrictEqual([
      { id: -1, memberId: 'cho', since: 30 },
      { id: 2, memberId: 'bob', since: 20 },
    ]);
    expect(known).toHaveLength(2);
  });
});
