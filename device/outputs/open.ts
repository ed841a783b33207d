import type { OutputConfig } from '../../main/contract/devices.ts';
import type { Clock } from '../../main/core/clock.ts';
import { GpioLock } from '../locks/gpio/lock.ts';
import { SysfsLock } from '../locks/sysfs/lock.ts';
import type { OutputPort } from '../ports.ts';
import { SimLock } from '../sim/lock.ts';

/** The port of a configured lamp or buzzer, not yet open; null for one on a relay board, which is the guard's. */
export function makeOutput(config: OutputConfig, clock: Clock): OutputPort | null {
  switch (config.driver) {
    case 'sim':
      return new SimLock(clock);
    case 'gpio':
      return new GpioLock(config, clock);
    case 'gpio-sysfs':
      return new SysfsLock(config, clock);
    case 'serial-relay':
    case 'hid-relay':
      return null;
    default:
      return config satisfies never;
  }
}
