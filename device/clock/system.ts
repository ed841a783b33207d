import type { Clock, PendingTimer, Timer, TimerName } from '../../main/core/clock.ts';

/** Node runs a longer timeout at once. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The machine's clocks. Its timers hold the process open: whoever starts one cancels it. */
export class SystemClock implements Clock {
  readonly #pending = new Set<PendingTimer>();

  wall(): number {
    return Date.now();
  }

  mono(): number {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000 + nanoseconds / 1_000_000;
  }

  /** Never runs early. Throws on a delay that is no finite number; a negative one counts as 0. */
  after(name: TimerName, delayMs: number, run: () => void): Timer {
    if (!Number.isFinite(delayMs)) throw new RangeError(`timer ${name}: the delay is ${delayMs}`);
    const dueMono = this.mono() + Math.max(0, delayMs);
    const pending: PendingTimer = { name, dueMono };
    let disarm: () => void;
    const arm = (leftMs: number): void => {
      // Node makes a whole millisecond of a timeout of 0: work in slices would rest for a fifth of its time.
      if (leftMs <= 0) {
        const handle = setImmediate(fire);
        disarm = () => clearImmediate(handle);
        return;
      }
      const handle = setTimeout(fire, Math.min(Math.ceil(leftMs), LONGEST_TIMEOUT_MS));
      disarm = () => clearTimeout(handle);
    };
    // A timeout counts in whole milliseconds of the event loop's own time and may come up to one early.
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
        disarm();
      },
    };
  }

  timers(): readonly PendingTimer[] {
    return [...this.#pending].sort((a, b) => a.dueMono - b.dueMono);
  }
}
