// A local time is what the clock on the wall shows. Where the clocks are put forward or back, the table must say the
// same as the calendar library that everybody trusts.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { dayOf, formatDay, parseDay, weekdayOf } from './day.ts';
import { formatInstant, parseInstant, parseTimeOfDay } from './instant.ts';
import { Zone } from './zone.ts';

const ZONES = [
  'Asia/Tokyo',
  'UTC',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Monrovia',
  'Europe/Dublin',
];
const zones = new Map(ZONES.map((name) => [name, new Zone(name)]));
const zoneName = fc.constantFrom(...ZONES);
const instant = fc
  .integer({ min: dayOf(1970, 1, 2), max: dayOf(2100, 1, 1) })
  .chain((day) => fc.integer({ min: 0, max: 86_399_999 }).map((ms) => day * 86_400_000 + ms));

describe('a zone', () => {
  test('shows the local date that the calendar library shows', () => {
    fc.assert(
      fc.property(zoneName, instant, (name, at) => {
        const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);
        expect(zones.get(name)?.offsetAt(at)).toBe(local.offsetNanoseconds / 1_000_000);
        expect(formatDay(zones.get(name)?.localDay(at) ?? 0)).toBe(local.toPlainDate().toString());
      }),
      { numRuns: 400 },
    );
  });

  test('turns every local time into the instant of the calendar library, in gaps and repeated hours too', () => {
    const day = fc.integer({ min: dayOf(1970, 1, 2), max: dayOf(2100, 1, 1) });
    fc.assert(
      fc.property(zoneName, day, fc.integer({ min: 0, max: 1_440 }), (name, date, minute) => {
        expect(zones.get(name)?.instantOf(date, minute)).toBe(oracle(name, date, minute));
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['America/New_York', '2026-03-08', 150], // 02:30 is jumped over
    ['America/New_York', '2026-03-08', 119], // the last minute before the jump
    ['America/New_York', '2026-03-08', 120], // the first that is jumped over
    ['America/New_York', '2026-03-08', 180], // the first after it
    ['America/New_York', '2026-11-01', 90], // 01:30 comes twice
    ['America/New_York', '2026-11-01', 60], // the first that comes twice
    ['America/New_York', '2026-11-01', 120], // the first that comes once again
    ['America/New_York', '2018-03-11', 600], // the table's stretch began a day and a half before
    ['Africa/Cairo', '1985-04-30', 600], // it ends a day and a half later, and a change lies between
    ['Asia/Damascus', '1977-09-01', 5], // it begins by the one clock and not yet by the other
    ['America/St_Johns', '2006-10-29', 0], // midnight comes twice
    ['Pacific/Apia', '2011-12-30', 600], // the whole date is left out
    ['Australia/Lord_Howe', '2026-10-04', 135], // half an hour is left out
    ['Africa/Monrovia', '1972-01-07', 10], // 44 minutes and 30 seconds are left out
  ])('%s on %s', (name, date, minute) => {
    const day = parseDay(date) ?? 0;
    expect(new Zone(name).instantOf(day, minute)).toBe(oracle(name, day, minute));
  });

  test('changes its offset at the very millisecond, and its table from one stretch to the next unseen', () => {
    const change = Date.UTC(2026, 2, 8, 7);
    const stretches = Array.from({ length: 40 }, (_, index) => (index + 1) * 400 * 86_400_000);
    for (const name of ['America/New_York', 'Asia/Tokyo', 'Europe/Dublin']) {
      for (const at of [change, ...stretches].flatMap((one) => [one - 1, one])) {
        const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);
        expect(new Zone(name).offsetAt(at)).toBe(local.offsetNanoseconds / 1_000_000);
      }
    }
  });

  test('keeps few tables, however far it is asked about', () => {
    const zone = new Zone('Europe/Dublin');
    for (let year = 1971; year < 2300; year += 1) zone.localDay(Date.UTC(year, 6, 1));
    expect(formatDay(zone.localDay(Date.UTC(2026, 6, 1, 23, 30)))).toBe('2026-07-02');
  });

  test('refuses a name that nobody knows', () => {
    expect(() => new Zone('Asia/Nowhere')).toThrow(RangeError);
  });
});

function oracle(name: string, day: number, minute: number): number {
  const date = Temporal.PlainDate.from('1970-01-01').add({ days: day });
  return date.toPlainDateTime().add({ minutes: minute }).toZonedDateTime(name).epochMilliseconds;
}

describe('dates', () => {
  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-1-01',
    '1969-12-31',
    '10000-01-01',
    '2026-11-00',
    ' 2026-11-01',
    '2026-11-01 ',
    '2026-11-011',
    '12026-11-01',
    '+2026-11-01',
    '2026/11/01',
    '2026-11/01',
    '2026-1a-01',
    '2026-11-0 ',
    '２026-11-01',
    '',
  ])('%s is none', (text) => expect(parseDay(text)).toBeNull());
  test.each(['1970-01-01', '2024-02-29', '9999-12-31'])('%s is one', (text) => {
    expect(formatDay(parseDay(text) ?? -1)).toBe(text);
  });
  test('know their weekday', () => {
    expect(weekdayOf(dayOf(2026, 11, 23))).toBe('mon');
    expect(weekdayOf(-1)).toBe('wed');
  });
});

