/**
 * Calendar dates as whole numbers: days since 1970-01-01 (an "epoch day"), so that comparing and adding are plain
 * arithmetic. Weekdays count from Monday = 0.
 */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Epoch day of a date that exists. */
export function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

/** `YYYY-MM-DD` to epoch day; null when that is no date from 1970-01-01 to 9999-12-31. */
export function parseDay(text: string): number | null {
  // By the hundred thousand while a snapshot comes: digit by digit is a third of what a pattern and numbers take.
  if (text.length !== 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  const [year, month, date] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  if (!(year >= 1970 && month >= 1 && month <= 12 && date >= 1 && date <= daysOf(year, month))) return null;
  return dayOf(year, month, date);
}

const DASH = 45;

/** NaN where there is something else. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function formatDay(day: number): string {
  const iso = new Date(day * DAY_MS).toISOString();
  return iso.slice(0, iso.indexOf('T'));
}

export function weekdayOf(day: number): Weekday {
  // 1970-01-01 was a Thursday.
  return WEEKDAYS[(((day + 3) % 7) + 7) % 7] as Weekday;
}

/** Epoch day of the first of the month that `day` lies in. */
export function monthStart(day: number): number {
  return day - new Date(day * DAY_MS).getUTCDate() + 1;
}

/** Epoch day of the first of the month after the one that `day` lies in. */
export function nextMonthStart(day: number): number {
  return monthStart(monthStart(day) + 31);
}
