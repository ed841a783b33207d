// Ann may come four times a month, and three gyms can't hear each other. Each lets her in as often as its share goes;
// then it says that the rest is elsewhere, and that is no lie and no way round the rules.
import { describe, expect, test } from 'vitest';
import { decideEntry, decideOverride, decideRedemption } from './decide.ts';
import type { LeaseFacts, MemberFacts, TicketLease } from './facts.ts';
import { leaseDetail, leaseMark } from './lease-mark.ts';
import { leaseFactsOf, ticketLeaseOf } from './leased.ts';
import { type Moved, ranksOf } from './leases.ts';
import { momentOf } from './moment.ts';
import { remedyFor } from './remedy.ts';
import { dayNumber } from './rules.ts';
import type { Step } from './steps.ts';
import { at, band, doorOf, enter, limits, member, plan, rulesOf, ticket, ticketType, usage } from './testing.ts';
import { formatDay } from './time/day.ts';
import { withUnrecorded } from './unrecorded.ts';
import { further, refused } from './verdict.ts';

const SITES = ['aoba', 'kobe', 'naha'];
const RULES = rulesOf({
  plans: [
    plan('four', limits([band('full', { monthlyLimit: 4 })])),
    plan('free', limits([band('full')])),
    plan('open', { mode: 'open' }),
    plan('book', { mode: 'ticket' }),
  ],
  ticketTypes: [
    ticketType('once', { consume: 'entry' }),
    ticketType('daily', { consume: 'day' }),
    ticketType('x', null),
  ],
});
/** The order of the sites for the contract of plan `four`: the first has two of four, the others one each. */
const [FIRST = '', SECOND = '', THIRD = ''] = [...ranksOf('c-four', SITES).keys()];
const NOON = '2026-11-20T12:00';

interface Counted {
  readonly date: string;
  readonly site: string | null;
}

function ann(
  site: string | null,
  counted: readonly Counted[],
  moved: readonly Moved[] = [],
  whole = true,
): MemberFacts {
  const dates = counted.map((one) => ({ ...usage('four', 'full', one.date)[0], site: one.site }));
  const known = dates.flatMap(({ contractId = '', bandId = '', day = 0, site: of }) => ({
    ...{ contractId, bandId, day },
    site: of,
  }));
  const leases = leaseFactsOf({ sites: SITES, site, whole }, ['c-four'], known, moved);
  return member(['four'], { usage: known.map(({ site: _, ...date }) => date), leases });
}

const gave = (from: string, to: string, uses: number, month = '2026-11'): Moved => ({
  right: { kind: 'band', contractId: 'c-four', bandId: 'full', month },
  from,
  to,
  uses,
});

const judged = (who: MemberFacts, time = NOON) => enter(RULES, 'front', time, who);
const ELSEWHERE = { kind: 'band', contractId: 'c-four', bandId: 'full', month: '2026-11' };

