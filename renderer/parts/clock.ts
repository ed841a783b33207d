/** The renderer's single door to time: nothing else here reads a clock or starts a timer. */
import type { Clock, PendingTimer, Timer, TimerName } from '../../main/core/clock.ts';

export type { Clock, Timer } from '../../main/core/clock.ts';

/** A browser runs a longer timeout at once. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The browser's clocks. `mono` counts from the load of the page, not from the start of the machine. */
export class BrowserClock implements Clock {
  readonly #pending = new Set<PendingTimer>();

  wall(): number {
    return Date.now();
  }

  mono(): number {
    return performance.now();
  }

  /** Never runs early. Throws on a delay that is no finite number; a negative one counts as 0. */
  after(name: TimerName, delayMs: number, run: () => void): Timer {
    if (!Number.isFinite(delayMs)) throw new RangeError(`timer ${name}: the delay is ${delayMs}`);
    const dueMono = this.mono() + Math.max(0, delayMs);
    const pending: PendingTimer = { name, dueMono };
    let handle = 0;
    const arm = (leftMs: number): void => {
      handle = window.setTimeout(fire, Math.min(Math.ceil(leftMs), LONGEST_TIMEOUT_MS));
    };
    // A timeout is kept in whole milliseconds and may come a fraction of one early.
    const fire = (): void => {
      const leftMs = dueMono - this.mono();
      if (leftMs > 0) {
        arm(leftMs);
        return;
      }
      this.#pending.delete(pending);
      run();
    };
    this.#pending.add(pending);
    arm(Math.max(0, delayMs));
    return {
      cancel: () => {
        this.#pending.delete(pending);
        window.clearTimeout(handle);
      },
    };
  }

  timers(): readonly PendingTimer[] {
    return [...this.#pending].sort((a, b) => a.dueMono - b.dueMono);
  }
}
