// A day in a busy club in which nothing works for long: devices are pulled out, stall, stick and flood, guard, disk and
// clock fail, the power goes. Whoever may come in comes in once, whoever wants out gets out, no door stays open.
import { expect, test } from 'vitest';
import { simulateWeek } from './week.ts';

test('a simulated day, as `npm run soak` does a week', { timeout: 180_000 }, async () => {
  const { findings, counts, troubles } = await simulateWeek({ days: 1, seed: 20_261_122 });
  expect(findings).toEqual([]);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
  expect(counts['entries']).toBeGreaterThan(200);
  expect(Object.keys(troubles).length).toBeGreaterThan(15);
});
