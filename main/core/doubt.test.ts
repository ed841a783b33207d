// Nobody knows what time it is, and people stand at the door. Who may come at any hour comes in; the others are told
// that it is the clock; everybody gets out.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideEntry, decideExit } from './decide.ts';
import { decideEntryInDoubt, inDoubt } from './doubt.ts';
import type { MemberFacts } from './facts.ts';
import { dayNumber } from './rules.ts';
import type { Step } from './steps.ts';
import { at, band, doorOf, limits, member, plan, rulesOf, ticket, ticketType } from './testing.ts';

const PLANS = [
  plan('free', { mode: 'open' }),
  plan('vip', { mode: 'open' }),
  plan('away', { mode: 'open' }, { storeIds: ['south'] }),
  plan('day', limits([band('full')])),
  plan('booked', limits([band('full')], { freeWithReservation: 'any' })),
  plan('book', { mode: 'ticket' }),
];
const RULES = rulesOf({ plans: PLANS, ticketTypes: [ticketType('tt', null)] });
/** The clock says 2031; the last time that was believed is a Wednesday noon. */
const WALL = at('2031-05-05T12:00');
const TRUSTED = at('2026-11-04T12:00');
const OPEN = { rule: 'admit-open', trustedAt: TRUSTED } as const;

function enter(who: MemberFacts | null, door = 'front', doubt: Parameters<typeof decideEntryInDoubt>[3] = OPEN) {
  return decideEntryInDoubt(RULES, doorOf(RULES, door), WALL, doubt, who);
}
const reasonOf = (...args: Parameters<typeof enter>) => enter(...args).result.reason;

test.each([
  ['synced', 'refuse', null],
  ['held', 'admit-open', null],
  ['doubtful', 'trust', null],
  ['doubtful', 'admit-open', { rule: 'admit-open', trustedAt: 7 }],
  ['doubtful', 'refuse', { rule: 'refuse', trustedAt: 7 }],
] as const)('%s, %s', (trust, rule, expected) => {
  expect(inDoubt(trust, rule, 7)).toStrictEqual(expected);
});

describe('admit-open: each refusal against its neighbours', () => {
  const until2020 = [{ id: 'c', planId: 'free', from: 0, to: dayNumber('2020-01-01') }];
  const fromThen = [{ id: 'c', planId: 'free', from: dayNumber('2026-11-05'), to: null }];
  test.each<[string, MemberFacts | null, string, string]>([
    ['nobody', null, 'front', 'unknown-credential'],
    ['suspended comes before the clock', member(['day'], { suspended: true }), 'front', 'suspended'],
    ['a plan without hours', member(['free']), 'front', 'plan'],
    ['beside one with', member(['day', 'free']), 'front', 'plan'],
    ['hours', member(['day']), 'front', 'clock-doubtful'],
    ['tickets', member(['book'], { tickets: [ticket('k', 'tt')] }), 'front', 'clock-doubtful'],
    ['nothing', member([]), 'front', 'no-contract'],
    ['over by the last trusted date', member([], { contracts: until2020 }), 'front', 'no-contract'],
    ['not begun by then, though the clock says so', member([], { contracts: fromThen }), 'front', 'no-contract'],
    ['another store', member(['away']), 'front', 'wrong-store'],
    ['the clock is further than the store', member(['day', 'away']), 'front', 'clock-doubtful'],
    ['at the side door', member(['vip']), 'side', 'plan'],
    ['not at the side door', member(['free']), 'side', 'door-not-allowed'],
    ['hours at the side door never got to the clock', member(['day']), 'side', 'door-not-allowed'],
    ['keys', member(['free']), 'keys', 'schedule'],
    ['keys with hours', member(['day']), 'keys', 'clock-doubtful'],
    ['a lock that let them in', member(['day', 'free']), 'face', 'record-only'],
    ['one that let in somebody with hours', member(['day']), 'face', 'record-only'],
  ])('%s', (_name, who, door, reason) => {
    expect(reasonOf(who, door)).toBe(reason);
  });

  test('nothing is used up or counted, also where the lock has let them in', () => {
    for (const door of ['front', 'keys', 'face']) {
      expect(enter(member(['day', 'free']), door)).toMatchObject({
        result: { contractId: 'c-free', bandId: null, consumed: [] },
        changes: { consumed: null, reused: null, businessDay: dayNumber('2026-11-04') },
      });
    }
  });

  test('the stay begins by the wall clock, by which it will end; passback holds', () => {
    expect(enter(member(['free'])).changes.enter).toMatchObject({ at: WALL });
    const inside = member(['free'], { stays: [{ id: 1, enteredAt: WALL - 1, via: null }] });
    expect(reasonOf(inside, 'strict')).toBe('passback');
    const before = member(['free'], { stays: [{ id: 1, enteredAt: TRUSTED - 1, via: null }] });
    expect(reasonOf(before, 'strict')).toBe('plan');
  });

  test('the steps say that it was the clock', () => {
    const steps: Step[] = [];
    decideEntryInDoubt(RULES, doorOf(RULES, 'front'), WALL, OPEN, member(['day', 'free']), (step) => steps.push(step));
    expect(steps).toMatchObject([
      { rule: '1.7', subject: 'clock', says: 'admit-open' },
      { subject: 'member', says: 'known' },
      { subject: 'date', day: dayNumber('2026-11-04') },
      { rule: '3.1', subject: 'contract', id: 'c-day', says: 'clock-doubtful' },
      { subject: 'contract', id: 'c-free', says: 'passes' },
    ]);
  });
});

