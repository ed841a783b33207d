// The café's door stands open from nine to five, the back door is shut at night; and neither on holidays.
import { describe, expect, test } from 'vitest';
import { type DoorSchedule, type ScheduleBand, scheduledOrder } from './door-schedule.ts';
import { compileRules } from './rules.ts';
import { SITE } from './testing.ts';
import { dayOf } from './time/day.ts';

const hour = (hours: number) => hours * 60;
const OPEN: ScheduleBand = { do: 'held-unlocked', weekdays: null, from: hour(9), to: hour(17), holiday: 'closed' };
const NIGHT: ScheduleBand = {
  do: 'always-locked',
  weekdays: ['fri'],
  from: hour(22),
  to: hour(6),
  holiday: 'as-weekday',
};

const rulesOf = (timezone: string, holidays: readonly string[] = []) =>
  compileRules({ ...SITE, site: { ...SITE.site, timezone }, holidays });

/** At local times of a day: what holds. */
function orders(
  schedule: Partial<DoorSchedule>,
  day: number,
  minutes: readonly number[],
  rules = rulesOf('Asia/Tokyo'),
) {
  const whole = { bands: [], closedDays: new Set<number>(), ...schedule };
  return minutes.map((minute) => scheduledOrder(rules, whole, rules.zone.instantOf(day, 0) + minute * 60_000));
}

const FRIDAY = dayOf(2026, 11, 6);

describe('hours', () => {
  test('hold from their first minute until just before their last', () => {
    expect(orders({ bands: [OPEN] }, FRIDAY, [hour(9) - 1, hour(9), hour(17) - 1, hour(17)])).toStrictEqual([
      null,
      'held-unlocked',
      'held-unlocked',
      null,
    ]);
  });
  test('over midnight belong to the day on which they began', () => {
    const minutes = [hour(5), hour(21), hour(22), hour(29), hour(30), hour(46)];
    expect(orders({ bands: [NIGHT] }, FRIDAY, minutes)).toStrictEqual([
      null,
      null,
      'always-locked',
      'always-locked',
      null,
      null,
    ]);
  });
  test('to midnight end there', () => {
    const late = { ...OPEN, from: hour(23), to: hour(24) };
    expect(orders({ bands: [late] }, FRIDAY, [hour(24) - 1, hour(24)])).toStrictEqual(['held-unlocked', null]);
  });
  test('that lock go before those that open, in whatever order they stand', () => {
    const lunch: ScheduleBand = { ...OPEN, do: 'always-locked', from: hour(12), to: hour(13) };
    for (const bands of [
      [OPEN, lunch],
      [lunch, OPEN],
    ])
      expect(orders({ bands }, FRIDAY, [hour(11), hour(12), hour(13)])).toStrictEqual([
        'held-unlocked',
        'always-locked',
        'held-unlocked',
      ]);
  });
});

test.each([
  ['closed', null],
  ['as-weekday', 'held-unlocked'],
  ['always', 'held-unlocked'],
] as const)('on a holiday hours that are %s', (holiday, order) => {
  const rules = rulesOf('Asia/Tokyo', ['2026-11-06']);
  expect(orders({ bands: [{ ...OPEN, holiday }] }, FRIDAY, [hour(12)], rules)).toStrictEqual([order]);
});

test('a closed day goes before all hours, from the beginning of its business to the end', () => {
  const schedule = { bands: [{ ...OPEN, from: hour(0), to: hour(24) }], closedDays: new Set([FRIDAY]) };
  expect(orders(schedule, FRIDAY, [hour(4) - 1, hour(4), hour(28) - 1, hour(28)])).toStrictEqual([
    'held-unlocked',
    'always-locked',
    'always-locked',
    'held-unlocked',
  ]);
});

describe('when the clocks change', () => {
  const zone = rulesOf('America/New_York');
  test('hours are those of the wall: seven on the short day, nine on the long one', () => {
    const night = { ...OPEN, from: hour(0), to: hour(8) };
    for (const [day, hours] of [
      [dayOf(2026, 3, 8), 7],
      [dayOf(2026, 11, 1), 9],
      [dayOf(2026, 11, 2), 8],
    ] as const) {
      expect(orders({ bands: [night] }, day, [hour(hours) - 1, hour(hours)], zone)).toStrictEqual([
        'held-unlocked',
        null,
      ]);
    }
  });
  test('hours that are jumped over don’t come', () => {
    const gone = { ...OPEN, from: hour(2), to: hour(3) };
    const minutes = Array.from({ length: 23 * 60 }, (_, minute) => minute);
    expect(new Set(orders({ bands: [gone] }, dayOf(2026, 3, 8), minutes, zone))).toStrictEqual(new Set([null]));
  });
});
