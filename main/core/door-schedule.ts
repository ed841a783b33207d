/** What the calendar orders for a door: hours in which it is held unlocked or lets nobody in, and closed days. */
import { judgeDay } from './days.ts';
import type { HolidayRule } from './model.ts';
import { momentOf } from './moment.ts';
import { isInside, occurrenceOf } from './occurrence.ts';
import type { Rules } from './rules.ts';
import type { Weekday } from './time/day.ts';

export type ScheduleOrder = 'held-unlocked' | 'always-locked';

export interface ScheduleBand {
  readonly do: ScheduleOrder;
  readonly weekdays: readonly Weekday[] | null;
  /** Minutes of the day; where `to` isn't after `from`, until that minute of the next day. */
  readonly from: number;
  readonly to: number;
  readonly holiday: HolidayRule;
}

export interface DoorSchedule {
  readonly bands: readonly ScheduleBand[];
  /** Business dates, as epoch days. */
  readonly closedDays: ReadonlySet<number>;
}

/** What holds at `at` (epoch ms); null: nothing. A closed day goes before all hours, always-locked before held-unlocked. */
export function scheduledOrder(rules: Rules, { bands, closedDays }: DoorSchedule, at: number): ScheduleOrder | null {
  const { today, businessDay } = momentOf(rules, at);
  if (closedDays.has(businessDay)) return 'always-locked';
  const running = bands.filter((band) => [today - 1, today].some((day) => isRunning(rules, band, day, at)));
  if (running.some((band) => band.do === 'always-locked')) return 'always-locked';
  return running.length > 0 ? 'held-unlocked' : null;
}

function isRunning(rules: Rules, band: ScheduleBand, day: number, at: number): boolean {
  if (judgeDay(rules, band, day) !== null) return false;
  const occurrence = occurrenceOf(rules.zone, day, band.from, band.to);
  return occurrence !== null && isInside(occurrence, 0, at);
}
