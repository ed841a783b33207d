import type { BookingBand, LimitBand } from './model.ts';
import type { Rules } from './rules.ts';
import { type Weekday, weekdayOf } from './time/day.ts';

function isListed(weekdays: readonly Weekday[] | null, day: number): boolean {
  return weekdays === null || weekdays.includes(weekdayOf(day));
}

/** May a limits band be used on its date? Null where it may, else why not. */
export function judgeDay(
  rules: Rules,
  band: Pick<LimitBand, 'weekdays' | 'holiday'>,
  day: number,
): 'wrong-weekday' | 'holiday' | null {
  const listed = isListed(band.weekdays, day);
  switch (rules.holidays.has(day) ? band.holiday : 'as-weekday') {
    case 'closed':
      return 'holiday';
    case 'always':
      return null;
    case 'if-weekday':
      return listed ? null : 'holiday';
    case 'as-weekday':
      return listed ? null : 'wrong-weekday';
  }
}

/** The same for a booking band or a ticket, for which holidays play no part. */
export function judgeWeekday(band: Pick<BookingBand, 'weekdays'>, day: number): 'wrong-weekday' | null {
  return isListed(band.weekdays, day) ? null : 'wrong-weekday';
}
