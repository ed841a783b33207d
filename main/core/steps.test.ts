// "Why?" is answered with the steps of the very judgement: who was looked at, what each right came to, in order.
import { expect, test } from 'vitest';
import { decideEntry, decideExit } from './decide.ts';
import type { MemberFacts } from './facts.ts';
import type { Plan, TicketType } from './model.ts';
import type { Rules } from './rules.ts';
import type { Step } from './steps.ts';
import { at, band, doorOf, limits, member, plan, rulesOf, ticket, ticketType, usage } from './testing.ts';
import { formatDay } from './time/day.ts';

const OPEN = plan('open', { mode: 'open' });
const NOON = '2026-11-09T12:00';
const TODAY = '2026-11-09';

function told(judge: (note: (step: Step) => void) => unknown): string[] {
  const steps: string[] = [];
  judge(({ rule, subject, id, day, says, numbers }) =>
    steps.push(
      [rule, subject, id, day === null ? '-' : formatDay(day), says]
        .concat(Object.entries(numbers ?? {}).map(([name, value]) => `${name}=${value}`))
        .join(' '),
    ),
  );
  return steps;
}

const entering = (rules: Rules, who: MemberFacts | null, door = 'front', time = NOON, ticketId: string | null = null) =>
  told((note) => decideEntry(rules, doorOf(rules, door), at(time), who, ticketId, note));

const leaving = (rules: Rules, who: MemberFacts | null, time = NOON) =>
  told((note) => decideExit(rules, doorOf(rules, 'front'), at(time), who, note));

const KNOWN = ['3 member m - known', `2.2 date  ${TODAY} business-date`];

test('nobody, somebody suspended, somebody without a contract now', () => {
  const rules = rulesOf({ plans: [OPEN] });
  const date = `2.2 date  ${TODAY} business-date`;
  expect(entering(rules, null)).toStrictEqual(['3 member  - unknown-credential', date]);
  expect(leaving(rules, null)).toStrictEqual(['3 member  - unknown-credential', date]);
  expect(entering(rules, member(['open'], { suspended: true }))).toStrictEqual(['3 member m - suspended', date]);
  const [contract] = member(['open']).contracts;
  const contracts = [{ ...contract!, id: 'old', to: contract!.from }, contract!];
  expect(entering(rules, member([], { contracts }))).toStrictEqual([
    ...KNOWN,
    `3 contract old ${TODAY} no-contract`,
    `3.1 contract c-open ${TODAY} passes`,
  ]);
});

test('each contract: where it does not hold, and what it comes to where it does', () => {
  const plans = [plan('far', { mode: 'open' }, { storeIds: ['south'] }), plan('hours', limits([])), OPEN];
  expect(entering(rulesOf({ plans }), member(['far', 'hours', 'open']))).toStrictEqual([
    ...KNOWN,
    `3.1 contract c-far ${TODAY} wrong-store`,
    `3.1 contract c-hours ${TODAY} no-band`,
    `3.1 contract c-open ${TODAY} passes`,
  ]);
});

test('each band: not here, not today, not now, counted, used up, free', () => {
  const bands = [
    band('nowhere'),
    band('full', { weekdays: ['sun'] }),
    band('morning'),
    band('day', { monthlyLimit: 1 }),
  ];
  const rules = rulesOf({ plans: [plan('p', limits(bands))] });
  const before = [
    ...KNOWN,
    '3.2.2 band nowhere - no-band',
    `3.2.3 band full ${TODAY} wrong-weekday`,
    `3.2.3 band morning ${TODAY} outside-hours`,
  ];
  const day = (says: string, used: number) => `3.2.4 band day ${TODAY} ${says} used=${used} limit=1`;
  const having = (...dates: string[]) => entering(rules, member(['p'], { usage: usage('p', 'day', ...dates) }));
  expect(having()).toStrictEqual([...before, day('passes', 0), `3.1 contract c-p ${TODAY} passes`]);
  expect(having(TODAY)).toStrictEqual([...before, day('counted', 1), `3.1 contract c-p ${TODAY} passes`]);
  expect(having('2026-11-08')).toStrictEqual([
    ...before,
    day('limit-reached', 1),
    `3.1 contract c-p ${TODAY} limit-reached`,
  ]);
});

