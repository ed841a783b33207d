/**
 * Japan's national holidays by the Act on National Holidays as in force since 2022. The equinoxes are announced by the
 * Cabinet Office in February of the year before; until then they are worked out with the formula that has met every
 * announcement since 1980 (valid to 2099).
 */
import { dayOf, formatDay, weekdayOf } from '../../main/core/time/day.ts';

/** The nth Monday of a month, as its date. */
function nthMonday(year: number, month: number, nth: number): number {
  const first = dayOf(year, month, 1);
  for (let date = 1; date <= 7; date += 1) {
    if (weekdayOf(first + date - 1) === 'mon') return date + 7 * (nth - 1);
  }
  throw new Error('a week without a Monday');
}

function equinox(year: number, base: number): number {
  const since1980 = year - 1980;
  return Math.floor(base + 0.242194 * since1980 - Math.floor(since1980 / 4));
}

function namedHolidays(year: number): number[] {
  const dates: readonly (readonly [month: number, date: number])[] = [
    [1, 1], // 元日
    [1, nthMonday(year, 1, 2)], // 成人の日
    [2, 11], // 建国記念の日
    [2, 23], // 天皇誕生日
    [3, equinox(year, 20.8431)], // 春分の日
    [4, 29], // 昭和の日
    [5, 3], // 憲法記念日
    [5, 4], // みどりの日
    [5, 5], // こどもの日
    [7, nthMonday(year, 7, 3)], // 海の日
    [8, 11], // 山の日
    [9, nthMonday(year, 9, 3)], // 敬老の日
    [9, equinox(year, 23.2488)], // 秋分の日
    [10, nthMonday(year, 10, 2)], // スポーツの日
    [11, 3], // 文化の日
    [11, 23], // 勤労感謝の日
  ];
  return dates.map(([month, date]) => dayOf(year, month, date));
}

/** All holidays of a year as `YYYY-MM-DD`, in order. */
export function japaneseHolidays(year: number): string[] {
  const named = new Set(namedHolidays(year));
  const all = new Set(named);
  for (const day of named) {
    // A holiday on a Sunday is made up for on the next day that is none.
    if (weekdayOf(day) === 'sun') {
      let substitute = day + 1;
      while (named.has(substitute)) substitute += 1;
      all.add(substitute);
    }
    // A day between two holidays is one too.
    if (!named.has(day + 1) && named.has(day + 2)) all.add(day + 1);
  }
  return [...all].sort((a, b) => a - b).map(formatDay);
}
