// The simulators stand for hardware in most tests of the house, so they must do what hardware does: they pass the
// same suites as the real drivers, and each fault they can be told to have is the fault that the port names.
import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import { inputContract } from '../input-contract.ts';
import { lockContract } from '../lock-contract.ts';
import type { DeviceState, Reading } from '../ports.ts';
import { readerContract } from '../reader-contract.ts';
import { SimDoor } from './door.ts';
import { SimInput } from './input.ts';
import { SimLock } from './lock.ts';
import { SimReader } from './reader.ts';
import { virtualRig } from './rig.ts';

const nothing = () => Promise.resolve();

readerContract('SimReader', async () => {
  const rig = virtualRig();
  const port = new SimReader(rig.clock);
  return {
    rig,
    port,
    present: (code) => void port.scan(code),
    unplug: async () => void port.unplug(),
    replug: async () => void port.replug(),
    remove: nothing,
  };
});

lockContract('SimLock', async () => {
  const rig = virtualRig();
  const port = new SimLock(rig.clock);
  return {
    rig,
    port,
    energised: () => port.energised,
    unplug: async () => void port.unplug(),
    replug: async () => void port.replug(),
    remove: nothing,
  };
});

inputContract('SimInput', async () => {
  const rig = virtualRig();
  const port = new SimInput(rig.clock);
  return {
    rig,
    port,
    set: (active) => {
      port.set(active);
      return true;
    },
    plug: { unplug: async () => void port.unplug(), replug: async () => void port.replug() },
    remove: nothing,
  };
});

inputContract('the contact of SimDoor', async () => {
  const rig = virtualRig();
  const door = new SimDoor(rig.clock, { name: 'front' });
  return {
    rig,
    port: door.contact(),
    set: (active) => (active ? door.force() : true),
    plug: null,
    remove: async () => door.close(),
  };
});

test('a simulated reader gives nothing that a real one would not', async () => {
  const clock = new VirtualClock();
  const reader = new SimReader(clock);
  const readings: Reading[] = [];
  expect(reader.scan('M0001')).toBe(false);
  reader.open({ reading: (reading) => readings.push(reading), state: () => undefined });
  for (const text of ['', 'M0001\n', 'a\rb', '\ud800', 'x'.repeat(513)]) expect(reader.scan(text)).toBe(false);
  expect(reader.scan('M0001')).toBe(true);
  reader.fail({ code: 'flooding', detail: 'sends more than anything real would' });
  expect(reader.scan('M0001')).toBe(false);
  expect(readings).toEqual([{ text: 'M0001', mono: clock.mono() }]);
});

describe('faults of a simulated lock', () => {
  async function make() {
    const clock = new VirtualClock();
    const moves: boolean[] = [];
    const states: DeviceState[] = [];
    const lock = new SimLock(clock, (energised) => moves.push(energised));
    lock.open({ state: (state) => states.push(state) });
    await clock.advance(0);
    return { clock, lock, moves, states };
  }

  test('a command that fails does not move the line', async () => {
    const { lock, moves } = await make();
    const fault = { code: 'failed', detail: 'the board said no' } as const;
    lock.failNext(fault, 2);
    expect(await lock.set(true)).toEqual({ ok: false, error: fault });
    expect(await lock.set(true)).toEqual({ ok: false, error: fault });
    expect(moves).toEqual([]);
    expect(await lock.set(true)).toMatchObject({ ok: true });
    expect(moves).toEqual([true]);
  });

  test('a lock that stalls answers after a second that it did not', async () => {
    const { clock, lock, moves } = await make();
    lock.stall(true);
    let answer: unknown = null;
    void lock.set(true).then((result) => {
      answer = result;
    });
    await clock.advance(999);
    expect(answer).toBe(null);
    await clock.advance(1);
    expect(answer).toMatchObject({ ok: false, error: { code: 'no-answer' } });
    expect(moves).toEqual([]);
  });

  test('a fault of its own making is told', async () => {
    const { lock, states } = await make();
    lock.fail({ code: 'busy', detail: 'somebody else has it' });
    lock.replug();
    expect(states.map((state) => (state.ok ? 'ok' : state.code))).toEqual(['ok', 'busy', 'ok']);
  });
});

