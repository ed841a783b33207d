/** The GPIO drivers against the kernel: one line at a time, seen from beyond the pin. */
import assert from 'node:assert/strict';
import { GpioInputPort } from '../../../device/inputs/gpio.ts';
import type { GpioLineOptions } from '../../../device/lines/gpio/find.ts';
import { GpioLock } from '../../../device/locks/gpio/lock.ts';
import type { DeviceState, InputPort, LockPort } from '../../../device/ports.ts';
import type { Check, Guest } from './check.ts';
import { GpioSim } from './gpio-sim.ts';

const RELAY = 3;
const BUTTON = 5;
const NAMES = new Map([
  [RELAY, 'LOCK_RELAY'],
  [BUTTON, 'REX_BUTTON'],
]);

/** A lock that is open, with what it says of itself. */
export function watched(guest: Guest, lock: LockPort) {
  const states: DeviceState[] = [];
  lock.open({ state: (state) => states.push(state) });
  guest.after(() => lock.close());
  const becomes = (wanted: string) =>
    guest.wait(
      `the lock is ${wanted}`,
      () => {
        const state = states.at(-1);
        return (state?.ok ? 'ok' : state?.code) === wanted;
      },
      { withinMs: 15_000, seen: () => JSON.stringify(states) },
    );
  const sets = async (energised: boolean) =>
    assert.deepEqual(await lock.set(energised), { ok: true, value: undefined });
  return { lock, states, becomes, sets };
}

const line = (sim: GpioSim, settings: Partial<GpioLineOptions> = {}): GpioLineOptions => ({
  chip: sim.path,
  line: RELAY,
  activeLow: false,
  bias: 'as-is',
  ...settings,
});

const pulse: Check = {
  name: 'a relay goes 0, 1, 0, though the board would float active',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    sim.pull(RELAY, 'up');
    assert.equal(sim.value(RELAY), 1);
    const { becomes, sets } = watched(guest, new GpioLock(line(sim), guest.clock));
    await becomes('ok');
    assert.equal(sim.value(RELAY), 0);
    await sets(true);
    assert.equal(sim.value(RELAY), 1);
    await sets(false);
    assert.equal(sim.value(RELAY), 0);
  },
};

const activeLow: Check = {
  name: 'active-low: rest is high from the first moment on, energised is low',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    const { becomes, sets } = watched(guest, new GpioLock(line(sim, { activeLow: true }), guest.clock));
    await becomes('ok');
    assert.equal(sim.value(RELAY), 1);
    await sets(true);
    assert.equal(sim.value(RELAY), 0);
    await sets(false);
    assert.equal(sim.value(RELAY), 1);
  },
};

const named: Check = {
  name: 'a line is found by its name, and a chip by its label',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    const byName = watched(guest, new GpioLock(line(sim, { chip: null, line: 'LOCK_RELAY' }), guest.clock));
    await byName.becomes('ok');
    await byName.sets(true);
    assert.equal(sim.value(RELAY), 1);
    const byLabel = watched(guest, new GpioLock(line(sim, { chip: sim.label, line: 1 }), guest.clock));
    await byLabel.becomes('ok');
    await byLabel.sets(true);
    assert.equal(sim.value(1), 1);
  },
};

const second: Check = {
  name: 'a second owner is told that the line is busy, and gets it when it is free',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    const first = watched(guest, new GpioLock(line(sim), guest.clock));
    await first.becomes('ok');
    await first.sets(true);
    const other = watched(guest, new GpioLock(line(sim), guest.clock));
    await other.becomes('busy');
    assert.equal((await other.lock.set(false)).ok, false);
    assert.equal(sim.value(RELAY), 1, 'the first one still holds it');
    await first.lock.close();
    await other.becomes('ok');
    assert.equal(sim.value(RELAY), 0);
  },
};

const missing: Check = {
  name: 'a missing chip is told as absent, and taken at rest when it is there',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    sim.live(false);
    const { becomes, sets } = watched(guest, new GpioLock(line(sim, { chip: sim.label }), guest.clock));
    await becomes('absent');
    sim.live(true);
    await becomes('ok');
    assert.equal(sim.value(RELAY), 0);
    await sets(true);
    assert.equal(sim.value(RELAY), 1);
  },
};

const lost: Check = {
  name: 'a chip that goes while the relay is energised is told at once, and comes back at rest',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    const { becomes, sets } = watched(guest, new GpioLock(line(sim, { chip: sim.label }), guest.clock));
    await becomes('ok');
    await sets(true);
    sim.live(false);
    await becomes('unplugged');
    sim.live(true);
    sim.pull(RELAY, 'up');
    await becomes('ok');
    assert.equal(sim.value(RELAY), 0);
  },
};

function heard(guest: Guest, input: InputPort) {
  const levels: boolean[] = [];
  const monos: number[] = [];
  input.open({
    level: (active, mono) => {
      levels.push(active);
      monos.push(mono);
    },
    state: () => undefined,
  });
  guest.after(() => input.close());
  const hears = (...wanted: boolean[]) =>
    guest.wait(`the levels ${wanted}`, () => levels.join() === wanted.join(), { seen: () => levels.join() });
  return { levels, monos, hears };
}

const button: Check = {
  name: 'a button’s edges are heard once each, with the time of the edge, and bounce is one press',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    const options = { ...line(sim, { line: 'REX_BUTTON' }), debounceMs: 100 };
    const { levels, monos, hears } = heard(guest, new GpioInputPort(options, guest.clock));
    await hears(false);
    const before = guest.clock.mono();
    sim.pull(BUTTON, 'up');
    const after = guest.clock.mono();
    await hears(false, true);
    const [, pressed = 0] = monos;
    assert.ok(pressed >= before && pressed <= after, `${before} ≤ ${pressed} ≤ ${after}`);
    for (let bounce = 0; bounce < 10; bounce += 1) sim.pull(BUTTON, bounce % 2 === 0 ? 'down' : 'up');
    sim.pull(BUTTON, 'down');
    await hears(false, true, false);
    assert.equal(levels.length, 3);
  },
};

const contact: Check = {
  name: 'a contact that is closed to ground is read through activeLow, and its chip may come and go',
  async run(guest) {
    const sim = new GpioSim(guest, NAMES);
    sim.pull(BUTTON, 'up');
    const options = { ...line(sim, { chip: sim.label, line: BUTTON, activeLow: true }), debounceMs: 50 };
    const { hears } = heard(guest, new GpioInputPort(options, guest.clock));
    await hears(false);
    sim.pull(BUTTON, 'down');
    await hears(false, true);
    sim.live(false);
    sim.live(true);
    sim.pull(BUTTON, 'up');
    await hears(false, true, false);
  },
};

export const gpioLines: readonly Check[] = [pulse, activeLow, named, second, missing, lost, button, contact];
