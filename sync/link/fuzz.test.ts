// A month of bad luck in a second: lines that end anywhere, messages that come too late, ends and beginnings of either
// side. Whatever happened, each event is at the hub once, and all units know the same. `npm run soak -- --only sync` goes
// on for as long as one likes.
import { expect, test } from 'vitest';
import { fuzzSync } from './test-fuzz.ts';

const SLICE = Array.from({ length: 60 }, (_, index) => 20_261_126 + index);

test('at rest nothing is missing, nothing is there twice, and all are equal', async () => {
  const { findings, events, connections } = await fuzzSync(SLICE);
  expect(findings).toEqual([]);
  expect(events).toBeGreaterThan(10_000);
  expect(connections).toBeGreaterThan(1_000);
});
