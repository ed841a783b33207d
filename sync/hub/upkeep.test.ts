// A hub that runs for years must not grow without end: nobody calls for its upkeep, so it does that by itself, some
// minutes after a start and then every day, and goes on after a database that was away.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { DAY_MS } from '../../main/core/time/day.ts';
import type { HubStore } from './ports.ts';
import { openHubStore } from './store/store.ts';
import { silent } from './testing.ts';
import { UPKEEP, Upkeep } from './upkeep.ts';

const YEAR_MS = 365 * DAY_MS;

let clock: VirtualClock;
let store: HubStore;
beforeEach(async () => {
  clock = new VirtualClock();
  store = await openHubStore({ file: ':memory:' }, clock);
  await store.createTenant('gym', 'gym', clock.wall());
});
afterEach(() => store.close());

/** Lets what has begun come to its end. */
async function later(ms: number): Promise<void> {
  await clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

test('some minutes after the start what is old goes; what gets old later goes within a day', async () => {
  const alerts = async () => (await store.alerts('gym', 10)).map(({ kind }) => kind);
  await store.addAlert('gym', null, 'old', {}, clock.wall() - 2 * YEAR_MS);
  await store.addAlert('gym', null, 'new', {}, clock.wall() - 396 * DAY_MS + DAY_MS);
  const upkeep = new Upkeep({ store, clock, log: silent });
  upkeep.start();
  await clock.advance(UPKEEP.firstMs - 1);
  expect(await alerts()).toEqual(['new', 'old']);
  await clock.advance(1);
  await vi.waitFor(async () => expect(await alerts()).toEqual(['new']));
  await later(0);
  await clock.advance(DAY_MS);
  await vi.waitFor(async () => expect(await alerts()).toEqual([]));
  await upkeep.stop();
});

test('more than a slice goes on at once, a database that is away is tried again, and a hub that ends waits for none', async () => {
  const answers: (boolean | Error)[] = [true, true, new Error('away'), true, false];
  const times: number[] = [];
  const begun = clock.mono();
  const retain = async () => {
    times.push(clock.mono() - begun);
    const answer = answers.shift() ?? false;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const upkeep = new Upkeep({ store: { retain }, clock, log: silent });
  upkeep.start();
  const { firstMs, pauseMs, everyMs } = UPKEEP;
  for (const ms of [firstMs, pauseMs, pauseMs, firstMs, pauseMs, everyMs]) await later(ms);
  const after = firstMs + 2 * pauseMs;
  expect(times).toEqual([
    firstMs,
    firstMs + pauseMs,
    after,
    after + firstMs,
    after + firstMs + pauseMs,
    after + firstMs + pauseMs + everyMs,
  ]);
  await upkeep.stop();
  await later(2 * everyMs);
  expect(times).toHaveLength(6);
});
