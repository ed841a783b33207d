// A month of bad luck in a second: lines that end anywhere, messages that come too late, ends and beginnings of either
// side. Whatever happened, each event is at the hub once, and all units know the same. `npm run soak -- --only sync` goes
// on for as long as one likes.
import { expect, test } from 'vitest';
import { fuzzSync } from './test-fuzz.ts';
import { MAPS } from './test-fuzz-maps.ts';

const SLICE = Array.from({ length: 30 }, (_, index) => 20_261_126 + index);

test('at rest nothing is missing, nothing is there twice, and all are equal', async () => {
  const { findings, events, connections } = await fuzzSync(SLICE, MAPS);
  expect(findings).toEqual([]);
  expect(events).toBeGreaterThan(5_000);
  expect(connections).toBeGreaterThan(500);
});
