// HID relay boards: found by the serial that is in their own report, at rest before they count as there, and a board that
// hangs is taken for gone within a second.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../../main/core/clock.ts';
import { VirtualClock } from '../../clock/virtual.ts';
import { lockContract } from '../../lock-contract.ts';
import { RelayLock } from '../../locks/relay-lock.ts';
import { SimHid, SimHidRelays } from '../../sim/hid.ts';
import { virtualRig } from '../../sim/rig.ts';
import { HidBoard } from './board.ts';
import { isRelayBoard, readStatus } from './report.ts';

function relayOf(
  bus: SimHid,
  serial: string | null,
  clock: Clock,
  options: { channel?: number; query?: boolean } = {},
) {
  const board = new HidBoard(serial, clock, async () => bus);
  return new RelayLock(board.user(), { name: 'relay', channel: 2, query: false, ...options }, clock);
}

for (const [serial, query] of [
  [null, false],
  ['ABCDE', true],
] as const) {
  lockContract(`RelayLock of a HID board, serial ${serial}, query ${query}`, async () => {
    const rig = virtualRig();
    const bus = new SimHid();
    const relays = new SimHidRelays();
    bus.plug(relays);
    return {
      rig,
      port: relayOf(bus, serial, rig.clock, { query }),
      energised: () => relays.energised(2),
      unplug: async () => bus.unplug(relays),
      replug: async () => bus.plug(relays),
      remove: async () => undefined,
    };
  });
}

function open(bus: SimHid, serial: string | null, options: { query?: boolean } = {}) {
  const clock = new VirtualClock();
  const lock = relayOf(bus, serial, clock, options);
  const states: string[] = [];
  lock.open({ state: (state) => states.push(state.ok ? 'ok' : `${state.code}: ${state.detail}`) });
  onTestFinished(() => lock.close());
  return { clock, lock, states };
}

describe('which board', () => {
  test('of two boards the one with the serial; without one, neither', async () => {
    const bus = new SimHid();
    const [first, second] = [new SimHidRelays('ONE01'), new SimHidRelays('TWO02')];
    bus.plug(first);
    bus.plug(second);
    const named = open(bus, 'TWO02');
    await named.clock.advance(100);
    await named.lock.set(true);
    expect([first.energised(2), second.energised(2)]).toEqual([false, true]);
    const unnamed = open(bus, null);
    await unnamed.clock.advance(100);
    expect(unnamed.states).toEqual(['failed: there are 2 of the HID relay board: give the serial number of one']);
    const other = open(bus, 'THREE');
    await other.clock.advance(100);
    expect(other.states).toEqual(['absent: HID relay board THREE is not there']);
  });

  test('another maker’s device with the shared ids is none', () => {
    const { info } = new SimHidRelays();
    expect(isRelayBoard(info)).toBe(true);
    expect(isRelayBoard({ ...info, product: 'Rotary knob' })).toBe(false);
    expect(isRelayBoard({ ...info, productId: 1 })).toBe(false);
  });
});

test('a relay that sticks is found out where the board is asked', async () => {
  const bus = new SimHid();
  const relays = new SimHidRelays();
  bus.plug(relays);
  const { clock, lock, states } = open(bus, null, { query: true });
  await clock.advance(100);
  relays.stuck = true;
  expect(await lock.set(true)).toMatchObject({ ok: false, error: { code: 'failed' } });
  relays.stuck = false;
  await clock.advance(1_000);
  expect(states.at(-1)).toBe('ok');
});

test('a board that hangs is gone within a second, and comes back by itself', async () => {
  const bus = new SimHid();
  const relays = new SimHidRelays();
  bus.plug(relays);
  const { clock, lock, states } = open(bus, null);
  await clock.advance(100);
  await lock.set(true);
  bus.hangs = true;
  const answers = Promise.all([lock.set(false), lock.set(false)]);
  await clock.advance(999);
  expect(await answers).toMatchObject([{ ok: false, error: { code: 'no-answer' } }, { ok: false }]);
  bus.hangs = false;
  await clock.advance(5_000);
  expect(states.at(-1)).toBe('ok');
  expect(relays.energised(2)).toBe(false);
});

test.each<[string, readonly number[], boolean]>([
  ['8 bytes', [65, 66, 67, 68, 69, 0, 0, 2], true],
  ['9 bytes with the report’s number', [1, 65, 66, 67, 68, 69, 0, 0, 2], true],
  ['9 bytes of something else', [9, 65, 66, 67, 68, 69, 0, 0, 2], false],
  ['no serial', [0, 0, 0, 0, 0, 0, 0, 2], false],
  ['cut off', [65, 66, 67, 68, 69, 0, 0], false],
  ['nothing', [], false],
])('a status of %s', (_, bytes, good) => {
  const status = readStatus(Uint8Array.from(bytes));
  expect(status === null ? null : [status.serial, status.energised.indexOf(true)]).toEqual(good ? ['ABCDE', 1] : null);
});
