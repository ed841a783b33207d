/**
 * What controller and guard say to each other: JSON, one object a line, over the guard's standard input and output.
 * Parsed here by hand, since the guard may have no package but its drivers'. All times are CLOCK_MONOTONIC in ms, the
 * same count in both processes.
 *
 * The controller first sends `open`, then commands. End of input means that the controller is gone: everything rests.
 * Each door has its own count of `seq`, which only goes up; it begins anew with each guard.
 */
import type { DeviceState } from '../../device/ports.ts';

/** How a lock's line is reached. The controller's checked configuration, passed on. */
export type LockLine =
  | { readonly driver: 'sim' }
  | {
      readonly driver: 'serial-relay';
      readonly protocol: 'lcus';
      /** Absolute, or relative to the guard's working directory. */
      readonly path: string;
      readonly baudRate: number;
      readonly channel: number;
      readonly query: boolean;
    };

export interface GuardedLock {
  readonly door: string;
  /** No command is longer than this; a longer one is cut to it. At most 10,000. */
  readonly maxPulseMs: number;
  readonly line: LockLine;
}

export type ToGuard =
  /** Once, first. Each door once. */
  | { readonly do: 'open'; readonly locks: readonly GuardedLock[] }
  /** Energise until `until`. A later command (higher seq) replaces the running one without the relay dropping. */
  | { readonly do: 'energise'; readonly door: string; readonly seq: number; readonly until: number }
  /**
   * End the running command now. `seq` is that command's or higher; a lower one is stale and ends nothing. Answered also
   * where the line is at rest already.
   */
  | { readonly do: 'rest'; readonly door: string; readonly seq: number }
  /** Simulated locks only: the line behaves as if it were pulled out, or is there again. */
  | { readonly do: 'plug'; readonly door: string; readonly there: boolean }
  /** Everything to rest, then exit 0; exit 1 when a line could not be put to rest within 500 ms. */
  | { readonly do: 'stop' };

export type FromGuard =
  /** The guard runs; every line that could be reached is at rest. */
  | { readonly say: 'ready'; readonly pid: number }
  /**
   * The line moved, because of command `seq`, at `mono`. `energised: false` also when the command ended by itself or its
   * line came back. An `energise` that only moves the end of the running one is not answered.
   */
  | {
      readonly say: 'line';
      readonly door: string;
      readonly seq: number;
      readonly energised: boolean;
      readonly mono: number;
    }
  /**
   * Command `seq` could not be carried out, or not to its end: it is over. Where the line may be energised all the same,
   * the guard goes on putting it to rest until it can say `line` with `energised: false`.
   */
  | { readonly say: 'failed'; readonly door: string; readonly seq: number; readonly detail: string }
  | { readonly say: 'device'; readonly door: string; readonly state: DeviceState };

export const MOST_LOCKS = 64;
export const LONGEST_PULSE_MS = 10_000;

/** The longest line that either side takes, in bytes. `open` with 64 locks, each with the longest path, stays below. */
export const MAX_LINE = 524_288;
