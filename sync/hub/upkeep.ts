/** What nobody asks for: what has been kept long enough goes, once a day, a slice at a time. */
import type { Clock, Timer } from '../../main/core/clock.ts';
import { DAY_MS } from '../../main/core/time/day.ts';
import { type HubLog, placeOf } from './log.ts';
import type { HubStore } from './ports.ts';

export const UPKEEP = {
  /** Not while everybody connects again; a hub that is started anew every night gets to it all the same. */
  firstMs: 300_000,
  everyMs: DAY_MS,
  /** Between two slices, for what units and operators ask. */
  pauseMs: 200,
} as const;

interface UpkeepParts {
  readonly store: Pick<HubStore, 'retain'>;
  readonly clock: Clock;
  readonly log: HubLog;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  #timer: Timer | null = null;
  #slice: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#arm(UPKEEP.firstMs);
  }

  /** Resolves once nothing of it is on its way any more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#timer?.cancel();
    await this.#slice;
  }

  #arm(delayMs: number): void {
    if (this.#isOver) return;
    this.#timer = this.#parts.clock.after('hub upkeep', delayMs, () => {
      this.#slice = this.#retain();
    });
  }

  async #retain(): Promise<void> {
    const { store, clock, log } = this.#parts;
    try {
      const isMore = await store.retain(clock.wall());
      this.#arm(isMore ? UPKEEP.pauseMs : UPKEEP.everyMs);
    } catch (error) {
      log.warn({ place: placeOf(error) }, 'what has been kept long enough could not be removed');
      this.#arm(UPKEEP.firstMs);
    }
  }
}
