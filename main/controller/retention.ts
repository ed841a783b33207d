/** Lets what has been kept long enough go (guarantees 4.6): once a day, a slice at a time, while doors are served. */
import type { Clock, ClockTrust, Timer } from '../core/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/day.ts';
import { Retention } from '../store/retention.ts';
import type { Store } from '../store/store.ts';
import type { Log } from './log.ts';
import type { SiteCache } from './site-cache.ts';

/** After a start, when devices have come and whoever waited outside is in. */
const FIRST_MS = 10 * MINUTE_MS;
/** Between slices, so that they take a tenth of the time at most: whoever scans waits for one of them, seldom. */
const PAUSE_MS = 50;
/** Until it is tried again, where it can't be done now. */
const RETRY_MS = HOUR_MS;

export interface RetentionParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly site: Pick<SiteCache, 'get'>;
  readonly trust: () => ClockTrust;
  readonly log: Log;
}

export class RetentionRounds {
  readonly #parts: RetentionParts;
  readonly #retention: Retention;
  #timer: Timer | null = null;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#retention = new Retention(parts.store);
  }

  start(): void {
    this.#next(FIRST_MS);
  }

  /** A round that is under way is taken up by the next start. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #next(delayMs: number): void {
    this.#timer = this.#parts.clock.after('retention', delayMs, () => this.#next(this.#slice()));
  }

  /** Does what can be done now. @returns when to go on, in milliseconds */
  #slice(): number {
    const { clock, site, trust, log } = this.#parts;
    const rules = site.get()?.rules;
    // By a clock that is a year ahead the whole record would be old.
    if (rules === undefined || trust() === 'doubtful') return RETRY_MS;
    const more = this.#retention.slice({ at: clock.wall(), clock: trust(), rules });
    if (more.ok) return more.value ? PAUSE_MS : DAY_MS;
    log.warn({ code: more.error.code }, `what is old stays for now: ${more.error.detail}`);
    return RETRY_MS;
  }
}
