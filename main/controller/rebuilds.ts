/**
 * Whether the database may be set aside and begun anew. A disk that goes on failing, and a hub that says again and again
 * that this disk is an older copy of itself, must not fill the disk with copies.
 */
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { countAside, MOST_PUT_BACK } from '../store/aside.ts';
import type { RebuildWhy } from './ready-store.ts';

/** Again so soon it isn't done. */
const REBUILT_MS = 600_000;

export class Rebuilds {
  readonly #clock: Clock;
  readonly #database: string;
  #rebuiltAt = Number.NEGATIVE_INFINITY;
  #isTold = false;

  /** @param database its file, beside which the copies are kept */
  constructor(clock: Clock, database: string) {
    this.#clock = clock;
    this.#database = database;
  }

  /** Allowed, it counts as done. The error is one line for the log; null: it was said before, or it is only too soon. */
  allow(why: RebuildWhy): Result<void, string | null> {
    if (this.#clock.mono() - this.#rebuiltAt < REBUILT_MS) return err(null);
    if (why === 'put-back' && countAside(this.#database, why) >= MOST_PUT_BACK) return err(this.#tooMany());
    this.#rebuiltAt = this.#clock.mono();
    return ok(undefined);
  }

  #tooMany(): string | null {
    if (this.#isTold) return null;
    this.#isTold = true;
    return `the hub says once more that this disk is an older copy of itself: ${MOST_PUT_BACK} copies are kept, and no further epoch is begun. Look at the hub, then move the copies away (genkan doctor names them)`;
  }
}
