/**
 * Calendar dates as whole numbers: days since 1970-01-01 (an "epoch day"), so that comparing and adding are plain
 * arithmetic. Weekdays count from Monday = 0.
 */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const FIRST_YEAR = 1970;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Epoch day of a date that exists. */
export function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

/** `YYYY-MM-DD` to epoch day; null when that is no date from 1970-01-01 to 9999-12-31. */
export function parseDay(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < FIRST_YEAR) return null;
  const ms = Date.UTC(year, month - 1, date);
  // A date that doesn't exist is taken for one of another month. This is asked for thousands of times a second.
  const there = new Date(ms);
  return there.getUTCMonth() === month - 1 && there.getUTCDate() === date ? ms / DAY_MS : null;
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
