// Lamps and buzzers: the drivers are the locks' own, and what sits on a relay board is left to the guard, which has it.
import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import { GpioLock } from '../locks/gpio/lock.ts';
import { SysfsLock } from '../locks/sysfs/lock.ts';
import { outputContract } from '../output-contract.ts';
import { SimGpio } from '../sim/gpio.ts';
import { SimLock } from '../sim/lock.ts';
import { virtualRig } from '../sim/rig.ts';
import { makeOutput } from './open.ts';

const LAMP = { chip: 'sim', line: 0, activeLow: false, bias: 'as-is' } as const;

outputContract('on a simulated line', async () => {
  const rig = virtualRig();
  const port = new SimLock(rig.clock);
  return {
    rig,
    port,
    energised: () => port.energised,
    unplug: async () => void port.unplug(),
    replug: async () => void port.replug(),
    remove: async () => undefined,
  };
});

outputContract('on a GPIO line of a simulated kernel', async () => {
  const rig = virtualRig();
  const kernel = new SimGpio(rig.clock);
  return {
    rig,
    port: new GpioLock(LAMP, rig.clock, async () => kernel),
    energised: () => kernel.high(0),
    unplug: async () => kernel.unplug(),
    replug: async () => kernel.replug(),
    remove: async () => undefined,
  };
});

test('each driver has its port', () => {
  const clock = new VirtualClock();
  const board = { driver: 'serial-relay', path: '/dev/x', baudRate: 9_600, protocol: 'lcus', channel: 1, query: false };
  expect(makeOutput({ driver: 'sim' }, clock)).toBeInstanceOf(SimLock);
  expect(makeOutput({ driver: 'gpio', ...LAMP }, clock)).toBeInstanceOf(GpioLock);
  expect(makeOutput({ driver: 'gpio-sysfs', chip: 'x', line: 1, activeLow: false }, clock)).toBeInstanceOf(SysfsLock);
  expect(makeOutput({ ...board, driver: 'serial-relay', protocol: 'lcus', query: false }, clock)).toBe(null);
  expect(makeOutput({ driver: 'hid-relay', serial: null, channel: 1, query: false }, clock)).toBe(null);
});
