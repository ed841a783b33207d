/** A member who is told "from 1 December" must read the date of the site's wall, not of the machine's. */
import { describe, expect, test } from 'vitest';
import { createFormats, list, money, shortName } from './format.ts';
import { LANGUAGES } from './texts.ts';

const TOKYO = createFormats('Asia/Tokyo');
const NEW_YORK = createFormats('America/New_York');
/** Monday 1 December 2025, 00:30 in Tokyo, still Sunday in New York. */
const MONDAY = Date.UTC(2025, 10, 30, 15, 30);

describe('dates', () => {
  test.each([
    ['ja', '12月1日(月)'],
    ['en', 'Mon 1 Dec'],
    ['zh-Hans', '12月1日(周一)'],
    ['ko', '12월 1일(월)'],
  ] as const)('in %s', (language, written) => {
    expect(TOKYO.date(MONDAY, language)).toBe(written);
  });

  test('are those of the site', () => {
    expect(NEW_YORK.date(MONDAY, 'en')).toBe('Sun 30 Nov');
  });
});

test('times have 24 hours and no leading nought', () => {
  expect(TOKYO.time(MONDAY)).toBe('0:30');
  expect(TOKYO.time(Date.UTC(2025, 10, 21, 8))).toBe('17:00');
  expect(NEW_YORK.time(MONDAY)).toBe('10:30');
});

describe('days between', () => {
  test('go by the calendar, not by 24 hours', () => {
    const beforeMidnight = Date.UTC(2025, 10, 30, 14, 59);
    expect(TOKYO.daysBetween(beforeMidnight, MONDAY)).toBe(1);
    expect(TOKYO.daysBetween(MONDAY, MONDAY + 23 * 3_600_000)).toBe(0);
  });

  test('hold over a change of the clocks', () => {
    const saturdayNoon = Date.UTC(2025, 2, 8, 17);
    const sundayNoon = Date.UTC(2025, 2, 9, 16);
    expect(NEW_YORK.daysBetween(saturdayNoon, sundayNoon)).toBe(1);
  });
});

test('hours since midnight have a fraction', () => {
  expect(TOKYO.hourOfDay(Date.UTC(2025, 10, 21, 5, 30))).toBe(14.5);
});

test('money is yen with commas', () => {
  expect(money(1_200)).toBe('¥1,200');
  expect(money(0)).toBe('¥0');
});

test('names stand beside each other as the language has it', () => {
  expect(LANGUAGES.map((language) => list(['A', 'B'], language))).toEqual(['A、B', 'A, B', 'A、B', 'A, B']);
});

test('a long name is cut where it would push the count off the screen', () => {
  expect(shortName('デイタイム')).toBe('デイタイム');
  expect(shortName('あ'.repeat(22))).toBe('あ'.repeat(22));
  expect(shortName('あ'.repeat(23))).toBe(`${'あ'.repeat(22)}…`);
  expect(shortName('a'.repeat(45))).toBe(`${'a'.repeat(44)}…`);
  expect(shortName('𠮷'.repeat(23))).toBe(`${'𠮷'.repeat(22)}…`);
});