describe('a month’s entries', () => {
  test('are granted as far as the share goes, and refused with the right that is elsewhere', () => {
    expect(judged(ann(FIRST, [{ date: '2026-11-01', site: FIRST }])).result).toMatchObject({
      granted: true,
      remaining: 2,
    });
    const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST }));
    const refused = judged(ann(FIRST, spent));
    expect(refused.result).toMatchObject({ granted: false, reason: 'limit-reached', consumed: [] });
    expect(refused.elsewhere).toStrictEqual(ELSEWHERE);
    expect(refused.usedUp).toBeNull();
  });

  test('of another month, or counted outside, are their own: what is left is shared out anew', () => {
    const october = [1, 2, 3, 4].map((day) => ({ date: `2026-10-0${day}`, site: FIRST }));
    expect(judged(ann(FIRST, october)).result.granted).toBe(true);
    const december = [1, 2, 3, 4].map((day) => ({ date: `2026-12-0${day}`, site: FIRST }));
    expect(judged(ann(FIRST, december)).result.granted).toBe(true);
    const outside = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: null }));
    expect(judged(ann(SECOND, outside)).result.granted).toBe(true);
    expect(judged(ann(THIRD, outside)).result.granted).toBe(false);
  });

  test('of another band or contract play no part', () => {
    const other = [1, 2, 3].flatMap((day) => [
      { contractId: 'c-four', bandId: 'other', day: dayNumber(`2026-11-0${day}`), rank: 0 },
      { contractId: 'c-else', bandId: 'full', day: dayNumber(`2026-11-0${day}`), rank: 0 },
    ]);
    const moved = [
      { contractId: 'c-four', bandId: 'other', month: '2026-11', from: 0, to: 1, uses: 2 },
      { contractId: 'c-else', bandId: 'full', month: '2026-11', from: 0, to: 1, uses: 2 },
    ];
    const leases: LeaseFacts = { ...leasesOf(FIRST), counted: other, moved };
    expect(judged(member(['four'], { leases })).result.granted).toBe(true);
  });

  test('that another site gave can be had here, and no longer there', () => {
    const moved = [gave(FIRST, THIRD, 2)];
    expect(judged(ann(FIRST, [], moved)).elsewhere).toStrictEqual(ELSEWHERE);
    const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: THIRD }));
    expect(judged(ann(THIRD, spent, moved)).result.granted).toBe(true);
    expect(judged(ann(FIRST, [], [gave(FIRST, THIRD, 2, '2026-12')])).result.granted).toBe(true);
  });

  test('a date that is counted already costs nothing, wherever that was', () => {
    const today = [
      ...[1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST })),
      { date: '2026-11-20', site: THIRD },
    ];
    expect(judged(ann(FIRST, today)).result).toMatchObject({ granted: true, consumed: [] });
  });

  test('that are used up at all are refused as ever, with their count', () => {
    const all = [1, 2, 3, 4].map((day) => ({ date: `2026-11-0${day}`, site: THIRD }));
    const refused = judged(ann(FIRST, all));
    expect(refused).toMatchObject({ elsewhere: null, usedUp: { used: 4, limit: 4 } });
  });

  test('without a limit, or where there is but one site, nothing is leased', () => {
    const who = member(['free'], { leases: { ...leasesOf(null), contracts: [{ id: 'c-free', rank: null }] } });
    expect(judged(who)).toMatchObject({ result: { granted: true }, lease: null });
    expect(judged({ ...ann(FIRST, []), leases: null })).toMatchObject({ result: { granted: true }, lease: null });
  });

  test('a site that the roster doesn’t have, and a contract that the lease doesn’t know, have no share', () => {
    expect(judged(ann(null, [])).elsewhere).toStrictEqual(ELSEWHERE);
    expect(judged(ann('gone', [])).elsewhere).toStrictEqual(ELSEWHERE);
    expect(judged(member(['four'], { leases: { ...leasesOf(FIRST), contracts: [] } })).result.granted).toBe(false);
  });

  test('sites that are no more, and other rights, play no part in what was moved', () => {
    const ticketMove: Moved = { right: { kind: 'ticket', ticketId: 'c-four' }, from: FIRST, to: THIRD, uses: 2 };
    const facts = ann(FIRST, [], [gave(FIRST, 'gone', 2), gave('gone', FIRST, 2), ticketMove]);
    expect(facts.leases?.moved).toStrictEqual([]);
    expect(judged(facts).result.granted).toBe(true);
  });
});

function leasesOf(site: string | null): LeaseFacts {
  return leaseFactsOf({ sites: SITES, site, whole: true }, ['c-four'], [], []);
}

test('a site that the roster says twice is one', () => {
  const twice = leaseFactsOf({ sites: [...SITES, ...SITES], site: FIRST, whole: true }, ['c-four'], [], []);
  expect(twice).toStrictEqual(leasesOf(FIRST));
});

test('of several rights that are elsewhere the first is asked for', () => {
  const first = refused('no-ticket', null, { kind: 'ticket', ticketId: 'a' });
  const second = refused('limit-reached', null, { kind: 'ticket', ticketId: 'b' });
  expect(further(first, second)).toStrictEqual({ ...second, elsewhere: first.elsewhere });
  expect(further(second, first)).toStrictEqual(second);
});

