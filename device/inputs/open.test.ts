// A contact to ground or to the supply, open or closed at rest: four ways to wire one, and in each a cut wire of a
// normally closed one is an alarm.
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import { SimGpio } from '../sim/gpio.ts';
import { SimInput } from '../sim/input.ts';
import { GpioInputPort } from './gpio.ts';
import { isActiveLow, makeInput } from './open.ts';

const LINE = { chip: 'sim', line: 5, bias: 'as-is', debounceMs: 0 } as const;

test.each<[normally: 'open' | 'closed', activeLow: boolean, highIsActive: boolean]>([
  ['open', false, true],
  ['open', true, false],
  ['closed', false, false],
  ['closed', true, true],
])('normally %s, active low %s', async (normally, activeLow, highIsActive) => {
  const clock = new VirtualClock();
  const kernel = new SimGpio(clock);
  const options = { ...LINE, activeLow: isActiveLow({ normally, activeLow }) };
  const port = new GpioInputPort(options, clock, async () => kernel);
  const levels: boolean[] = [];
  port.open({ level: (active) => levels.push(active), state: () => undefined });
  onTestFinished(() => port.close());
  await clock.advance(0);
  kernel.drive(5, true);
  await clock.advance(100);
  expect(levels).toEqual([!highIsActive, highIsActive]);
});

test('each driver has its port', () => {
  const clock = new VirtualClock();
  const contact = { normally: 'open', activeLow: false, debounceMs: 30 } as const;
  expect(makeInput({ driver: 'sim' }, clock)).toBeInstanceOf(SimInput);
  expect(makeInput({ driver: 'gpio', ...LINE, ...contact }, clock)).toBeInstanceOf(GpioInputPort);
  const board = { driver: 'serial-relay', protocol: 'numato', path: '/dev/x', baudRate: 9_600, channel: 0 } as const;
  expect(makeInput({ ...board, ...contact }, clock)).toBe(null);
});
