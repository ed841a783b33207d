/**
 * The story of a hub that loses its disk: it is put back to yesterday's copy, asks for what units had sent since, and
 * units that know more than it does begin anew. Told on both databases.
 */
import { expect } from 'vitest';
import type { HubStore } from '../ports.ts';
import { makeFixture } from './store-contract.ts';
import { bandUse, ticketUse } from './testing.ts';

export interface Backup {
  open(): Promise<HubStore>;
  backUp(): Promise<void>;
  /** The store over what was backed up. */
  restore(): Promise<HubStore>;
}

export async function restoreStory(backup: Backup): Promise<void> {
  const live = await backup.open();
  const { tenant, front, back, replica } = await makeFixture(live);
  front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
  // Acknowledged, and not judged yet: the copy has it so.
  await live.take([front.batch()]);
  await backup.backUp();
  front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  front.record({ effects: { memberId: 'bob', consumed: bandUse('bob') } });
  back.record({ effects: { memberId: 'bob', reused: bandUse('bob') } });
  await front.send(live);
  await back.send(live);
  await replica.pull(live, tenant);
  const digest = await live.digest(tenant);
  await live.close();

  const restored = await backup.restore();
  expect(await restored.acknowledged(tenant, front.unit, 1)).toBe(1);
  expect(await restored.acknowledged(tenant, back.unit, 1)).toBe(null);
  // Stands ahead of the hub, which knows by that.
  expect(await restored.changesSince(tenant, replica.revision, 100)).toBe(null);
  await front.send(restored);
  await back.send(restored);
  expect(await restored.digest(tenant)).toBe(digest);
  expect((await restored.events(tenant, null, null, 10)).map(({ unit, seq }) => [unit, seq])).toEqual([
    [back.unit, 1],
    [front.unit, 1],
    [front.unit, 2],
    [front.unit, 3],
  ]);
  expect(await replica.pull(restored, tenant)).toBe('snapshot');
  expect(replica.remaining()).toBe(1);
  expect(replica.ids('usage')).toHaveLength(2);
  expect((await restored.alerts(tenant, 10)).map(({ kind }) => kind)).toEqual(['restored']);
  expect(await restored.revision(tenant)).toBeGreaterThan(0);
  await restored.close();
}
