// Somebody has a terminal's token and address and sends whatever they can think of, ten thousand times. Nothing ends,
// nothing opens, nothing grows.
import { expect, test } from 'vitest';
import { fuzzTerminals } from './test-fuzz.ts';

test('10,000 mutated reports, many of them past the framing', async () => {
  const report = await fuzzTerminals({ inputs: 10_000, seed: 20_261_122 });
  expect(report.findings).toEqual([]);
  expect(report.pastFraming).toBeGreaterThan(report.inputs / 2);
  expect(report.recorded).toBeGreaterThan(1_000);
  expect(Object.keys(report.statuses).map(Number)).toEqual(expect.arrayContaining([0, 200, 400, 401]));
  expect(report.grownBytes).toBeLessThan(8_000_000);
}, 240_000);
