// Somebody tries PINs. The first two mistakes cost nothing, then each costs more, up to a quarter of an hour; a person who
// mistypes once a week is never slowed, and no crowd of mistakes keeps the staff out for more than a minute.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Brake,
  failed,
  failuresAt,
  NO_TRIALS,
  PERSON_BRAKE,
  type Trials,
  triesLeft,
  UNIT_BRAKE,
  waitMs,
} from './pin-brake.ts';

function afterFailures(count: number, brake: Brake, at = 0): Trials {
  let trials = NO_TRIALS;
  for (let index = 0; index < count; index += 1) trials = failed(trials, at, brake);
  return trials;
}

test('two are free, then pauses double up to a quarter of an hour', () => {
  const pauses = Array.from({ length: 13 }, (_, count) => waitMs(afterFailures(count, PERSON_BRAKE), 0, PERSON_BRAKE));
  const seconds = [0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900];
  expect(pauses).toStrictEqual(seconds.map((second) => second * 1_000));
});

test('who is told how many are left has a pause exactly when none is', () => {
  const left = Array.from({ length: 6 }, (_, count) => triesLeft(afterFailures(count, PERSON_BRAKE), 0, PERSON_BRAKE));
  expect(left).toStrictEqual([3, 2, 1, 0, 0, 0]);
  expect(triesLeft(afterFailures(3, PERSON_BRAKE), 86_400_000, PERSON_BRAKE)).toBe(1);
  for (const brake of [PERSON_BRAKE, UNIT_BRAKE])
    for (let count = 0; count < 14; count += 1) {
      const trials = afterFailures(count, brake);
      expect(triesLeft(trials, 0, brake) === 0).toBe(waitMs(trials, 0, brake) > 0);
    }
});

test('a pause runs off, and a clock that is set back makes it no longer', () => {
  const trials = afterFailures(4, PERSON_BRAKE, 100_000);
  expect(waitMs(trials, 104_000, PERSON_BRAKE)).toBe(6_000);
  expect(waitMs(trials, 110_000, PERSON_BRAKE)).toBe(0);
  expect(waitMs(trials, 0, PERSON_BRAKE)).toBe(10_000);
});

test('one is forgotten after a day, and none before', () => {
  const trials = afterFailures(3, PERSON_BRAKE);
  expect(failuresAt(trials, 86_399_999, PERSON_BRAKE)).toBe(3);
  expect(failuresAt(trials, 86_400_000, PERSON_BRAKE)).toBe(2);
  expect(failuresAt(trials, -1, PERSON_BRAKE)).toBe(3);
  expect(failuresAt(trials, 10 * 86_400_000, PERSON_BRAKE)).toBe(0);
  expect(failed(trials, 86_400_000, PERSON_BRAKE)).toStrictEqual({ failures: 3, failedAt: 86_400_000 });
});

test('all together nobody waits for more than a minute', () => {
  expect(waitMs(afterFailures(9, UNIT_BRAKE), 0, UNIT_BRAKE)).toBe(0);
  expect(waitMs(afterFailures(10, UNIT_BRAKE), 0, UNIT_BRAKE)).toBe(2_000);
  fc.assert(
    fc.property(fc.array(fc.nat(200_000), { maxLength: 40 }), (gaps) => {
      let [now, trials] = [0, NO_TRIALS];
      for (const gap of gaps) {
        now += gap;
        trials = failed(trials, now, UNIT_BRAKE);
        expect(waitMs(trials, now, UNIT_BRAKE)).toBeLessThanOrEqual(60_000);
      }
    }),
  );
});
