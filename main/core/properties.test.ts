// What holds for every site, member and moment, not only for those that somebody thought of.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { decideInStore } from '../cli/decide.ts';
import type { Action } from '../contract/cases.ts';
import { parseSite } from '../contract/site.ts';
import { KEY_BYTES, Keys } from '../store/keys.ts';
import { Store } from '../store/store.ts';
import type { DecisionResult } from './decide.ts';
import type { Member, Plan, SiteBundle } from './model.ts';
import { compileRules } from './rules.ts';
import { dayOf, formatDay, WEEKDAYS } from './time/day.ts';
import { formatInstant } from './time/instant.ts';

const BANDS = ['b0', 'b1', 'b2'];
const STORES = ['s0', 's1'];
const FIRST_DAY = dayOf(2026, 10, 20);

const subset = (of: readonly string[]) => fc.option(fc.subarray([...of]), { nil: null });
const weekdays = fc.option(fc.subarray([...WEEKDAYS]), { nil: null });
const time = fc
  .integer({ min: 0, max: 47 })
  .map((half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`);
const date = fc.integer({ min: FIRST_DAY, max: FIRST_DAY + 40 }).map(formatDay);
const instant = fc
  .integer({ min: FIRST_DAY * 1_440, max: (FIRST_DAY + 40) * 1_440 })
  .map((minute) => formatInstant(minute * 60_000));

const band = (id: string) =>
  fc.record({ id: fc.constant(id), name: fc.constant(''), from: time, to: time }).filter(({ from, to }) => from !== to);

const entry: fc.Arbitrary<Plan['entry']> = fc.oneof(
  fc.constant({ mode: 'open' as const }),
  fc.constant({ mode: 'ticket' as const }),
  fc.record({
    mode: fc.constant('limits' as const),
    bands: fc.subarray(BANDS).chain((ids) =>
      fc.tuple(
        ...ids.map((bandId) =>
          fc.record({
            bandId: fc.constant(bandId),
            weekdays,
            holiday: fc.constantFrom(
              'as-weekday' as const,
              'closed' as const,
              'always' as const,
              'if-weekday' as const,
            ),
            monthlyLimit: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
          }),
        ),
      ),
    ),
    earlyMinutes: fc.constantFrom(0, 15, 120),
    lateMinutes: fc.constantFrom(0, 30),
    freeWithReservation: fc.constantFrom<null | 'any' | readonly string[]>(null, 'any', ['yoga'], []),
  }),
);

const plan = (id: string): fc.Arbitrary<Plan> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    kind: fc.constant('standard' as const),
    storeIds: subset(STORES),
    stayFee: fc.constantFrom('place' as const, 'none' as const),
    entry,
    booking: fc.option(
      fc.subarray(BANDS).map((ids) => ({ bands: ids.map((bandId) => ({ bandId, weekdays: null })) })),
      { nil: null },
    ),
  });

const member = (n: number): fc.Arbitrary<Member> =>
  fc.record({
    id: fc.constant(`m${n}`),
    name: fc.constant(''),
    kana: fc.constant(null),
    codes: fc.constant([`M${n}`]),
    suspended: fc.record({
      profile: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      identity: fc.constant(false),
    }),
    contracts: fc
      .array(fc.record({ planId: fc.constantFrom('p0', 'p1', 'p2'), from: date, to: fc.option(date, { nil: null }) }), {
        maxLength: 3,
      })
      .map((list) =>
        list
          .filter(({ from, to }) => to === null || to >= from)
          .map((one, index) => ({ id: `c${n}-${index}`, ...one, from: index === 0 ? '2026-01-01' : one.from })),
      ),
  });

const fee = fc.option(
  fc.record({
    freeMinutes: fc.nat(30),
    firstMinutes: fc.nat(120),
    firstPrice: fc.nat(1_000),
    unitMinutes: fc.integer({ min: 1, max: 60 }),
    unitPrice: fc.nat(300),
    maxPrice: fc.option(fc.nat(3_000), { nil: null }),
  }),
  { nil: null },
);

const site: fc.Arbitrary<SiteBundle> = fc.record({
  format: fc.constant('genkan-site/1' as const),
  site: fc.record({
    id: fc.constant('s'),
    name: fc.constant(''),
    timezone: fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/London'),
    dayStart: fc.constantFrom('00:00', '04:00', '01:30'),
    maxStayHours: fc.constantFrom(1, 24),
  }),
  stores: fc.tuple(
    fc.tuple(band('b0'), band('b1'), band('b2')).map((bands) => ({ id: 's0', name: '', bands })),
    fc.tuple(band('b0')).map((bands) => ({ id: 's1', name: '', bands })),
  ),
  holidays: fc.array(date, { maxLength: 3 }),
  programs: fc.constant([{ id: 'yoga', name: '' }]),
  places: fee.map((one) =>
    STORES.map((storeId) => ({ id: `pl-${storeId}`, storeId, name: '', smaregiStoreId: null, fee: one })),
  ),
  doors: fc
    .tuple(
      fc.constantFrom('plan' as const, 'device-and-plan' as const, 'schedule' as const, 'record-only' as const),
      fc.constantFrom('off' as const, 'warn' as const, 'deny' as const),
      subset(['p0', 'p1']),
    )
    .map(([policy, passback, admitsPlans]) => [
      { id: 'd0', placeId: 'pl-s0', name: '', policy: 'plan' as const, admitsPlans: null, passback: 'off' as const },
      { id: 'd1', placeId: 'pl-s0', name: '', policy, admitsPlans, passback },
      { id: 'd2', placeId: 'pl-s1', name: '', policy, admitsPlans: null, passback },
    ]),
  plans: fc.tuple(plan('p0'), plan('p1'), plan('p2')),
  members: fc.tuple(member(0), member(1)),
  ticketTypes: fc
    .record({
      storeIds: subset(STORES),
      bandIds: subset(BANDS),
      weekdays,
      consume: fc.constantFrom('day' as const, 'entry' as const),
    })
    .map((scope) => [
      {
        id: 'tt',
        name: '',
        uses: 5,
        validDays: 30,
        price: 0,
        present: 'qr' as const,
        description: null,
        image: null,
        entry: scope,
      },
    ]),
  tickets: fc
    .tuple(date, fc.nat(3))
    .map(([issuedOn, remaining]) => [{ id: 'k0', typeId: 'tt', memberId: 'm0', issuedOn, remaining }]),
  reservations: fc.tuple(instant, fc.integer({ min: 1, max: 180 })).map(([start, minutes]) => [
    {
      id: 'r0',
      memberId: 'm0',
      storeId: 's0',
      programId: 'yoga',
      start,
      end: formatInstant(Date.parse(start) + minutes * 60_000),
      status: 'booked' as const,
    },
  ]),
  usage: fc.constant([]),
  ticketUses: fc.constant([]),
  stays: fc.constant([]),
});

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('scan' as const),
      at: instant,
      door: fc.constantFrom('d0', 'd1', 'd2'),
      direction: fc.constantFrom('in' as const, 'out' as const),
      code: fc.constantFrom('M0', 'M0', 'M1', 'X'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('scan' as const),
      at: instant,
      door: fc.constantFrom('d0', 'd1'),
      direction: fc.constant('in' as const),
      code: fc.constant('M0'),
      ticketId: fc.constantFrom('k0', 'nothing'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('override' as const),
      door: fc.constantFrom('d0', 'd1'),
      memberId: fc.constantFrom('m0', null),
      consume: fc.boolean(),
      at: instant,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('redeem' as const),
      ticketId: fc.constant('k0'),
      uses: fc.integer({ min: 1, max: 2 }),
      at: instant,
    }),
  },
);
/** In the order of their times, as they happen. */
const actions = fc
  .array(action, { maxLength: 25 })
  .map((list) => list.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)));

const openStore = (): Store => {
  const store = Store.open(':memory:', new Keys(randomBytes(KEY_BYTES)));
  if (!store.ok) throw new Error(store.error.detail);
  return store.value;
};
/** Making one takes longer than most of what is done with it. */
const shared = openStore();
afterAll(() => shared.close());

class TakenBack extends Error {
  readonly answers: readonly DecisionResult[];

  constructor(answers: readonly DecisionResult[]) {
    super('all that was done is to be taken back');
    this.answers = answers;
  }
}

/** What is decided of a site at which nothing has happened before. */
function answers(bundle: SiteBundle, list: readonly Action[]): readonly DecisionResult[] {
  try {
    shared.transact((writer) => {
      writer.importSite(bundle, 0);
      const rules = compileRules(bundle);
      throw new TakenBack(list.map((one) => decideInStore(rules, writer, one)));
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.answers;
    throw error;
  }
  throw new Error('nothing could be decided');
}

function withSite<T>(bundle: SiteBundle, use: (decide: (action: Action) => DecisionResult, store: Store) => T): T {
  const store = openStore();
  try {
    expect(store.transact((writer) => writer.importSite(bundle, 0)).ok).toBe(true);
    const rules = compileRules(bundle);
    const decide = (one: Action) => {
      const result = store.transact((writer) => decideInStore(rules, writer, one));
      if (!result.ok) throw new Error(result.error.detail);
      return result.value;
    };
    return use(decide, store);
  } finally {
    store.close();
  }
}

/** Making a counterexample smaller could go on for hours, each try with its database: what is found in time is told. */
const RUNS = { numRuns: 40, interruptAfterTimeLimit: 20_000 };

test('the sites made here are sites', () => {
  fc.assert(
    fc.property(site, (bundle) => {
      expect(parseSite(bundle).ok).toBe(true);
    }),
    RUNS,
  );
});

test('no rule depends on the order of lists that say nothing by their order', () => {
  const reversed = (bundle: SiteBundle): SiteBundle => ({
    ...bundle,
    stores: bundle.stores.toReversed().map((store) => ({ ...store, bands: store.bands.toReversed() })),
    holidays: bundle.holidays.toReversed(),
    places: bundle.places.toReversed(),
    doors: bundle.doors.toReversed(),
    plans: bundle.plans.toReversed(),
    members: bundle.members.toReversed(),
  });
  fc.assert(
    fc.property(site, actions, (bundle, list) => {
      expect(answers(reversed(bundle), list)).toStrictEqual(answers(bundle, list));
    }),
    RUNS,
  );
});

describe('adding a right never turns a grant into a refusal', () => {
  const first = (bundle: SiteBundle, one: Action) => answers(bundle, [one])[0];
  const scan = action.filter((one) => one.do === 'scan' && one.direction === 'in' && one.ticketId === undefined);
  test.each<[string, (bundle: SiteBundle) => SiteBundle]>([
    [
      'a contract more',
      (bundle) => ({
        ...bundle,
        members: bundle.members.map((one) => ({
          ...one,
          contracts: [...one.contracts, { id: `x-${one.id}`, planId: 'p1', from: '2026-01-01', to: null }],
        })),
      }),
    ],
    [
      'a use more',
      (bundle) => ({ ...bundle, tickets: bundle.tickets.map((one) => ({ ...one, remaining: one.remaining + 1 })) }),
    ],
    [
      'a higher limit',
      (bundle) => ({
        ...bundle,
        plans: bundle.plans.map((one) =>
          one.entry.mode !== 'limits'
            ? one
            : {
                ...one,
                entry: {
                  ...one.entry,
                  bands: one.entry.bands.map((two) => ({
                    ...two,
                    monthlyLimit: two.monthlyLimit === null ? null : two.monthlyLimit + 1,
                  })),
                },
              },
        ),
      }),
    ],
    ['all stores', (bundle) => ({ ...bundle, plans: bundle.plans.map((one) => ({ ...one, storeIds: null })) })],
  ])('%s', (_, add) => {
    fc.assert(
      fc.property(site, scan, (bundle, one) => {
        fc.pre(first(bundle, one)?.granted === true);
        expect(first(add(bundle), one)?.granted).toBe(true);
      }),
      RUNS,
    );
  });
});

test('under policy plan a count never exceeds its limit', () => {
  const entries = fc.array(instant, { maxLength: 40 });
  fc.assert(
    fc.property(site, entries, (bundle, times) => {
      withSite(bundle, (decide, store) => {
        for (const at of times.toSorted()) decide({ do: 'scan', at, door: 'd0', direction: 'in', code: 'M0' });
        const counts = new Map<string, number>();
        for (const { contractId, bandId, date: day } of store.exportSite()?.usage ?? []) {
          const key = `${contractId} ${bandId} ${day.slice(0, 7)}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        for (const [key, count] of counts) expect(count).toBeLessThanOrEqual(limitOf(bundle, key));
      });
    }),
    RUNS,
  );
});

