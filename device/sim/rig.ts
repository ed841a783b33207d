import type { Clock } from '../../main/core/clock.ts';
import { SystemClock } from '../clock/system.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { until } from './wait.ts';

/** How a contract suite lets time go by: virtual time over simulators, real time over ptys. */
export interface Rig {
  readonly clock: Clock;
  /** Lets time go by until `probe` is true; rejects, naming `what`, when it stays false. */
  until(what: string, probe: () => boolean): Promise<void>;
  /** Lets happen what is already under way. */
  settle(): Promise<void>;
}

const STEP_MS = 50;
const MOST_MS = 20_000;
const TURNS = 50;

export function virtualRig(): Rig {
  const clock = new VirtualClock();
  return {
    clock,
    until: async (what, probe) => {
      for (let passedMs = 0; passedMs <= MOST_MS; passedMs += STEP_MS) {
        await clock.advance(STEP_MS);
        if (probe()) return;
      }
      throw new Error(`waited ${MOST_MS} virtual ms for: ${what}`);
    },
    settle: () => clock.advance(STEP_MS),
  };
}

export function realRig(): Rig {
  return {
    clock: new SystemClock(),
    until: async (what, probe) => {
      await until(what, () => probe() || undefined, { withinMs: 10_000 });
    },
    settle: async () => {
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
