// A band is hours on a clock; on a date it is a stretch of time, however the clocks are put.
import { expect, test } from 'vitest';
import { occurrenceOf } from './occurrence.ts';
import { dayNumber } from './rules.ts';
import { at } from './testing.ts';
import { Zone } from './time/zone.ts';

const DAY = dayNumber('2026-03-08');

test.each([
  ['ends on its date where it ends later on the clock', 600, 601, '2026-03-08T10:00', '2026-03-08T10:01'],
  ['ends on the next date where it ends earlier', 600, 599, '2026-03-08T10:00', '2026-03-09T09:59'],
  ['goes once round the clock where it ends as it begins', 600, 600, '2026-03-08T10:00', '2026-03-09T10:00'],
  ['may end at midnight', 0, 1_440, '2026-03-08T00:00', '2026-03-09T00:00'],
])('%s', (_, from, to, start, end) => {
  expect(occurrenceOf(new Zone('Asia/Tokyo'), DAY, from, to)).toStrictEqual({
    day: DAY,
    start: at(start),
    end: at(end),
  });
});

test('does not take place where the clocks leave nothing of it, to the minute', () => {
  // 02:00 to 03:00 is left out.
  const minutesLeft = (from: number, to: number) => {
    const occurrence = occurrenceOf(new Zone('America/New_York'), DAY, from, to);
    return occurrence === null ? null : (occurrence.end - occurrence.start) / 60_000;
  };
  expect([minutesLeft(120, 180), minutesLeft(119, 180), minutesLeft(120, 181)]).toStrictEqual([null, 1, 1]);
});