describe('the simulated door', () => {
  function make(autoPass = false) {
    const clock = new VirtualClock();
    const door = new SimDoor(clock, { name: 'front', autoPass });
    const seen: string[] = [];
    door.onChange(({ energised, leaf, plugged }) => {
      seen.push(`${plugged ? (energised ? 'unlocked' : 'locked') : 'unplugged'} ${leaf}`);
    });
    onTestFinished(() => door.close());
    return { clock, door, seen };
  }

  test('locked it does not open; unlocked it does, and falls shut after 2 s', async () => {
    const { clock, door, seen } = make();
    expect(door.open()).toBe(false);
    expect(door.hold()).toBe(false);
    expect(door.setEnergised(true)).toBe(true);
    expect(door.setEnergised(true)).toBe(false);
    expect(door.open()).toBe(true);
    expect(door.setEnergised(false)).toBe(true);
    await clock.advance(1_999);
    expect(door.state().leaf).toBe('open');
    await clock.advance(1);
    expect(seen).toEqual(['unlocked shut', 'unlocked open', 'locked open', 'locked shut']);
    expect(door.open()).toBe(false);
  });

  test('somebody may follow through the open door, which then stays open 2 s more', async () => {
    const { clock, door } = make();
    door.setEnergised(true);
    door.open();
    door.setEnergised(false);
    await clock.advance(1_500);
    expect(door.open()).toBe(true);
    await clock.advance(1_999);
    expect(door.state().leaf).toBe('open');
    await clock.advance(1);
    expect(door.state().leaf).toBe('shut');
  });

  test('forced it opens though it is locked, and falls shut after 5 s', async () => {
    const { clock, door, seen } = make();
    expect(door.force()).toBe(true);
    await clock.advance(4_999);
    expect(seen).toEqual(['locked open']);
    await clock.advance(1);
    expect(seen).toEqual(['locked open', 'locked shut']);
  });

  test('held it stays open for an hour; released it falls shut after 1 s', async () => {
    const { clock, door } = make();
    door.setEnergised(true);
    expect(door.hold()).toBe(true);
    door.setEnergised(false);
    await clock.advance(3_600_000);
    expect(door.state()).toEqual({ energised: false, leaf: 'held', plugged: true });
    expect(door.open()).toBe(false);
    expect(door.force()).toBe(false);
    expect(door.hold()).toBe(true);
    await clock.advance(999);
    expect(door.state().leaf).toBe('open');
    await clock.advance(1);
    expect(door.state().leaf).toBe('shut');
  });

  test('an open door can be held before it falls shut', async () => {
    const { clock, door } = make();
    door.force();
    await clock.advance(3_000);
    expect(door.hold()).toBe(true);
    await clock.advance(60_000);
    expect(door.state().leaf).toBe('held');
  });

  test('its line pulled out, the lock rests and nothing unlocks it until the line is back', async () => {
    const { door, seen } = make();
    door.setEnergised(true);
    expect(door.unplug()).toBe(true);
    expect(door.unplug()).toBe(false);
    expect(door.setEnergised(true)).toBe(false);
    expect(door.open()).toBe(false);
    expect(door.replug()).toBe(true);
    expect(door.replug()).toBe(false);
    expect(door.setEnergised(true)).toBe(true);
    expect(seen).toEqual(['unlocked shut', 'unplugged shut', 'locked shut', 'unlocked shut']);
  });

  test('in the demo a person opens it 700 ms after it unlocks and it falls shut 2 s later', async () => {
    const { clock, door, seen } = make(true);
    door.setEnergised(true);
    await clock.advance(699);
    expect(seen).toEqual(['unlocked shut']);
    await clock.advance(1);
    expect(seen).toEqual(['unlocked shut', 'unlocked open']);
    await clock.advance(2_000);
    expect(door.state().leaf).toBe('shut');
    await clock.advance(60_000);
    expect(door.state().leaf).toBe('shut');
  });

  test('in the demo nobody opens a door that locked again before they were there', async () => {
    const { clock, door } = make(true);
    door.setEnergised(true);
    await clock.advance(500);
    door.setEnergised(false);
    await clock.advance(10_000);
    expect(door.state().leaf).toBe('shut');
  });

  test('a listener that was taken off hears nothing; closed it leaves no timer', () => {
    const { clock, door } = make(true);
    const heard: string[] = [];
    const off = door.onChange(() => heard.push('changed'));
    off();
    door.setEnergised(true);
    door.force();
    door.close();
    expect(heard).toEqual([]);
    expect(clock.timers()).toEqual([]);
  });
});