function limitOf(bundle: SiteBundle, key: string): number {
  const [contractId, bandId] = key.split(' ');
  const contract = bundle.members.flatMap(({ contracts }) => contracts).find(({ id }) => id === contractId);
  const found = bundle.plans.find(({ id }) => id === contract?.planId);
  const bands = found?.entry.mode === 'limits' ? found.entry.bands : [];
  return bands.find((one) => one.bandId === bandId)?.monthlyLimit ?? Number.POSITIVE_INFINITY;
}

test('an exit is never refused, whoever leaves, whatever was before', () => {
  fc.assert(
    fc.property(site, actions, fc.constantFrom('M0', 'M1', 'X', ''), instant, (bundle, list, code, at) => {
      const leaving = { do: 'scan', at, door: 'd1', direction: 'out', code } as const;
      expect(answers(bundle, [...list, leaving]).at(-1)).toMatchObject({ granted: true, reason: 'exit' });
    }),
    RUNS,
  );
});

test('a refusal changes nothing, and an undone entry has changed nothing', () => {
  fc.assert(
    fc.property(site, actions, instant, (bundle, list, at) => {
      withSite(bundle, (decide, store) => {
        for (const one of list) decide(one);
        const before = store.exportSite();
        const { granted } = decide({ do: 'scan', at, door: 'd1', direction: 'in', code: 'M0' });
        if (granted) {
          const seq = store.record.last()?.seq ?? 0;
          store.transact(({ undo }) => undo.undo(undo.plan(seq, 'm0'), seq, FIRST_DAY));
        }
        expect(store.exportSite()).toStrictEqual(before);
      });
    }),
    RUNS,
  );
});

test('after export and import the decisions are the same', () => {
  fc.assert(
    fc.property(site, actions, actions, (bundle, before, after) => {
      withSite(bundle, (decide, store) => {
        for (const one of before) decide(one);
        const exported = store.exportSite();
        if (exported === null) throw new Error('no site');
        expect(parseSite(exported)).toStrictEqual({ ok: true, value: exported });
        expect(answers(exported, after)).toStrictEqual(after.map(decide));
      });
    }),
    RUNS,
  );
});
