import type { Clock, Timer } from '../../main/core/clock.ts';

const MOST_CODES = 50;
const WINDOW_MS = 1_000;

/** Lets 50 codes a second through. From the next one on it is flooded, until a second has brought 50 or fewer. */
export class FloodGate {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #changed: (flooded: boolean) => void;
  /** When the latest codes came, at most one more than may. */
  readonly #recent: number[] = [];
  #calming: Timer | null = null;

  constructor(clock: Clock, name: string, changed: (flooded: boolean) => void) {
    this.#clock = clock;
    this.#name = name;
    this.#changed = changed;
  }

  get flooded(): boolean {
    return this.#calming !== null;
  }

  /** Counts a code that came. False: drop it. */
  pass(): boolean {
    this.#recent.push(this.#clock.mono());
    if (this.#recent.length > MOST_CODES + 1) this.#recent.shift();
    if (!this.flooded && this.#isTooMuch()) {
      this.#waitForCalm();
      this.#changed(true);
    }
    return !this.flooded;
  }

  /** Forgets everything, says nothing. */
  reset(): void {
    this.#calming?.cancel();
    this.#calming = null;
    this.#recent.length = 0;
  }

  #isTooMuch(): boolean {
    const oldest = this.#recent[0];
    return this.#recent.length > MOST_CODES && oldest !== undefined && this.#clock.mono() - oldest < WINDOW_MS;
  }

  #waitForCalm(): void {
    this.#calming = this.#clock.after(`${this.#name} flood`, WINDOW_MS, () => {
      this.#calming = null;
      if (this.#isTooMuch()) this.#waitForCalm();
      else this.#changed(false);
    });
  }
}
