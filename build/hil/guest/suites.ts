import type { Suite } from './check.ts';
import { gpio } from './gpio.ts';
import { unit } from './unit.ts';
import { usb } from './usb.ts';

export const SUITES: readonly Suite[] = [gpio, usb, unit];
