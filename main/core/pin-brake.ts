/** How wrong PINs are slowed (guarantees 4.3). Times are milliseconds of one clock. */

export interface Trials {
  /** Wrong ones. */
  readonly failures: number;
  readonly failedAt: number;
}

export interface Brake {
  /** As many are free. */
  readonly free: number;
  /** After the first that isn't; doubled with each further one. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** After this time one is forgotten, after twice this time two. */
  readonly forgottenMs: number;
}

/** Of one person's PIN, and of the setup code: at most four tries an hour in the end, and a hundred a day. */
export const PERSON_BRAKE: Brake = { free: 2, firstMs: 5_000, mostMs: 900_000, forgottenMs: 86_400_000 };
/** Of all PINs together. It never keeps staff out for longer than a minute, since anybody may type wrong ones. */
export const UNIT_BRAKE: Brake = { free: 9, firstMs: 2_000, mostMs: 60_000, forgottenMs: 120_000 };

export const NO_TRIALS: Trials = { failures: 0, failedAt: 0 };

/** Those that are not forgotten. */
export function failuresAt({ failures, failedAt }: Trials, now: number, { forgottenMs }: Brake): number {
  return Math.max(0, failures - Math.floor(Math.max(0, now - failedAt) / forgottenMs));
}

/** How long to wait before the next, from now on. */
export function waitMs(trials: Trials, now: number, brake: Brake): number {
  const beyond = trials.failures - brake.free;
  if (beyond <= 0) return 0;
  const pauseMs = Math.min(brake.mostMs, brake.firstMs * 2 ** (beyond - 1));
  // A clock that was set back makes no pause longer.
  return Math.max(0, pauseMs - Math.max(0, now - trials.failedAt));
}

/** How many may be wrong yet; the last of them brings a pause. 0: it has come. */
export function triesLeft(trials: Trials, now: number, brake: Brake): number {
  return Math.max(0, brake.free + 1 - failuresAt(trials, now, brake));
}

export function failed(trials: Trials, now: number, brake: Brake): Trials {
  return { failures: failuresAt(trials, now, brake) + 1, failedAt: now };
}
