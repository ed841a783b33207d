import type { Clock, PendingTimer, Timer, TimerName } from '../../main/core/clock.ts';

/** More timers than this in one `advance` means that something starts itself again without end. */
const MOST_TIMERS = 100_000;

interface VirtualTimer extends PendingTimer {
  readonly run: () => void;
}

/** Time that only tests move. It begins at 2026-11-21T03:00:00Z (noon in Tokyo), the monotonic count at 1,000,000.25. */
export class VirtualClock implements Clock {
  #wall: number;
  #mono: number;
  #advancing = false;
  /** In the order in which they were started; those due together run in it. */
  readonly #pending = new Set<VirtualTimer>();

  constructor(start: { readonly wallMs?: number; readonly monoMs?: number } = {}) {
    this.#wall = start.wallMs ?? Date.UTC(2026, 10, 21, 3);
    this.#mono = start.monoMs ?? 1_000_000.25;
  }

  wall(): number {
    return this.#wall;
  }

  mono(): number {
    return this.#mono;
  }

  after(name: TimerName, delayMs: number, run: () => void): Timer {
    if (!Number.isFinite(delayMs)) throw new RangeError(`timer ${name}: the delay is ${delayMs}`);
    const timer: VirtualTimer = { name, dueMono: this.#mono + Math.max(0, delayMs), run };
    this.#pending.add(timer);
    return {
      cancel: () => {
        this.#pending.delete(timer);
      },
    };
  }

  timers(): readonly PendingTimer[] {
    return [...this.#pending].map(({ name, dueMono }) => ({ name, dueMono })).sort((a, b) => a.dueMono - b.dueMono);
  }

  /** Sets the wall clock alone, as somebody with a screwdriver or NTP would. */
  setWall(wallMs: number): void {
    this.#wall = wallMs;
  }

  /**
   * Lets `ms` go by: settles promises, runs what is due in order, settling promises after each timer. `advance(0)` runs
   * what is due now. Rejects when a timer throws, when called within itself, or when timers never end.
   */
  async advance(ms: number): Promise<void> {
    if (this.#advancing) throw new Error('advance was called while it runs');
    this.#advancing = true;
    try {
      await this.#advanceTo(this.#mono + ms);
    } finally {
      this.#advancing = false;
    }
  }

  async #advanceTo(end: number): Promise<void> {
    await settle();
    for (let ran = 0; ; ran += 1) {
      const timer = this.#next();
      if (timer === null || timer.dueMono > end) break;
      if (ran === MOST_TIMERS) throw new Error(`more than ${MOST_TIMERS} timers ran, at last: ${timer.name}`);
      this.#moveTo(timer.dueMono);
      this.#pending.delete(timer);
      timer.run();
      await settle();
    }
    this.#moveTo(end);
  }

  #next(): VirtualTimer | null {
    let next: VirtualTimer | null = null;
    for (const timer of this.#pending) if (next === null || timer.dueMono < next.dueMono) next = timer;
    return next;
  }

  #moveTo(mono: number): void {
    this.#wall += mono - this.#mono;
    this.#mono = mono;
  }
}

/** Runs every promise and tick that is ready, those included that they make ready. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
