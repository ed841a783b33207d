/**
 * Lets PINs and the setup code be tried: one at a time, slowed by wrong ones. A try counts as wrong until it turned out
 * right, so that pulling the plug in between gains nothing.
 */
import type { Clock } from '../../core/clock.ts';
import {
  type Brake,
  failed,
  failuresAt,
  NO_TRIALS,
  PERSON_BRAKE,
  type Trials,
  triesLeft,
  UNIT_BRAKE,
  waitMs,
} from '../../core/pin-brake.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Store } from '../../store/store.ts';
import type { Journal } from '../journal.ts';

export type PinRefusal =
  | { readonly why: 'busy' }
  /** `triesLeft`: as many may be wrong yet, the last of which brings a pause. 0: it has come, and lasts `waitMs`. */
  | { readonly why: 'wrong'; readonly triesLeft: number; readonly waitMs: number }
  /** Too many wrong ones before. */
  | { readonly why: 'wait'; readonly waitMs: number };

/** Whose secret is tried; `nobody`: of who isn't on the list, all of those together. */
export type Tried = { readonly staffId: string } | 'setup' | 'nobody';

const UNIT = 'unit';

export class PinGate {
  readonly #clock: Clock;
  readonly #journal: Journal;
  /** By who; `failedAt` on the monotonic clock. */
  readonly #trials = new Map<string, Trials>();
  #isBusy = false;

  constructor(clock: Clock, store: Pick<Store, 'pinTrials'>, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
    for (const { who, failures, failedAt } of remembered(store)) {
      const ago = Math.max(0, clock.wall() - failedAt);
      this.#trials.set(who, { failures, failedAt: clock.mono() - ago });
    }
  }

  /** @param check whether it is the right one */
  async try(tried: Tried, check: () => Promise<boolean>): Promise<Result<void, PinRefusal>> {
    const who = keyOf(tried);
    const wait = this.#waitMs(who);
    if (wait > 0) return err({ why: 'wait', waitMs: wait });
    if (this.#isBusy) return err({ why: 'busy' });
    this.#isBusy = true;
    try {
      const before = [who, UNIT].map((key) => [key, this.#of(key)] as const);
      for (const [key, trials] of before) this.#set(key, failed(trials, this.#clock.mono(), brakeOf(key)));
      if (await check()) {
        // What was tried of other persons stays counted.
        for (const [key, trials] of before) this.#set(key, key === UNIT ? trials : NO_TRIALS);
        return ok(undefined);
      }
      this.#tell(tried);
      return err({ why: 'wrong', triesLeft: this.#triesLeft(who), waitMs: this.#waitMs(who) });
    } finally {
      this.#isBusy = false;
    }
  }

  /** The person is gone, or has a new PIN. */
  forget(staffId: string): void {
    const who = keyOf({ staffId });
    if (this.#trials.has(who)) this.#set(who, NO_TRIALS);
  }

  #waitMs(who: string): number {
    const now = this.#clock.mono();
    return Math.ceil(Math.max(...[who, UNIT].map((key) => waitMs(this.#of(key), now, brakeOf(key)))));
  }

  #triesLeft(who: string): number {
    const now = this.#clock.mono();
    return Math.min(...[who, UNIT].map((key) => triesLeft(this.#of(key), now, brakeOf(key))));
  }

  #of(who: string): Trials {
    return this.#trials.get(who) ?? NO_TRIALS;
  }

  #set(who: string, trials: Trials): void {
    if (trials.failures === 0) this.#trials.delete(who);
    else this.#trials.set(who, trials);
    const failedAt = Math.round(this.#clock.wall() - (this.#clock.mono() - trials.failedAt));
    this.#journal.keepTrials({ who, failures: trials.failures, failedAt });
  }

  /** From the first pause on: so often that nobody fills the record with it. */
  #tell(tried: Tried): void {
    const who = keyOf(tried);
    const pause = this.#waitMs(who);
    if (pause === 0) return;
    const failures = failuresAt(this.#of(who), this.#clock.mono(), brakeOf(who));
    const staffId = typeof tried === 'string' ? null : tried.staffId;
    this.#journal.note({ type: 'staff', detail: { what: 'pin-lockout', staffId, failures, waitMs: pause } });
  }
}

function keyOf(tried: Tried): string {
  return typeof tried === 'string' ? tried : `staff ${tried.staffId}`;
}

function brakeOf(who: string): Brake {
  return who === UNIT ? UNIT_BRAKE : PERSON_BRAKE;
}

function remembered(store: Pick<Store, 'pinTrials'>) {
  try {
    return store.pinTrials.all();
  } catch {
    return [];
  }
}