describe('a ticket', () => {
  const lease = (here: number, whole = true): TicketLease => ({ here, whole });
  const holder = (more: Parameters<typeof ticket>[2], type = 'once') =>
    member(['book'], { tickets: [ticket('k', type, more)] });
  const RIGHT = { kind: 'ticket', ticketId: 'k' };

  test('admits as far as the share goes', () => {
    expect(judged(holder({ lease: lease(1) })).result).toMatchObject({ granted: true, remaining: 2 });
    const refused = judged(holder({ lease: lease(0) }));
    expect(refused.result).toMatchObject({ reason: 'no-ticket', consumed: [] });
    expect(refused.elsewhere).toStrictEqual(RIGHT);
  });

  test('used today goes on for nothing', () => {
    expect(judged(holder({ lease: lease(0), usedToday: true }, 'daily')).result.granted).toBe(true);
    expect(judged(holder({ lease: lease(0), usedToday: true }, 'once')).result.granted).toBe(false);
  });

  test('that wouldn’t admit anyway is not asked for', () => {
    expect(judged(holder({ lease: lease(0), remaining: 0 })).elsewhere).toBeNull();
    expect(judged(holder({ lease: lease(0), issuedOn: dayNumber('2026-12-01') })).elsewhere).toBeNull();
  });

  test('is still asked for where another reason got further', () => {
    const types = [ticketType('once', {}), ticketType('south', { storeIds: ['south'] })];
    const rules = rulesOf({ plans: [plan('book', { mode: 'ticket' })], ticketTypes: types });
    const tickets = [ticket('k', 'once', { lease: lease(0) }), ticket('s', 'south', { lease: lease(0) })];
    for (const order of [tickets, [...tickets].reverse()]) {
      const refused = enter(rules, 'front', NOON, member(['book'], { tickets: order }));
      expect(refused).toMatchObject({ result: { reason: 'wrong-store' }, elsewhere: RIGHT });
    }
  });

  test('is redeemed as far as the share goes', () => {
    const redeem = (one: TicketLease | null, uses: number) =>
      decideRedemption(RULES, at(NOON), ticket('k', 'x', { lease: one }), uses);
    expect(redeem(lease(2), 2)).toMatchObject({ result: { reason: 'redeemed' }, elsewhere: null, lease: null });
    expect(redeem(lease(2), 3)).toMatchObject({ result: { reason: 'no-ticket', memberId: 'm' }, elsewhere: RIGHT });
    expect(redeem(lease(2), 4)).toMatchObject({ result: { reason: 'no-ticket' }, elsewhere: null });
    expect(redeem(lease(2, false), 2).lease).toBe('cut-off');
    expect(redeem(null, 3)).toMatchObject({ result: { reason: 'redeemed' }, lease: null });
  });

  test('is shared out by what is left and what these sites have used', () => {
    const [first = '', second = ''] = [...ranksOf('k', SITES).keys()];
    const of = (site: string | null, ...spent: Parameters<typeof ticketLeaseOf>[3]) =>
      ticketLeaseOf({ sites: SITES, site, whole: true }, 'k', 4, spent, [
        { right: { kind: 'ticket', ticketId: 'k' }, from: second, to: first, uses: 1 },
      ]);
    expect(of(first)).toStrictEqual({ here: 3, whole: true });
    expect(of(second)).toStrictEqual({ here: 0, whole: true });
    expect(of(first, { site: first, uses: 2 }).here).toBe(1);
    expect(of(first, { site: 'gone', uses: 3 }).here).toBe(3);
    expect(of(null).here).toBe(0);
    expect(of('gone').here).toBe(0);
  });
});

describe('what the event says of the lease', () => {
  test('a unit that doesn’t hear its whole site grants by what it knows, and says so', () => {
    expect(judged(ann(FIRST, [], [], false))).toMatchObject({ result: { granted: true }, lease: 'cut-off' });
    expect(judged(ann(FIRST, [])).lease).toBeNull();
    const [k] = [ticket('k', 'once', { lease: { here: 1, whole: false } })];
    expect(judged(member(['book'], { tickets: [k] })).lease).toBe('cut-off');
  });

  test('staff have counted what they say, whichever site had it', () => {
    const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST }));
    const override = (who: MemberFacts) => decideOverride(RULES, doorOf(RULES, 'front'), at(NOON), who, true);
    expect(override(ann(FIRST, spent))).toMatchObject({ result: { consumed: [{ bandId: 'full' }] }, lease: 'beyond' });
    expect(override(ann(FIRST, [])).lease).toBeNull();
    const k = ticket('k', 'once', { lease: { here: 0, whole: true } });
    const tickets = override(member(['book'], { tickets: [ticket('j', 'x'), k] }));
    expect(tickets).toMatchObject({ result: { consumed: [{ ticketId: 'k' }] }, lease: 'beyond' });
  });

  test('a lock that decides by itself has counted it', () => {
    const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST }));
    for (const door of ['keys', 'face']) {
      expect(enter(RULES, door, NOON, ann(FIRST, spent)).lease).toBe('beyond');
      const free = { ...ann(FIRST, spent), contracts: member(['free']).contracts };
      expect(enter(RULES, door, NOON, free).lease).toBeNull();
    }
  });

  test('a plan without counts, or one that is no more, has nothing to lease', () => {
    const consumed = { kind: 'band', contractId: 'c-open', bandId: 'full', day: 0 } as const;
    expect(leaseMark(RULES, member(['open'], { leases: leasesOf(FIRST) }), consumed)).toBeNull();
    expect(leaseMark(RULES, member([], { leases: leasesOf(FIRST) }), consumed)).toBeNull();
  });

  test('where nothing is leased, or nothing used up, it says nothing', () => {
    expect(judged(member(['open'], { leases: leasesOf(FIRST) })).lease).toBeNull();
    expect(judged(member(['book'], { tickets: [ticket('k', 'once')] })).lease).toBeNull();
  });
});

