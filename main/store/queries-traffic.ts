/** Entries and exits of a place by date and hour, as its clocks showed them. */
import type { Database, Statement } from 'better-sqlite3';
import { DAY_MS, HOUR_MS } from '../core/time/day.ts';
import type { Zone } from '../core/time/zone.ts';
import { TRAFFIC, type TrafficRow } from './queries-sql.ts';

export interface HourTraffic {
  /** Epoch day of the local date. */
  readonly day: number;
  /** 0 to 23. Where the clocks go back, both times of an hour are one; where they go forward, one is missing. */
  readonly hour: number;
  readonly entries: number;
  readonly exits: number;
}

export const QUARTER_MS = 900_000;
/** A month. */
export const MOST_DAYS = 31;

export class TrafficReader {
  readonly #rows: Statement<[string, number, number], TrafficRow>;

  constructor(db: Database) {
    this.#rows = db.prepare(TRAFFIC);
  }

  /** Hours in which somebody came or went, in order, from one date to another, 31 dates at most. */
  byHour(zone: Zone, placeId: string, fromDay: number, toDay: number): HourTraffic[] {
    const last = Math.min(toDay, fromDay + MOST_DAYS - 1);
    // A day more at each end: where midnight comes twice, a date is not one stretch of time.
    const from = zone.instantOf(fromDay - 1, 0) / QUARTER_MS;
    const end = zone.instantOf(last + 2, 0) / QUARTER_MS;
    const hours = new Map<number, HourTraffic>();
    for (const row of this.#rows.all(placeId, Math.floor(from), Math.ceil(end))) {
      const { day, hour } = localHour(zone, row.quarter);
      if (day < fromDay || day > last) continue;
      const { entries, exits } = hours.get(day * 24 + hour) ?? { entries: 0, exits: 0 };
      hours.set(day * 24 + hour, { day, hour, entries: entries + row.entries, exits: exits + row.exits });
    }
    return [...hours]
      .sort(([a], [b]) => a - b)
      .map(([, traffic]) => traffic)
      .filter(({ entries, exits }) => entries + exits > 0);
  }
}

function localHour(zone: Zone, quarter: number): { readonly day: number; readonly hour: number } {
  const instant = quarter * QUARTER_MS;
  const local = instant + zone.offsetAt(instant);
  const day = Math.floor(local / DAY_MS);
  return { day, hour: Math.floor((local - day * DAY_MS) / HOUR_MS) };
}
