/** How much comes from where. */
import type { Clock } from '../../../main/core/clock.ts';
import type { HubLimits } from './limits.ts';

interface Address {
  connections: number;
  strangers: number;
  /** Tries to pair since `since`. */
  pairings: number;
  since: number;
}

const MINUTE_MS = 60_000;

export class Addresses {
  readonly #clock: Clock;
  readonly #limits: HubLimits;
  readonly #addresses = new Map<string, Address>();

  constructor(clock: Clock, limits: HubLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts a connection; false: this address has too many. It is counted all the same until it has left. */
  enter(address: string): boolean {
    const entry = this.#at(address);
    entry.connections += 1;
    entry.strangers += 1;
    return entry.connections <= this.#limits.perAddress && entry.strangers <= this.#limits.strangersPerAddress;
  }

  /** One of them has said who it is. */
  known(address: string): void {
    this.#at(address).strangers -= 1;
  }

  leave(address: string, isStranger: boolean): void {
    const entry = this.#at(address);
    entry.connections -= 1;
    if (isStranger) entry.strangers -= 1;
  }

  /** Counts a try to pair; false: too many in this minute. */
  pairs(address: string): boolean {
    const entry = this.#at(address);
    const now = this.#clock.mono();
    if (now - entry.since > MINUTE_MS) {
      entry.pairings = 0;
      entry.since = now;
    }
    entry.pairings += 1;
    return entry.pairings <= this.#limits.pairingsPerMinute;
  }

  /** Forgets who has left. */
  sweep(): void {
    const now = this.#clock.mono();
    for (const [address, { connections, since }] of this.#addresses)
      if (connections === 0 && now - since > MINUTE_MS) this.#addresses.delete(address);
  }

  #at(address: string): Address {
    const former = this.#addresses.get(address);
    if (former !== undefined) return former;
    const entry = { connections: 0, strangers: 0, pairings: 0, since: this.#clock.mono() };
    this.#addresses.set(address, entry);
    return entry;
  }
}
