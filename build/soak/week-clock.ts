/** The clock of one process in the simulated house: when the process ends, so do its timers. */
import type { VirtualClock } from '../../device/clock/virtual.ts';
import type { Clock, PendingTimer, Timer, TimerName } from '../../main/core/clock.ts';

export class ProcessClock implements Clock {
  readonly #house: VirtualClock;
  readonly #pending = new Map<Timer, PendingTimer>();
  #ended = false;

  constructor(house: VirtualClock) {
    this.#house = house;
  }

  /** Whole milliseconds, as a machine's. */
  wall(): number {
    return Math.floor(this.#house.wall());
  }

  mono(): number {
    return this.#house.mono();
  }

  after(name: TimerName, delayMs: number, run: () => void): Timer {
    if (this.#ended) return { cancel: () => undefined };
    const timer = this.#house.after(name, delayMs, () => {
      this.#pending.delete(handle);
      run();
    });
    const handle: Timer = {
      cancel: () => {
        this.#pending.delete(handle);
        timer.cancel();
      },
    };
    this.#pending.set(handle, { name, dueMono: this.mono() + Math.max(0, delayMs) });
    return handle;
  }

  timers(): readonly PendingTimer[] {
    return [...this.#pending.values()];
  }

  /** The process is gone, and what it waited for never comes. */
  end(): void {
    this.#ended = true;
    for (const timer of [...this.#pending.keys()]) timer.cancel();
  }
}
