/** A member of a plan that is closed on holidays stands at the door on 22 September 2026. Is it one? (It is.) */
import { expect, test } from 'vitest';
import { japaneseHolidays } from './holidays.ts';

// 2026 and 2027 as announced by the Cabinet Office; the equinoxes of 2028 as worked out, to be announced in February 2027.
const EXPECTED: Readonly<Record<number, string>> = {
  2024: '01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23',
  2025: '01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24',
  2026: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23',
  2027: '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23',
  2028: '01-01 01-10 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 11-03 11-23',
};

test.each(Object.entries(EXPECTED))('the holidays of %s', (year, dates) => {
  expect(japaneseHolidays(Number(year))).toEqual(dates.split(' ').map((date) => `${year}-${date}`));
});
