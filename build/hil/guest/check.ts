/** What a check in the guest is, and what it may ask for. */
import type { SystemClock } from '../../../device/clock/system.ts';
import type { Wish } from '../talk.ts';
import type { WaitOptions } from './wait.ts';

export interface Guest {
  readonly clock: SystemClock;
  /** Loads kernel modules, each with its options. */
  modprobe(...modules: readonly (string | readonly [name: string, ...options: string[]])[]): void;
  /** Has the host do something to the machine. @returns what it answered */
  wish(wish: Wish): Promise<string>;
  /** Waits until `probe` gives something other than undefined, null or false, and returns that. */
  wait<T>(what: string, probe: () => T | undefined | null | false, options?: WaitOptions): Promise<T>;
  /** Runs after the check, the last one first. */
  after(cleanUp: () => void | Promise<void>): void;
  /** The rest of this check is the machine's reset, of which `sign` on the console tells. */
  resetIsDue(withinMs: number, sign: string): void;
}

export interface Check {
  readonly name: string;
  run(guest: Guest): Promise<void>;
}

export interface Suite {
  readonly name: string;
  /** One after the other. Each gets what its story needs and cleans up after itself. */
  readonly checks: readonly Check[];
}
