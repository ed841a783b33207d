/** What takes long, a slice at a time and in order: between two slices scans are served. */
import type { Clock, Timer } from '../../main/core/clock.ts';

/** Longest that a slice may keep a scan waiting (guarantees 2.1), with some room. */
export const SLICE_MS = 4;
/** While somebody scans: how often it is asked whether they are done, and how long at most everything rests. */
const BUSY_MS = 10;
const LONGEST_REST_MS = 1_000;

/** Works for about so long. @returns whether it is done */
export type Step = (budgetMs: number) => boolean;

export interface ChoresParts {
  readonly clock: Clock;
  /** Whether nobody is at a door just now. */
  readonly quiet: () => boolean;
  /** What a step threw; nothing of what waited is done after. */
  readonly failed: (error: unknown) => void;
  /** Told when there is nothing left to do. */
  readonly idle: () => void;
}

export class Chores {
  readonly #parts: ChoresParts;
  readonly #waiting: Step[] = [];
  #timer: Timer | null = null;
  #restedSince: number | null = null;

  constructor(parts: ChoresParts) {
    this.#parts = parts;
  }

  get length(): number {
    return this.#waiting.length;
  }

  add(step: Step): void {
    this.#waiting.push(step);
    this.#again(0);
  }

  clear(): void {
    this.#waiting.length = 0;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #again(delayMs: number): void {
    this.#timer ??= this.#parts.clock.after('link work', delayMs, () => {
      this.#timer = null;
      this.#run();
    });
  }

  #run(): void {
    if (this.#mustRest()) {
      this.#again(BUSY_MS);
      return;
    }
    try {
      this.#slice();
    } catch (error) {
      this.clear();
      this.#parts.failed(error);
      return;
    }
    if (this.#waiting.length > 0) this.#again(0);
    else this.#parts.idle();
  }

  #slice(): void {
    const { clock } = this.#parts;
    const end = clock.mono() + SLICE_MS;
    for (let left = SLICE_MS; left > 0; left = end - clock.mono()) {
      const [step] = this.#waiting;
      if (step === undefined) return;
      // With time that stands still an unfinished one would be asked without end.
      if (!step(left)) return;
      if (this.#waiting[0] === step) this.#waiting.shift();
    }
  }

  /** Somebody is at a door: not now; but not never either, where people come all day. */
  #mustRest(): boolean {
    const now = this.#parts.clock.mono();
    if (this.#parts.quiet()) this.#restedSince = null;
    else {
      this.#restedSince ??= now;
      if (now - this.#restedSince < LONGEST_REST_MS) return true;
      this.#restedSince = now;
    }
    return false;
  }
}
