/**
 * What time it may be at the hub, by what it has said and what has passed here since: neither side's wall clock needs to be
 * right, and no two clocks run apart for longer than from one contact to the next.
 */
import type { Clock } from '../../main/core/clock.ts';

export class HubClock {
  readonly #clock: Clock;
  /** Since when an answer is waited for: it can't have been made before that. */
  #askedMono: number | null = null;
  #contact: { readonly hubTime: number; readonly sinceMono: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something was said to which the hub answers with its time. */
  asked(): void {
    this.#askedMono ??= this.#clock.mono();
  }

  answered(hubTime: number): void {
    if (this.#askedMono === null) return;
    this.#contact = { hubTime, sinceMono: this.#askedMono };
    this.#askedMono = null;
  }

  /** At most so many milliseconds ago it was this time there. */
  ageMs(hubTime: number): number {
    if (this.#contact === null) return Number.POSITIVE_INFINITY;
    return this.#contact.hubTime + (this.#clock.mono() - this.#contact.sinceMono) - hubTime;
  }
}