test('a booked lesson, which is looked at before the bands', () => {
  const reservations = [{ storeId: 'north', programId: 'yoga', start: at(NOON), end: at('2026-11-09T13:00') }];
  const rules = rulesOf({ plans: [plan('p', limits([band('morning')], { freeWithReservation: 'any' }))] });
  expect(entering(rules, member(['p'], { reservations }))).toStrictEqual([
    ...KNOWN,
    '3.2.1 reservation yoga - passes',
    `3.1 contract c-p ${TODAY} passes`,
  ]);
});

test('each ticket: over, not here, used today, good; of a chosen one no other', () => {
  const ticketTypes: TicketType[] = [
    ticketType('short', {}, { validDays: 1 }),
    ticketType('south', { storeIds: ['south'] }),
    ticketType('day', { consume: 'day' }),
  ];
  const rules = rulesOf({ plans: [plan('p', { mode: 'ticket' })], ticketTypes });
  const tickets = [
    ticket('over', 'short'),
    ticket('empty', 'south', { remaining: 0 }),
    ticket('away', 'south'),
    ticket('used', 'day', { usedToday: true, remaining: 0 }),
    ticket('good', 'day'),
  ];
  const line = (id: string, says: string, remaining: number) =>
    `3.3.2 ticket ${id} ${TODAY} ${says} remaining=${remaining}`;
  const contract = `3.1 contract c-p ${TODAY} passes`;
  const who = member(['p'], { tickets });
  expect(entering(rules, who)).toStrictEqual([
    ...KNOWN,
    line('over', 'no-ticket', 3),
    line('empty', 'no-ticket', 0),
    line('away', 'wrong-store', 3),
    line('used', 'used-today', 0),
    line('good', 'passes', 3),
    contract,
  ]);
  expect(entering(rules, who, 'front', NOON, 'good')).toStrictEqual([...KNOWN, line('good', 'passes', 3), contract]);
});

test('the windows of a lock with keys: its bands, then its bookings, up to the first that is on', () => {
  const entry: Plan['entry'] = limits([band('morning'), band('day', { weekdays: ['sun'] })]);
  const booking = { bands: [{ bandId: 'night', weekdays: null }, band('full'), band('day')] };
  const rules = rulesOf({ plans: [plan('p', entry, { booking })] });
  const own = [`3.4.2 band morning ${TODAY} outside-hours`, `3.4.2 band day ${TODAY} wrong-weekday`];
  expect(entering(rules, member(['p']), 'keys')).toStrictEqual([
    ...KNOWN,
    ...own,
    `3.4.2 band night ${TODAY} outside-hours`,
    `3.4.2 band full ${TODAY} passes`,
    `3.1 contract c-p ${TODAY} passes`,
  ]);
  expect(entering(rules, member(['p']), 'keys', '2026-11-09T08:00').slice(2, 3)).toStrictEqual([
    `3.4.2 band morning ${TODAY} passes`,
  ]);
});

test('who is inside: what the door makes of it', () => {
  const inside = member(['open'], { stays: [{ id: 1, enteredAt: at('2026-11-09T11:00'), via: null }] });
  const last = (door: string, who = inside) => entering(rulesOf({ plans: [OPEN] }), who, door).at(-1);
  expect(['front', 'south', 'strict'].map((door) => last(door))).toStrictEqual([
    '3.6 stay north-gym - passback-off',
    '3.6 stay south-gym - passback-warn',
    '3.6 stay north-gym - passback-deny',
  ]);
  // A lock that decides by itself minds nobody, whatever is set.
  expect(last('face')).toBe('3.6 stay north-gym - passback-off');
  expect(last('front', member(['open']))).toBe(`3.1 contract c-open ${TODAY} passes`);
});

test('leaving: closes a stay, in time or late, or finds none', () => {
  const rules = rulesOf({ plans: [OPEN] });
  const stay = { id: 1, enteredAt: at('2026-11-09T11:00'), via: { contractId: 'c-open', until: at(NOON) } };
  const who = member(['open'], { stays: [stay] });
  expect(leaving(rules, who)).toStrictEqual([...KNOWN, '4 stay north-gym - closes']);
  expect(leaving(rules, who, '2026-11-09T12:01').at(-1)).toBe('4 stay north-gym - overstay');
  expect(leaving(rules, member(['open'])).at(-1)).toBe('4 stay north-gym - no-entry');
});
