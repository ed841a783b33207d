// Thousands of units are heard in a few seconds. That this is written down is no reason for an event to wait.
import { beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { HubStore } from '../ports.ts';
import { HUB_LIMITS } from './limits.ts';
import { Seen } from './seen.ts';

let clock: VirtualClock;
let written: string[][];
let seen: Seen;
beforeEach(() => {
  clock = new VirtualClock();
  written = [];
  const store = {
    seen: async (reports: Parameters<HubStore['seen']>[0]) => void written.push(reports.map(({ unit }) => unit)),
  } as unknown as HubStore;
  seen = new Seen({ store, clock, limits: { ...HUB_LIMITS, seenUnits: 2 } });
  for (const unit of ['a', 'b', 'c', 'd', 'e']) seen.note(unit, null, 0);
});

test('some units at a time, and others have their turn in between', async () => {
  const writing = seen.write();
  // As much as happens without the event loop's next round.
  for (let count = 0; count < 100; count += 1) await Promise.resolve();
  expect(written).toEqual([['a', 'b']]);
  // It has been heard again since, and what is heard meanwhile waits for the next time.
  seen.note('a', 7, null);
  await clock.advance(0);
  await writing;
  expect(written).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'a'],
  ]);
});

test('at the end all of it at once', async () => {
  await seen.flush();
  expect(written).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  await seen.flush();
  expect(written).toHaveLength(3);
});
