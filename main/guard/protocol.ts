/**
 * What controller and guard say to each other: JSON, one object a line, over the guard's standard input and output.
 * Parsed here by hand, since the guard may have no package but its drivers'. All times are CLOCK_MONOTONIC in ms, the
 * same count in both processes.
 *
 * The controller first sends `open`, then commands. End of input means that the controller is gone: everything rests.
 */
import type { DeviceState } from '../../device/ports.ts';

/** How a lock's line is reached. The controller's checked configuration, passed on. */
export type LockLine =
  | { readonly driver: 'sim' }
  | {
      readonly driver: 'serial-relay';
      readonly protocol: 'lcus';
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
  | { readonly do: 'open'; readonly locks: readonly GuardedLock[] }
  /** Energise until `until`. A later command (higher seq) replaces the running one without the relay dropping. */
  | { readonly do: 'energise'; readonly door: string; readonly seq: number; readonly until: number }
  /** End the running command now. */
  | { readonly do: 'rest'; readonly door: string; readonly seq: number }
  /** Simulated locks only: the line behaves as if it were pulled out, or is there again. */
  | { readonly do: 'plug'; readonly door: string; readonly there: boolean }
  /** Everything to rest, then exit 0. */
  | { readonly do: 'stop' };

export type FromGuard =
  /** The guard runs; every line that could be reached is at rest. */
  | { readonly say: 'ready'; readonly pid: number }
  /** The line moved, because of command `seq`, at `mono`. `energised: false` also when the command ended by itself. */
  | {
      readonly say: 'line';
      readonly door: string;
      readonly seq: number;
      readonly energised: boolean;
      readonly mono: number;
    }
  /** Command `seq` could not be carried out. */
  | { readonly say: 'failed'; readonly door: string; readonly seq: number; readonly detail: string }
  | { readonly say: 'device'; readonly door: string; readonly state: DeviceState };

/** The longest line that either side takes, in characters. `open` with 64 locks stays well below. */
export const MAX_LINE = 65_536;
