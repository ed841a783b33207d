// Somebody stands between a unit and the hub, reads along and adds events of their own to the unit's connection. They are
// acknowledged, since signatures are checked later, and then the connection ends; what the unit has truly done counts.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { Identity, plainEvent } from '../../conformance/unit.ts';
import type { HubStore } from '../ports.ts';
import { pairedUnit, type TestHub, type TestUnit, testHub } from '../testing.ts';
import { enter } from './test-enter.ts';

let clock: VirtualClock;
let hub: TestHub;
let unit: TestUnit;
beforeEach(async () => {
  clock = new VirtualClock();
  hub = await testHub(clock);
  unit = await pairedUnit(hub, 'front');
});
afterEach(() => hub.close());

async function acknowledged(seq: number): Promise<void> {
  await vi.waitFor(async () => {
    await clock.advance(10);
    expect(unit.all('acknowledged').at(-1)?.seq).toBe(seq);
  });
}

/** By another key than the unit's, with a chain that is right. */
const forged = (seq: number) => new Identity('front').events(seq, [plainEvent(seq, { by: 'eve' })]);

const flags = async () => (await hub.store.events('gym', 'front', null, 10)).map((event) => [event.seq, event.flags]);

test('what the unit hasn’t signed ends the connection, and the next one begins before it', async () => {
  await enter(unit, hub);
  unit.say(forged(1));
  await vi.waitFor(async () => {
    await clock.advance(10);
    expect(unit.goodbye).toBe('proof');
  });
  expect(await flags()).toEqual([[1, ['proof']]]);
  expect(await hub.store.alerts('gym', 10)).toMatchObject([{ kind: 'proof', unit: 'front' }]);
  await enter(unit, hub);
  expect(unit.all('welcome')[0]?.acknowledged).toBeNull();
  unit.say(unit.identity.events(1, [plainEvent(1)]));
  await acknowledged(1);
  expect(await flags()).toEqual([
    [1, []],
    [1, ['proof']],
  ]);
  await vi.waitFor(async () => {
    await clock.advance(10);
    expect((await hub.store.waiting()).events).toBe(0);
  });
  expect(unit.goodbye).toBeNull();
});

test('the unit itself comes before that is found: its event is taken, and its connection stays', async () => {
  const { store } = hub;
  // Judging doesn’t come to it.
  const late: HubStore = { ...store, judge: async () => ({ events: 0, left: [] }) };
  const other = await testHub(clock, {}, late);
  await enter(unit, other);
  unit.say(forged(1));
  await acknowledged(1);
  await clock.advance(1_000);
  await enter(unit, other);
  unit.say(unit.identity.events(1, [plainEvent(1)]));
  await acknowledged(1);
  expect(await flags()).toEqual([
    [1, []],
    [1, ['proof']],
  ]);
  unit.say(unit.identity.events(2, [plainEvent(2)]));
  await acknowledged(2);
  expect(unit.goodbye).toBeNull();
  await other.close();
});

test('what doesn’t go on with the record is not even stored unless the unit has signed it', async () => {
  await enter(unit, hub);
  unit.say(unit.identity.events(1, [plainEvent(1)]));
  await acknowledged(1);
  unit.say(forged(1));
  await vi.waitFor(async () => {
    await clock.advance(10);
    expect(unit.goodbye).toBe('proof');
  });
  expect(await flags()).toEqual([[1, []]]);
});
