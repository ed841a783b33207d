// What has been kept long enough goes, of everybody, and is counted: a tenant whose events can't be judged keeps its own and holds up no
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

test('more than a slice is counted whole, and each slice with what it takes', async () => {
  const hub = await openSqlite(':memory:');
  const store = storeOver(hub, new VirtualClock());
  onTestFinished(() => store.close());
  await store.createTenant('a', 'a', NOON);
  const unit = new TestUnit('a', 'unit-a');
  await unit.pair(store);
  for (let n = 0; n < 1_504; n += 1) unit.record({ result: { granted: true, reason: 'plan' } });
  await store.take([unit.batch()]);
  const counts = async () => (await store.tallies('a', { from: null, to: null }, null, 10)).map(({ times }) => times);
  const isJudged = async () => undefined;
  expect(await retain(hub, LATER, isJudged)).toBe(true);
  expect(await counts()).toEqual([1_000]);
  expect(await store.events('a', unit.unit, null, 10_000)).toHaveLength(504);
  expect(await retain(hub, LATER, isJudged)).toBe(true);
  expect(await counts()).toEqual([1_503]);
  expect(await retain(hub, LATER, isJudged)).toBe(false);
  expect(await counts()).toEqual([1_503]);
});
