import type { Clock } from '../../core/clock.ts';

/** Lets whoever stands at a door be served first. */
export function pause(clock: Clock, what: string): Promise<void> {
  return new Promise((resolve) => {
    clock.after(what, 0, resolve);
  });
}
