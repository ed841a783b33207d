/**
 * The one door to time. Rules and audit use the wall clock, pulses and timeouts the monotonic one; nothing else in the
 * house reads a clock or starts a timer. `device/clock/system.ts` is the real one, `device/clock/virtual.ts` the tests'.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump. */
  wall(): number;
  /** Milliseconds of CLOCK_MONOTONIC, with a fraction. The same count in every process of the machine. */
  mono(): number;
  /** Calls `run` once, `delayMs` (0 or more) from now. */
  after(name: TimerName, delayMs: number, run: () => void): Timer;
  /** What is waiting, for diagnostics and for tests that nothing was left behind. */
  timers(): readonly PendingTimer[];
}

/** What the timer is for, as support would call it: `front relock`. */
export type TimerName = string;

export interface Timer {
  /** Does nothing once it has run. */
  cancel(): void;
}

export interface PendingTimer {
  readonly name: TimerName;
  readonly dueMono: number;
}

/**
 * How far the wall clock can be believed.
 * `synced`: set by NTP or the hub; `held`: kept on from a trusted time; `doubtful`: nobody knows what time it is.
 */
export type ClockTrust = 'synced' | 'held' | 'doubtful';
