import type { Suite } from './check.ts';
import { gpioLines } from './gpio-lines.ts';
import { guard } from './guard.ts';

export const gpio: Suite = { name: 'gpio', checks: [...gpioLines, ...guard] };
