// A contact on a GPIO line: it bounces, its wire works loose, its chip is pulled out. What is told is what stood still.
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import { inputContract } from '../input-contract.ts';
import { SimGpio } from '../sim/gpio.ts';
import { virtualRig } from '../sim/rig.ts';
import { type GpioInputOptions, GpioInputPort } from './gpio.ts';

const LINE: GpioInputOptions = { chip: 'sim', line: 5, activeLow: false, bias: 'pull-up', debounceMs: 30 };

for (const activeLow of [false, true]) {
  inputContract(`GpioInputPort over a simulated kernel, active ${activeLow ? 'low' : 'high'}`, async () => {
    const rig = virtualRig();
    const kernel = new SimGpio(rig.clock);
    let active = false;
    const set = (wanted: boolean): boolean => {
      active = wanted;
      kernel.drive(5, active !== activeLow);
      return true;
    };
    set(false);
    return {
      rig,
      port: new GpioInputPort({ ...LINE, activeLow }, rig.clock, async () => kernel),
      set,
      plug: {
        unplug: async () => kernel.unplug(),
        replug: async () => {
          kernel.replug();
          set(active);
        },
      },
      remove: async () => undefined,
    };
  });
}

async function open() {
  const clock = new VirtualClock();
  const kernel = new SimGpio(clock);
  const port = new GpioInputPort(LINE, clock, async () => kernel);
  const told: string[] = [];
  port.open({
    level: (active, mono) => told.push(`${active} ${mono - 1_000_000.25}`),
    state: (state) => told.push(state.ok ? 'ok' : state.code),
  });
  onTestFinished(() => port.close());
  await clock.advance(0);
  expect(told.splice(0)).toEqual(['ok', 'false 0']);
  return { clock, kernel, told };
}

test('a bouncing contact is one change, dated by its last edge', async () => {
  const { clock, kernel, told } = await open();
  for (const high of [true, false, true, false, true]) {
    kernel.drive(5, high);
    await clock.advance(10);
  }
  await clock.advance(100);
  expect(told).toEqual(['true 40']);
});

test('a press shorter than the debounce time is none', async () => {
  const { clock, kernel, told } = await open();
  kernel.drive(5, true);
  await clock.advance(20);
  kernel.drive(5, false);
  await clock.advance(1_000);
  expect(told).toEqual([]);
});

test('a loose wire is said after a second, changes nothing, and ends when it rests', async () => {
  const { clock, kernel, told } = await open();
  for (let edge = 0; edge < 200; edge += 1) {
    kernel.drive(5, edge % 2 === 0);
    await clock.advance(10);
  }
  expect(told).toEqual(['flooding']);
  kernel.drive(5, true);
  await clock.advance(100);
  expect(told).toEqual(['flooding', 'ok', 'true 2000']);
});