describe('times', () => {
  test.each([
    ['2026-11-02T12:00:00+09:00', Date.UTC(2026, 10, 2, 3)],
    ['2026-11-02T12:00:00.1239Z', Date.UTC(2026, 10, 2, 12, 0, 0, 123)],
    ['2026-11-02T12:00:00.5-09:30', Date.UTC(2026, 10, 2, 21, 30, 0, 500)],
    ['2026-11-02T12:00:00+23:59', Date.UTC(2026, 10, 1, 12, 1)],
    ['2026-11-02T12:00:00-23:59', Date.UTC(2026, 10, 3, 11, 59)],
    ['2026-11-02T12:00:00-00:00', Date.UTC(2026, 10, 2, 12)],
    ['1970-01-02T00:00:00Z', 86_400_000],
    ['9999-12-30T23:59:59Z', Date.UTC(9999, 11, 30, 23, 59, 59)],
  ])('%s is one', (text, at) => expect(parseInstant(text)).toBe(at));
  test.each([
    '2026-11-02t12:00:00Z',
    '2026-11-02T12:00:00z',
    '2026-11-02T12:00:00',
    '2026-11-02T12:00:60Z',
    '2026-11-02T24:00:00Z',
    '2026-11-02T12:60:00Z',
    '2026-11-02T12:00Z',
    '2026-11-02 12:00:00Z',
    '2026-02-30T12:00:00Z',
    '2026-11-02T12:00:00.Z',
    '2026-11-02T12:00:00+24:00',
    '2026-11-02T12:00:00+09:60',
    '2026-11-02T12:00:00+0900',
    '1970-01-01T23:59:59Z',
    '9999-12-31T00:00:00Z',
    ' 2026-11-02T12:00:00Z',
    '12026-11-02T12:00:00Z',
    '2026-11-02 2026-11-02T12:00:00Z',
    '2026-11-02T12:00:00Z ',
    '2026-11-02T12:00:00+09:000',
    '',
  ])('%s is none', (text) => expect(parseInstant(text)).toBeNull());
  test('are written in UTC, with a fraction only where there is one', () => {
    expect(formatInstant(86_400_000)).toBe('1970-01-02T00:00:00Z');
    expect(formatInstant(86_400_001)).toBe('1970-01-02T00:00:00.001Z');
  });
  test('of day go from 00:00 to 23:59, and to 24:00 where a band ends', () => {
    expect(['00:00', '23:59', '24:00', '23:60', '9:00', '24:01'].map((text) => parseTimeOfDay(text))).toStrictEqual([
      0,
      1_439,
      null,
      null,
      null,
      null,
    ]);
    expect(['012:30', ' 12:30', '12:300', '12:30 ', '12:3'].map((text) => parseTimeOfDay(text))).toStrictEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect(['24:00', '24:01', '25:00'].map((text) => parseTimeOfDay(text, true))).toStrictEqual([1_440, null, null]);
  });
});
