/**
 * What controller and guard say to each other: JSON, one object a line, over the guard's standard input and output.
 * Parsed here by hand, since the guard may have no package but its drivers'. All times are CLOCK_MONOTONIC in ms, the
 * same count in both processes.
 *
 * The controller first sends `open`, then commands. End of input means that the controller is gone: everything rests.
 * Each door has its own count of `seq`, which only goes up; it begins anew with each guard.
 */
import type { DeviceState } from '../../device/ports.ts';

interface SerialRelay {
  readonly driver: 'serial-relay';
  /** Absolute, or relative to the guard's working directory. */
  readonly path: string;
  readonly baudRate: number;
  /** As the board's maker counts: LCUS from 1, the others from 0. */
  readonly channel: number;
}

/** How a line that energises something is reached. The controller's checked configuration, passed on. */
export type LockLine =
  | { readonly driver: 'sim' }
  | (SerialRelay & { readonly protocol: 'lcus'; readonly query: false })
  | (SerialRelay & { readonly protocol: 'numato'; readonly query: boolean })
  | (SerialRelay & { readonly protocol: 'modbus'; readonly unitId: number; readonly query: boolean })
  | {
      readonly driver: 'gpio';
      readonly chip: string | null;
      readonly line: number | string;
      readonly activeLow: boolean;
      readonly bias: 'as-is' | 'pull-up' | 'pull-down' | 'disabled';
    }
  | { readonly driver: 'gpio-sysfs'; readonly chip: string; readonly line: number; readonly activeLow: boolean }
  | {
      readonly driver: 'hid-relay';
      readonly serial: string | null;
      readonly channel: number;
      readonly query: boolean;
    };

/** An input of a relay board. */
export type InputLine =
  | (SerialRelay & { readonly protocol: 'numato' })
  | (SerialRelay & { readonly protocol: 'modbus'; readonly unitId: number });

export interface GuardedLock {
  readonly door: string;
  /** No command is longer than this; a longer one is cut to it. At most 10,000. */
  readonly maxPulseMs: number;
  readonly line: LockLine;
}

/**
 * An input or output that is no lock but sits on a relay board. Boards are the guard's, all of them: a port has one owner,
 * and a lock may be on it.
 */
export interface GuardedInput {
  /** `front exitButton` */
  readonly id: string;
  readonly line: InputLine;
  /** Active means that the board reads low, or off. */
  readonly activeLow: boolean;
  readonly debounceMs: number;
}

export interface GuardedOutput {
  readonly id: string;
  readonly line: LockLine;
}

export type ToGuard =
  /** Once, first. Each door once, each id once. */
  | {
      readonly do: 'open';
      readonly locks: readonly GuardedLock[];
      /** Left out: none. */
      readonly inputs?: readonly GuardedInput[];
      readonly outputs?: readonly GuardedOutput[];
    }
  /** Energise until `until`. A later command (higher seq) replaces the running one without the relay dropping. */
  | { readonly do: 'energise'; readonly door: string; readonly seq: number; readonly until: number }
  /**
   * Energise at `at`, at most 1 s from now, until `until`, unless another command for the door comes before that. A
   * running command goes on meanwhile.
   */
  | {
      readonly do: 'energise-at';
      readonly door: string;
      readonly seq: number;
      readonly at: number;
      readonly until: number;
    }
  /**
   * End the running command now. `seq` is that command's or higher; a lower one is stale and ends nothing. Answered also
   * where the line is at rest already.
   */
  | { readonly do: 'rest'; readonly door: string; readonly seq: number }
  /** Switches a lamp or a buzzer. It goes off when the guard ends, and when its board was away. */
  | { readonly do: 'output'; readonly id: string; readonly on: boolean }
  /** Simulated locks only: the line behaves as if it were pulled out, or is there again. */
  | { readonly do: 'plug'; readonly door: string; readonly there: boolean }
  /** A command may come within milliseconds: whoever sleeps is awake by then. Changes nothing. */
  | { readonly do: 'wake' }
  /** Answered by `pong` at once. */
  | { readonly do: 'ping' }
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
  | { readonly say: 'device'; readonly door: string; readonly state: DeviceState }
  | { readonly say: 'pong' }
  /** The state of an input or output. */
  | { readonly say: 'part'; readonly id: string; readonly state: DeviceState }
  /** An input's level: once when it is first known, then at every change. `mono`: since when. */
  | { readonly say: 'input'; readonly id: string; readonly active: boolean; readonly mono: number };

export const MOST_LOCKS = 64;
/** Four inputs, and three outputs, of each door. */
export const MOST_INPUTS = 4 * MOST_LOCKS;
export const MOST_OUTPUTS = 3 * MOST_LOCKS;
export const LONGEST_PULSE_MS = 10_000;
/** How far ahead an `energise-at` may be. */
export const LONGEST_DELAY_MS = 1_000;

/** The longest line that either side takes, in bytes. `open` with all there may be and paths of 500 bytes stays below. */
export const MAX_LINE = 524_288;
