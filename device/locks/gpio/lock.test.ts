// A lock on a GPIO line. Here a simulated kernel refuses, loses chips and sees voltages; the real one is asked in QEMU.
import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual.ts';
import type { GpioLineOptions } from '../../lines/gpio/find.ts';
import { lockContract } from '../../lock-contract.ts';
import type { DeviceState } from '../../ports.ts';
import { SimGpio } from '../../sim/gpio.ts';
import { virtualRig } from '../../sim/rig.ts';
import { GpioLock } from './lock.ts';

const LINE: GpioLineOptions = { chip: 'sim', line: 'LOCK_RELAY', activeLow: false, bias: 'as-is' };
const OFFSET = 3;

for (const activeLow of [false, true]) {
  lockContract(`GpioLock over a simulated kernel, active ${activeLow ? 'low' : 'high'}`, async () => {
    const rig = virtualRig();
    const kernel = new SimGpio(rig.clock);
    return {
      rig,
      port: new GpioLock({ ...LINE, activeLow }, rig.clock, async () => kernel),
      // Before the line is taken, and without a chip, nothing drives the relay.
      energised: () => kernel.requests.length > 0 && kernel.chips().length > 0 && kernel.high(OFFSET) !== activeLow,
      unplug: async () => kernel.unplug(),
      replug: async () => kernel.replug(),
      remove: async () => undefined,
    };
  });
}

function open(options: Partial<GpioLineOptions>, kernel?: SimGpio) {
  const clock = new VirtualClock();
  const gpio = kernel ?? new SimGpio(clock);
  const lock = new GpioLock({ ...LINE, ...options }, clock, async () => gpio);
  const states: DeviceState[] = [];
  lock.open({ state: (state) => states.push(state) });
  onTestFinished(() => lock.close());
  return { clock, gpio, lock, states };
}

describe('a line that can’t be had, in words that say what to do', () => {
  test.each<[Partial<GpioLineOptions>, string, RegExp]>([
    [{ chip: '/dev/gpiochip7' }, 'absent', /the chip is not there/],
    [{ chip: 'rp1' }, 'absent', /no GPIO chip is called rp1; there is: sim \(\/dev\/gpiochip0\)/],
    [{ line: 8 }, 'absent', /lines 0 to 7, not 8/],
    [{ line: 'NOPE' }, 'absent', /no line called NOPE/],
    [{ chip: null, line: 'NOPE' }, 'absent', /any GPIO chip has no line called NOPE/],
    [{ line: 'TWIN' }, 'failed', /2 lines of sim are called TWIN/],
    [{ chip: '/dev/null' }, 'not-a-device', /not a GPIO chip/],
    [{ chip: '/dev/forbidden' }, 'failed', /group/],
  ])('%j', async (options, code, detail) => {
    const { clock, lock, states } = open(options);
    await clock.advance(0);
    expect(states).toMatchObject([{ ok: false, code }]);
    expect(states[0]?.detail).toMatch(detail);
    expect(await lock.set(true)).toMatchObject({ ok: false, error: { code } });
  });

  test('a second owner is told who has it, and gets it when the first lets go', async () => {
    const first = open({});
    await first.clock.advance(0);
    const second = open({}, first.gpio);
    await second.clock.advance(0);
    expect(second.states).toMatchObject([{ ok: false, code: 'busy', detail: expect.stringContaining('by genkan') }]);
    await first.lock.close();
    await second.clock.advance(5_000);
    expect(second.states.at(-1)).toMatchObject({ ok: true });
  });
});

test.each([{ chip: 'sim' }, { chip: 'gpiochip0' }, { chip: '/dev/gpiochip0' }, { chip: null }])(
  'a line by name on chip %j, with its settings',
  async (options) => {
    const { clock, gpio, states } = open({ ...options, activeLow: true, bias: 'pull-up' });
    await clock.advance(0);
    expect(states).toMatchObject([{ ok: true }]);
    expect(gpio.requests).toEqual([{ offset: OFFSET, direction: 'output', activeLow: true, bias: 'pull-up' }]);
  },
);

test('a set has happened when the call returns, before anybody waits for it', async () => {
  const { clock, gpio, lock } = open({});
  await clock.advance(0);
  const answer = lock.set(true);
  expect(gpio.high(OFFSET)).toBe(true);
  expect(await answer).toMatchObject({ ok: true });
});

test('a chip that goes without a word is noticed within 2 s', async () => {
  const { clock, gpio, states } = open({});
  await clock.advance(0);
  const silent = gpio.takeOutput;
  gpio.takeOutput = (chip, offset, settings) => silent.call(gpio, chip, offset, settings, () => undefined);
  gpio.unplug();
  gpio.replug();
  await clock.advance(1_000);
  expect(states.at(-1)).toMatchObject({ ok: true });
  gpio.unplug();
  await clock.advance(2_000);
  expect(states.at(-1)).toMatchObject({ ok: false, code: 'unplugged' });
});
