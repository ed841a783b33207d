// What has been kept long enough goes, of everybody: a tenant whose events can't be judged keeps its own and holds up no
// other.
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { DAY_MS } from '../../../main/core/time/day.ts';
import { retain } from './retention.ts';
import { openSqlite } from './sqlite.ts';
import { storeOver } from './store.ts';
import { NOON, TestUnit } from './testing.ts';

const LATER = NOON + 2 * 366 * DAY_MS;

test('a tenant whose events can’t be judged loses none, and is told of; the others’ go', async () => {
  const hub = await openSqlite(':memory:');
  const store = storeOver(hub, new VirtualClock());
  onTestFinished(() => store.close());
  const units = ['a', 'b', 'c'].map((tenant) => new TestUnit(tenant, `unit-${tenant}`));
  for (const unit of units) {
    await store.createTenant(unit.tenant, unit.tenant, NOON);
    await unit.pair(store);
    for (let n = 0; n < 3; n += 1) unit.record({});
    await unit.send(store, NOON);
  }
  const catchUp = async (tenant: string) => {
    if (tenant === 'b') throw new Error('a bug');
  };
  await expect(retain(hub, LATER, catchUp)).rejects.toThrow('a bug');
  const left = await Promise.all(units.map(({ tenant, unit }) => store.events(tenant, unit, null, 10)));
  expect(left.map((events) => events.length)).toEqual([1, 3, 1]);
});
