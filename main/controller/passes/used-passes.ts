/** Which passes have opened which doors: a pass opens a door once. */

/** Where that is kept; it has to outlive a restart. `used-passes-contract.ts` says what every implementation does. */
export interface UsedPasses {
  isUsed(passId: string, doorId: string): boolean;
  /**
   * To be called in the transaction of the entry that is granted.
   * @param until epoch ms from which the pass is refused anyway (`GoodPass.until`)
   */
  note(passId: string, doorId: string, until: number): void;
  /**
   * Forgets what is refused anyway.
   * @param at epoch ms by a clock that isn't doubtful: one that runs ahead would let passes open again
   */
  forgetEnded(at: number): void;
}

/** For an exit, at which the same pass may be shown that opened the entry. */
export const NOTHING_USED: Pick<UsedPasses, 'isUsed'> = { isUsed: () => false };

/** In memory: for tests and simulations. */
export class MemoryUsedPasses implements UsedPasses {
  readonly #untilByUse: Map<string, number>;
  readonly #most: number;

  /**
   * @param rows `rows()` of an earlier one
   * @param most so many uses are kept; beyond them the one that ends first goes
   */
  constructor(rows: Iterable<readonly [use: string, until: number]> = [], most = 10_000) {
    this.#untilByUse = new Map(rows);
    this.#most = most;
  }

  isUsed(passId: string, doorId: string): boolean {
    return this.#untilByUse.has(keyOf(passId, doorId));
  }

  note(passId: string, doorId: string, until: number): void {
    this.#untilByUse.set(keyOf(passId, doorId), until);
    if (this.#untilByUse.size > this.#most) this.#forgetFirst();
  }

  forgetEnded(at: number): void {
    for (const [use, until] of this.#untilByUse) if (until <= at) this.#untilByUse.delete(use);
  }

  rows(): readonly (readonly [use: string, until: number])[] {
    return [...this.#untilByUse];
  }

  #forgetFirst(): void {
    const [first] = this.rows().toSorted(([, a], [, b]) => a - b);
    if (first !== undefined) this.#untilByUse.delete(first[0]);
  }
}

/** A pass's id is hex and ends before the space. */
function keyOf(passId: string, doorId: string): string {
  return `${passId} ${doorId}`;
}
