/** As `device/sim/wait.ts`, but looking less often: the guest has one slow processor, which what is waited for needs. */
import type { Clock } from '../../../main/core/clock.ts';

const LOOK_EVERY_MS = 30;

export interface WaitOptions {
  readonly withinMs?: number;
  /** How things stood, for the error. */
  readonly seen?: () => string;
}

/** Waits until `probe` gives something other than undefined, null or false, and returns that. */
export async function until<T>(
  clock: Clock,
  what: string,
  probe: () => T | undefined | null | false,
  { withinMs = 45_000, seen }: WaitOptions = {},
): Promise<T> {
  const deadline = clock.mono() + withinMs;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (clock.mono() >= deadline)
      throw new Error(`waited ${withinMs} ms for: ${what}${seen ? `; seen: ${seen()}` : ''}`);
    await new Promise<void>((resolve) => {
      clock.after(what, LOOK_EVERY_MS, resolve);
    });
  }
}
