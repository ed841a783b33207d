/** The dates that an instant means at a site. */
import type { Rules } from './rules.ts';
import { type Note, UNASKED } from './steps.ts';
import { monthStart } from './time/day.ts';

export interface Moment {
  /** Epoch ms. */
  readonly at: number;
  /** Epoch day of the local date. */
  readonly today: number;
  /** Epoch day of the business date: the last one whose `dayStart` isn't after `at`. */
  readonly businessDay: number;
  /** Told each step of a judgement at this moment. */
  readonly note: Note;
}

export function momentOf(rules: Rules, at: number, note: Note = UNASKED): Moment {
  const today = rules.zone.localDay(at);
  // Almost always today or yesterday; a repeated hour can make it tomorrow, a date left out the day before yesterday.
  let businessDay = today + 1;
  while (rules.zone.instantOf(businessDay, rules.dayStart) > at) businessDay -= 1;
  return { at, today, businessDay, note };
}

/** What the store has to read for a judgement: no more is looked at. */
export interface FactsWindow {
  readonly at: number;
  readonly businessDay: number;
  /** Usage from this epoch day on: the month of the earliest occurrence that can be judged. */
  readonly usageFrom: number;
  /** Stays that began at this instant or before are over, whatever else is known of them. */
  readonly staysAfter: number;
}

export function factsWindow(rules: Rules, at: number): FactsWindow {
  const { today, businessDay } = momentOf(rules, at);
  return { at, businessDay, usageFrom: monthStart(today - 1), staysAfter: at - rules.maxStayMs };
}
