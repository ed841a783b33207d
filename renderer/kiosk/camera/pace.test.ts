/** Nobody is there: ten frames a second are decoded. Somebody comes: every frame, until all has been still for a while. */
import { expect, test } from 'vitest';
import { AWAKE_MS, isDue, markActive, markDecoded, startPace } from './pace.ts';

/** How many of the frames shown at `framesPerSecond` from `fromMs` for a second are decoded. */
function decodedInASecond(fromMs: number, framesPerSecond: number, activeAtMs: number): number {
  let pace = startPace(activeAtMs);
  let decoded = 0;
  for (let i = 0; i < framesPerSecond; i++) {
    const atMs = fromMs + (i * 1_000) / framesPerSecond + (i % 2) * 4;
    if (!isDue(pace, atMs)) continue;
    pace = markDecoded(pace, atMs);
    decoded++;
  }
  return decoded;
}

test('at rest 10 a second, however the frames jitter, and never more', () => {
  expect(decodedInASecond(AWAKE_MS, 30, 0)).toBe(10);
  expect(decodedInASecond(AWAKE_MS, 60, 0)).toBeLessThanOrEqual(12);
});

test('awake every frame', () => {
  expect(decodedInASecond(0, 30, 0)).toBe(30);
});

test('the first frame with movement is due, and so is every one until 3 s after the last', () => {
  const resting = markDecoded(startPace(0), 9_990);
  expect(isDue(resting, 10_000)).toBe(false);
  const awake = markActive(resting, 10_000);
  expect(isDue(awake, 10_000)).toBe(true);
  expect(isDue(markDecoded(awake, 12_990), 12_999)).toBe(true);
  expect(isDue(markDecoded(awake, 12_990), 13_000)).toBe(false);
});
