// Hubs, their database, units and links end at the worst moments, while people come and go at two doors. Nothing that
// happened is lost, nothing is at the hub twice, and in the end all decide by the same.
import { expect, test } from 'vitest';
import { syncCampaign } from './sync-campaign.ts';

const LONG = { timeout: 240_000 };

test('a hub over SQLite is killed again and again', LONG, async () => {
  const troubles = ['hub killed', 'unit killed', 'hub killed'] as const;
  const report = await syncCampaign({ database: 'sqlite', troubles, seed: 20_261_126 });
  console.log(`sync over SQLite: ${JSON.stringify(report)}`);
  expect(report.findings).toEqual([]);
  expect(report.events).toBeGreaterThan(100);
});

test('two hubs over one PostgreSQL, which crashes; units go from one hub to the other', LONG, async () => {
  const troubles = ['database crashed', 'other hub', 'hub killed', 'unit killed', 'database restarted'] as const;
  const report = await syncCampaign({ database: 'postgres', troubles, seed: 20_261_127 });
  console.log(`sync over PostgreSQL: ${JSON.stringify(report)}`);
  expect(report.findings).toEqual([]);
  expect(report.events).toBeGreaterThan(100);
});
