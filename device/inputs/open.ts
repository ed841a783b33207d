import type { InputConfig } from '../../main/contract/devices.ts';
import type { Clock } from '../../main/core/clock.ts';
import type { InputPort } from '../ports.ts';
import { SimInput } from '../sim/input.ts';
import { GpioInputPort } from './gpio.ts';

/** The port of a configured input, not yet open; null for one on a relay board, which is the guard's. */
export function makeInput(config: InputConfig, clock: Clock): InputPort | null {
  switch (config.driver) {
    case 'sim':
      return new SimInput(clock);
    case 'gpio':
      return new GpioInputPort({ ...config, activeLow: isActiveLow(config) }, clock);
    case 'serial-relay':
      return null;
    default:
      return config satisfies never;
  }
}

/**
 * Whether the input is active when it reads low. A closed circuit reads high, or low where the configuration says so; a
 * contact that is normally closed is active when it opens, or when its wire is cut.
 */
export function isActiveLow(config: { readonly activeLow: boolean; readonly normally: 'open' | 'closed' }): boolean {
  return config.activeLow !== (config.normally === 'closed');
}
