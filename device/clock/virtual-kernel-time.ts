import type { KernelTime } from './kernel-time.ts';
import type { VirtualClock } from './virtual.ts';

/** The kernel of a machine whose time only tests move. */
export class VirtualKernelTime implements KernelTime {
  readonly #clock: VirtualClock;
  #sleptMs = 0;
  #ntp = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  bootMs(): number {
    return this.#clock.mono() + this.#sleptMs;
  }

  ntp(): boolean {
    return this.#ntp;
  }

  setNtp(ntp: boolean): void {
    this.#ntp = ntp;
  }

  /** The machine sleeps: the monotonic clock stands still, wall clock and boot time go on. */
  sleep(ms: number): void {
    this.#sleptMs += ms;
    this.#clock.setWall(this.#clock.wall() + ms);
  }
}
