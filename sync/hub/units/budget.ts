/** Lets `burst` through at once and `perSecond` in the long run. Three numbers: thousands of connections each have two. */
export class Budget {
  #left: number;
  #filledAt: number;

  constructor(burst: number, mono: number) {
    this.#left = burst;
    this.#filledAt = mono;
  }

  /** Takes `amount`; false where not so much is left. */
  take(amount: number, mono: number, perSecond: number, burst: number): boolean {
    this.#left = Math.min(burst, this.#left + ((mono - this.#filledAt) / 1_000) * perSecond);
    this.#filledAt = mono;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
