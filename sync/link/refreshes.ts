/** A known member was refused: the hub is asked what is new about them at once, but not by everybody who holds up a code. */
import type { Clock } from '../../main/core/clock.ts';

const MINUTE_MS = 60_000;
const MOST_OF_A_MEMBER = 3;
const MOST_OF_ALL = 120;

export class Refreshes {
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #minuteSince = Number.NEGATIVE_INFINITY;
  #all = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the hub may be asked about this member; counts it. */
  allow(memberId: string): boolean {
    const now = this.#clock.mono();
    if (now - this.#minuteSince >= MINUTE_MS) {
      this.#minuteSince = now;
      this.#all = 0;
      this.#counts.clear();
    }
    const count = this.#counts.get(memberId) ?? 0;
    if (count >= MOST_OF_A_MEMBER || this.#all >= MOST_OF_ALL) return false;
    this.#counts.set(memberId, count + 1);
    this.#all += 1;
    return true;
  }
}
