import { dayOf, HOUR_MS, MINUTE_MS, parseDay } from './day.ts';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const FIRST_DAY = dayOf(1970, 1, 2);
const LAST_DAY = dayOf(9999, 12, 30);
const NO_DAY = -1;

/**
 * An RFC 3339 time to epoch milliseconds; digits of the fraction past the third are dropped. Null when it is none:
 * small letters, a leap second, no offset, or written with a date outside 1970-01-02 to 9999-12-30 (a day of room at
 * each end, so that no offset leads out of the dates that exist here).
 */
export function parseInstant(text: string): number | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [, hour, minute, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] = match;
  const day = parseDay(text.slice(0, 10)) ?? NO_DAY;
  if (day < FIRST_DAY || day > LAST_DAY) return null;
  const clock = [Number(hour), Number(minute), Number(second), Number(offsetHour), Number(offsetMinute)] as const;
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59 || clock[3] > 23 || clock[4] > 59) return null;
  const ahead = (clock[3] * 60 + clock[4]) * MINUTE_MS;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return (
    day * 24 * HOUR_MS +
    clock[0] * HOUR_MS +
    clock[1] * MINUTE_MS +
    clock[2] * 1_000 +
    milliseconds +
    (sign === '-' ? ahead : -ahead)
  );
}

/** Epoch milliseconds as RFC 3339 in UTC, with milliseconds only where there are any. */
export function formatInstant(instant: number): string {
  const iso = new Date(instant).toISOString();
  return iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso;
}

/** `HH:MM` to minutes since midnight; null when that is no time of day. `24:00` only where `toMidnight`. */
export function parseTimeOfDay(text: string, toMidnight = false): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  if (hour === 24 && minute === 0 && toMidnight) return 1_440;
  return hour <= 23 && minute <= 59 ? hour * 60 + minute : null;
}
