// Somebody pulls the plug, at the worst moments: nothing is lost, taken twice or left open.
import { expect, test } from 'vitest';
import { killCampaign } from './kills.ts';

test('20 kills of controller and guard', { timeout: 300_000 }, async () => {
  const report = await killCampaign(20, 20_261_121);
  console.log(`kills: ${JSON.stringify(report)}`);
  expect(report.findings).toStrictEqual([]);
  expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBe(20);
  expect(report.openings).toBeGreaterThan(5);
});
