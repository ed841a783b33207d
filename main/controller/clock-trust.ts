/**
 * Watches whether the wall clock can be believed (guarantees 1.7): at the start, each 10 s, and before a scan where the
 * two clocks of the machine have come apart.
 */
import * as z from 'zod';
import { type KernelTime, SystemKernelTime } from '../../device/clock/kernel-time.ts';
import type { Clock, ClockTrust, Timer } from '../core/clock.ts';
import {
  type ClockPast,
  type ClockReading,
  type Doubt,
  JUMP_MS,
  stepTrust,
  type TrustInput,
  type TrustState,
  trustAtStart,
} from '../core/clock-trust.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Store } from '../store/store.ts';
import { BUILT_AT } from './built-at.ts';

export const TICK_MS = 10_000;
/** A manager reads the screen, looks at a watch, and presses. */
const SHOWN_MS = 120_000;
/** A power cut takes no more of what is known than this. */
const MARK_MS = 3_600_000;

export interface TrustChange {
  /** null: no earlier run is on record. */
  readonly from: ClockTrust | null;
  readonly to: ClockTrust;
  readonly why: 'start' | 'ntp' | 'ntp-gone' | 'hub' | 'confirmed' | Doubt;
  /** Who confirmed the time. */
  readonly staffId: string | null;
}

export interface ClockWatchSink {
  /** To be recorded. Told before any scan is judged by the new state. */
  changed(change: TrustChange): void;
  /** To be kept for the next start. */
  mark(trustedAt: number, syncedAt: number): void;
}

/** `before`: the clock's state by the last event of the run before; null: there was none. */
export type Past = Omit<ClockPast, 'builtAt' | 'doubtful'> & { readonly before: ClockTrust | null };

const Before = z.enum(['synced', 'held', 'doubtful']).nullable().catch(null);

/** What the run before has left on record. */
export function pastOf(store: Store): Past {
  const { trustedAt, syncedAt, before } = store.clockMarks.read();
  return { trustedAt, syncedAt, before: Before.parse(before) };
}

/** For whoever writes an event while no controller runs. */
export function trustNow(clock: Clock, store: Store): ClockTrust {
  return trustAfter(clock, pastOf(store));
}

export function trustAfter(clock: Clock, past: Past): ClockTrust {
  return new ClockWatch({ clock, kernel: new SystemKernelTime(), builtAt: BUILT_AT }, past).trust;
}

export type ConfirmFault =
  /** There is no doubt. */
  | 'trusted'
  /** The time confirmed is not the one that is shown now. */
  | 'not-shown'
  /** It is before this program was built: it can't be right. Set the clock first. */
  | 'impossible';

export class ClockWatch {
  readonly #clock: Clock;
  readonly #kernel: KernelTime;
  readonly #before: ClockTrust | null;
  #sink: ClockWatchSink | null = null;
  #state: TrustState;
  /** `wall - mono` at the last look. */
  #apart: number;
  #markedAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;

  /** @param past as the store has it */
  constructor(parts: { readonly clock: Clock; readonly kernel: KernelTime; readonly builtAt: number }, past: Past) {
    const { clock, kernel, builtAt } = parts;
    this.#clock = clock;
    this.#kernel = kernel;
    this.#before = past.before;
    const { trustedAt, syncedAt, before } = past;
    this.#state = trustAtStart(this.#read(), { trustedAt, syncedAt, doubtful: before === 'doubtful', builtAt });
    this.#apart = clock.wall() - clock.mono();
  }

  get trust(): ClockTrust {
    return this.#state.trust;
  }

  get doubt(): Doubt | null {
    return this.#state.doubt;
  }

  /** Epoch ms: now, or while doubtful the last time that could be believed. */
  get trustedAt(): number {
    return this.#state.trust === 'doubtful' ? this.#state.trustedAt : this.#clock.wall();
  }

  /** Tells what is so since the run before, and of each change from now on. */
  listen(sink: ClockWatchSink): void {
    this.#sink = sink;
    const { trust, doubt } = this.#state;
    if (this.#before === trust || (this.#before === null && trust !== 'doubtful')) return;
    this.#tell({ from: this.#before, to: trust, why: doubt ?? 'start', staffId: null });
  }

  /** Looks each 10 s from now on. */
  start(): void {
    this.#timer = this.#clock.after('clock trust', TICK_MS, () => {
      this.#step({ on: 'tick' }, null);
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#mark();
  }

  /** Before something is judged: costs nothing unless the wall clock has moved by itself. */
  look(): void {
    if (Math.abs(this.#clock.wall() - this.#clock.mono() - this.#apart) > JUMP_MS) this.#step({ on: 'tick' }, null);
  }

  /** @param at epoch ms by the hub, its signature checked */
  hubTime(at: number): void {
    this.#step({ on: 'hub', at }, null);
  }

  /** A manager says that the time shown is right. @param shownAt the time that stood on the screen, epoch ms */
  confirm(staffId: string, shownAt: number): Result<void, ConfirmFault> {
    this.#step({ on: 'tick' }, null);
    if (this.#state.trust !== 'doubtful') return err('trusted');
    if (Math.abs(this.#clock.wall() - shownAt) > SHOWN_MS) return err('not-shown');
    this.#step({ on: 'confirmed' }, staffId);
    return this.#state.doubt === null ? ok(undefined) : err('impossible');
  }

  #step(input: TrustInput, staffId: string | null): void {
    const before = this.#state;
    const reading = this.#read();
    this.#apart = this.#clock.wall() - this.#clock.mono();
    this.#state = stepTrust(before, input, reading);
    const { trust, doubt } = this.#state;
    if (trust !== before.trust)
      this.#tell({ from: before.trust, to: trust, why: doubt ?? whyOf(input, trust, reading), staffId });
    else if (this.#clock.mono() - this.#markedAt >= MARK_MS) this.#mark();
  }

  #tell(change: TrustChange): void {
    this.#sink?.changed(change);
    this.#mark();
  }

  #mark(): void {
    this.#markedAt = this.#clock.mono();
    this.#sink?.mark(this.#state.trustedAt, this.#state.syncedAt);
  }

  #read(): ClockReading {
    return { wall: this.#clock.wall(), bootMs: this.#kernel.bootMs(), ntp: this.#kernel.ntp() };
  }
}

function whyOf(input: TrustInput, trust: ClockTrust, { ntp }: ClockReading): TrustChange['why'] {
  if (ntp) return 'ntp';
  if (input.on === 'confirmed') return 'confirmed';
  return trust === 'synced' ? 'hub' : 'ntp-gone';
}
