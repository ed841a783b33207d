import { expect, vi } from 'vitest';
import type { TestHub, TestUnit } from '../testing.ts';

/** A new connection of the unit, greeted and welcomed. @param at the process that it reaches; else its own */
export async function enter(unit: TestUnit, at?: TestHub): Promise<void> {
  unit.call(undefined, at);
  unit.say(unit.hello());
  await vi.waitFor(() => expect(unit.all('welcome')).toHaveLength(1));
}
