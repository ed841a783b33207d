// How old may a command be? The bound must never be below the truth, whatever the line does, and stay near it for as long as
// a connection lives: no two clocks run alike for a month.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { HubClock } from './hub-clock.ts';

const HUB = 1_800_000_000_000;

test('before the first answer, and without a question, nothing is known', () => {
  const hub = new HubClock(new VirtualClock());
  hub.answered(HUB);
  expect(hub.ageMs(HUB)).toBe(Number.POSITIVE_INFINITY);
});

test('an answer may have been made as early as it was asked for', async () => {
  const clock = new VirtualClock();
  const hub = new HubClock(clock);
  hub.asked();
  await clock.advance(3_000);
  hub.answered(HUB);
  await clock.advance(2_000);
  expect(hub.ageMs(HUB)).toBe(5_000);
  // The unit's own wall clock is nobody's business.
  clock.setWall(0);
  expect(hub.ageMs(HUB + 4_000)).toBe(1_000);
});

test('a clock that runs apart is right again with each answer', async () => {
  const clock = new VirtualClock();
  const hub = new HubClock(clock);
  hub.asked();
  hub.answered(HUB);
  await clock.advance(86_400_000);
  const later = HUB + 86_400_000 - 20_000;
  expect(hub.ageMs(later)).toBe(20_000);
  hub.asked();
  hub.answered(later);
  expect(hub.ageMs(later)).toBe(0);
});

test('where two questions get one answer it is taken for that of the first', async () => {
  const clock = new VirtualClock();
  const hub = new HubClock(clock);
  hub.asked();
  await clock.advance(15_000);
  hub.asked();
  hub.answered(HUB);
  expect(hub.ageMs(HUB)).toBe(15_000);
  hub.answered(HUB + 60_000);
  expect(hub.ageMs(HUB)).toBe(15_000);
});
