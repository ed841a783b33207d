/**
 * Can the wall clock be believed? A reducer over readings of the machine's clocks (guarantees 1.7). Doubt ends by NTP,
 * by the hub's signed time, or by a manager who confirms the time shown; a doubtful clock that looks good again stays
 * doubtful. All times are epoch ms but `bootMs`, which counts on through sleep and never jumps (CLOCK_BOOTTIME).
 */
import type { ClockTrust } from './clock.ts';

/** Why nobody knows the time. */
export type Doubt =
  /** It says a time before this program was built. */
  | 'before-build'
  /** At the start it was before the last event that was recorded by a trusted clock. */
  | 'before-record'
  /** The run before ended in doubt, and nobody has vouched for the clock since. */
  | 'unconfirmed'
  /** It jumped by more than a minute, and not because NTP set it. */
  | 'jumped'
  /** Nobody has set or confirmed it for more than a year. */
  | 'long-unset';

export interface ClockReading {
  readonly wall: number;
  readonly bootMs: number;
  /** The kernel says that NTP keeps the wall clock right. */
  readonly ntp: boolean;
}

/** What outlives a restart. */
export interface ClockPast {
  /** Of the last event recorded by a trusted clock; null: there is none. */
  readonly trustedAt: number | null;
  /** When NTP, the hub or a manager last vouched for the clock; null: never. */
  readonly syncedAt: number | null;
  /** The run before ended in doubt. */
  readonly doubtful: boolean;
  readonly builtAt: number;
}

export interface TrustState {
  readonly trust: ClockTrust;
  /** null unless doubtful. */
  readonly doubt: Doubt | null;
  /** The last time that could be believed: now, or while doubtful the last before the doubt. */
  readonly trustedAt: number;
  readonly syncedAt: number;
  readonly builtAt: number;
  /** `wall - bootMs` when the clock was last vouched for: without a jump it stays the same. */
  readonly offset: number;
}

export type TrustInput =
  | { readonly on: 'tick' }
  /** Time of the hub, its signature checked. */
  | { readonly on: 'hub'; readonly at: number }
  /** A manager says that the time on the screen is right. */
  | { readonly on: 'confirmed' };

/** Steps of the wall clock may add up to this before they count as a jump. The hub's time may differ by as much. */
export const JUMP_MS = 60_000;
export const LONGEST_UNSET_MS = 366 * 86_400_000;

export function trustAtStart(reading: ClockReading, past: ClockPast): TrustState {
  const { wall } = reading;
  const { builtAt } = past;
  // Whoever built the program knew the time: an unset clock is believed for a year from then on.
  const syncedAt = past.syncedAt ?? builtAt;
  const trustedAt = past.trustedAt ?? builtAt;
  const state = { syncedAt, trustedAt, builtAt, offset: wall - reading.bootMs };
  if (wall < builtAt) return { ...state, trust: 'doubtful', doubt: 'before-build' };
  if (reading.ntp) return vouchedFor(state, reading, 'synced');
  if (wall < trustedAt) return { ...state, trust: 'doubtful', doubt: 'before-record' };
  if (past.doubtful) return { ...state, trust: 'doubtful', doubt: 'unconfirmed' };
  return heldOn(state, wall);
}

export function stepTrust(state: TrustState, input: TrustInput, reading: ClockReading): TrustState {
  const { wall } = reading;
  if (wall < state.builtAt) return doubtful(state, 'before-build');
  if (reading.ntp || (input.on === 'hub' && Math.abs(wall - input.at) <= JUMP_MS))
    return vouchedFor(state, reading, 'synced');
  if (input.on === 'confirmed') return vouchedFor(state, reading, 'held');
  if (state.trust === 'doubtful') return state;
  if (Math.abs(wall - reading.bootMs - state.offset) > JUMP_MS) return doubtful(state, 'jumped');
  return heldOn(state, wall);
}

function heldOn(state: Omit<TrustState, 'trust' | 'doubt'>, wall: number): TrustState {
  if (wall - state.syncedAt > LONGEST_UNSET_MS) return { ...state, trust: 'doubtful', doubt: 'long-unset' };
  return { ...state, trust: 'held', doubt: null, trustedAt: wall };
}

/** The first reason stays: later ones follow from it. */
function doubtful(state: TrustState, doubt: Doubt): TrustState {
  return state.trust === 'doubtful' ? state : { ...state, trust: 'doubtful', doubt };
}

function vouchedFor(
  state: Omit<TrustState, 'trust' | 'doubt'>,
  { wall, bootMs }: ClockReading,
  trust: 'synced' | 'held',
): TrustState {
  return { ...state, trust, doubt: null, trustedAt: wall, syncedAt: wall, offset: wall - bootMs };
}
