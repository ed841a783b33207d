import type { Zone } from './time/zone.ts';

/** A band of a store on one calendar date, which it belongs to also after midnight. */
export interface Occurrence {
  /** Epoch day of the date that it belongs to. */
  readonly day: number;
  /** Epoch ms; inside is `start ≤ t < end`. */
  readonly start: number;
  readonly end: number;
}

/**
 * The occurrence on the date `day` of a band from minute `from` until minute `to` of the day, or of the next day where
 * `to` isn't after `from`. Null where a jump of the clocks leaves nothing of it.
 */
export function occurrenceOf(zone: Zone, day: number, from: number, to: number): Occurrence | null {
  const start = zone.instantOf(day, from);
  const end = zone.instantOf(to > from ? day : day + 1, to);
  return end > start ? { day, start, end } : null;
}

export function isInside(occurrence: Occurrence, earlyMs: number, at: number): boolean {
  return occurrence.start - earlyMs <= at && at < occurrence.end;
}

interface Band {
  on(day: number): Occurrence | null;
}

/**
 * The occurrences that a judgement at `at` is about, in date order: yesterday's and tomorrow's where `at` is inside
 * them, today's inside or not.
 */
export function occurrencesAt(band: Band | undefined, today: number, earlyMs: number, at: number): Occurrence[] {
  if (band === undefined) return [];
  const found: Occurrence[] = [];
  for (const day of [today - 1, today, today + 1]) {
    const occurrence = band.on(day);
    if (occurrence !== null && (day === today || isInside(occurrence, earlyMs, at))) found.push(occurrence);
  }
  return found;
}
