/** Days of the site, `YYYY-MM-DD`, as staff read them. Pure. */
import type { Formats } from '../../locale/format.ts';

/** 11/26 */
export function shortDay(day: string): string {
  return `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}`;
}

/** 2026/11/26 */
export function longDay(day: string): string {
  return day.replaceAll('-', '/');
}

/** 11/26 14:32 */
export function dayAndTime(formats: Formats, at: number): string {
  return `${formats.monthAndDay(at)} ${formats.time(at)}`;
}

const DAY_MS = 86_400_000;

/** @param by days, also negative */
export function dayLater(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}