test('the steps say that the rest is at another site', () => {
  const steps: Step[] = [];
  const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST }));
  decideEntry(RULES, doorOf(RULES, 'front'), at(NOON), ann(FIRST, spent), null, (step) => steps.push(step));
  const k = ticket('k', 'once', { lease: { here: 0, whole: true } });
  const note = (step: Step) => steps.push(step);
  decideEntry(RULES, doorOf(RULES, 'front'), at(NOON), member(['book'], { tickets: [k] }), null, note);
  const leases = steps.filter(({ subject }) => subject === 'lease');
  expect(leases.map(({ day, ...step }) => ({ ...step, day: day === null ? null : formatDay(day) }))).toStrictEqual([
    { rule: '2.3', subject: 'lease', id: 'full', day: '2026-11-20', says: 'elsewhere' },
    { rule: '2.3', subject: 'lease', id: 'k', day: null, says: 'elsewhere' },
  ]);
});

test('a remedy promises no count that begins anew, no ticket and no hour that this site may not grant', () => {
  const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST }));
  const tickets = [
    ticket('k', 'once', { lease: { here: 0, whole: true } }),
    ticket('j', 'once', { lease: { here: 1, whole: true } }),
  ];
  const door = doorOf(RULES, 'front');
  const who = { ...ann(FIRST, spent), tickets };
  const refused = judged(who);
  const remedy = remedyFor(RULES, door, at(NOON), who, refused.result.reason, refused.usedUp);
  expect(remedy.limit).toBeNull();
  expect(remedy.tickets.map(({ ticketId }) => ticketId)).toStrictEqual(['j']);
  const night = remedyFor(RULES, door, at('2026-11-20T23:30'), ann(FIRST, spent), 'outside-hours', null);
  expect(night.opensAt).toBe(at('2026-12-01T06:00'));
});

describe('what waits for the record', () => {
  const { businessDay } = momentOf(RULES, at(NOON));
  const waiting = (who: MemberFacts, times: readonly string[]) =>
    times.reduce((known, time, index) => {
      const { changes } = judged(known, time);
      return withUnrecorded(known, [{ number: -1 - index, changes }], 'north-gym', businessDay);
    }, who);

  test('is off the share', () => {
    expect(judged(waiting(ann(FIRST, []), ['2026-11-18T12:00', '2026-11-19T12:00'])).elsewhere).toStrictEqual(
      ELSEWHERE,
    );
    expect(judged(waiting(ann(FIRST, []), ['2026-11-18T12:00'])).result.granted).toBe(true);
    const unknown = { ...ann(FIRST, []), leases: null };
    expect(waiting(unknown, ['2026-11-18T12:00']).leases).toBeNull();
    const outside = waiting({ ...ann(FIRST, []), leases: { ...leasesOf(null), contracts: [] } }, []);
    const { changes } = judged({ ...outside, leases: null });
    expect(withUnrecorded(outside, [{ number: -1, changes }], 'north-gym', businessDay).leases?.counted).toStrictEqual([
      { contractId: 'c-four', bandId: 'full', day: dayNumber('2026-11-20'), rank: null },
    ]);
  });

  test('is off a ticket’s share', () => {
    const k = ticket('k', 'once', { lease: { here: 1, whole: true } });
    const who = waiting(member(['book'], { tickets: [k] }), ['2026-11-19T12:00']);
    expect(who.tickets[0]?.lease).toStrictEqual({ here: 0, whole: true });
    expect(judged(who).elsewhere).toStrictEqual({ kind: 'ticket', ticketId: 'k' });
  });
});

describe('the event', () => {
  const spent = [1, 2].map((day) => ({ date: `2026-11-0${day}`, site: FIRST }));

  test('says that the right is at another site, or how the grant stands to the lease, or nothing', () => {
    expect(leaseDetail(judged(ann(FIRST, spent)))).toStrictEqual({ lease: 'elsewhere' });
    expect(leaseDetail({ lease: 'cut-off', elsewhere: null })).toStrictEqual({ lease: 'cut-off' });
    expect(leaseDetail(judged(ann(FIRST, [])))).toStrictEqual({});
  });
});