test.each(['front', 'side', 'keys', 'face', 'strict'])('refuse: nobody comes in at %s, and each learns why', (door) => {
  const refuse = { rule: 'refuse', trustedAt: TRUSTED } as const;
  expect(reasonOf(member(['free', 'day', 'vip']), door, refuse)).toBe('clock-doubtful');
  expect(reasonOf(member([]), door, refuse)).toBe('clock-doubtful');
  expect(reasonOf(member(['free'], { suspended: true }), door, refuse)).toBe('suspended');
  expect(reasonOf(null, door, refuse)).toBe('unknown-credential');
});

describe('whoever it is', () => {
  const people = fc.record({
    plans: fc.subarray(PLANS.map(({ id }) => id)),
    suspended: fc.boolean(),
    reserved: fc.boolean(),
    wall: fc.integer({ min: 0, max: at('9000-01-01T00:00') }),
    door: fc.constantFrom('front', 'side', 'keys', 'strict', 'south'),
    rule: fc.constantFrom('admit-open' as const, 'refuse' as const),
  });
  const personOf = ({ plans, suspended, reserved }: { plans: string[]; suspended: boolean; reserved: boolean }) =>
    member(plans, {
      suspended,
      tickets: [ticket('k', 'tt')],
      reservations: reserved ? [{ storeId: 'north', programId: 'yoga', start: 0, end: at('9000-01-01T00:00') }] : [],
    });

  test('doubt admits by plans without hours alone, and nobody whom the last trusted moment would not', () => {
    fc.assert(
      fc.property(people, ({ wall, door, rule, ...who }) => {
        const doubt = { rule, trustedAt: TRUSTED };
        const { result } = decideEntryInDoubt(RULES, doorOf(RULES, door), wall, doubt, personOf(who));
        if (!result.granted) return;
        expect(rule).toBe('admit-open');
        expect(RULES.plans.get(result.contractId?.slice(2) ?? '')?.entry.mode).toBe('open');
        expect(decideEntry(RULES, doorOf(RULES, door), TRUSTED, personOf(who)).result.granted).toBe(true);
      }),
    );
  });

  test('out is never refused, whatever the clock says', () => {
    fc.assert(
      fc.property(people, ({ wall, door, ...who }) => {
        expect(decideExit(RULES, doorOf(RULES, door), wall, personOf(who)).result.granted).toBe(true);
      }),
    );
  });
});
