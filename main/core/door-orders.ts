/**
 * What the orders and openings of a door mean for its lock, by one precedence (guarantees 1.3):
 *
 *   fire > exit > staff > lockdown > closed > interlock > hold > entry
 *
 * What stands higher ends at once what stands lower.
 */
import type { DoorMode, DoorState, Opening } from './door-model.ts';

/** What a door is doing, as staff and healthz are told. */
export type DoorPhase =
  | 'locked'
  | 'unlocking'
  | 'open'
  | 'closing'
  | 'held-unlocked'
  | 'lockdown'
  | 'closed'
  | 'fire'
  | 'fault';

/** Why nobody is let in now, so that nothing may be used up for it. Only `lock` and `interlock` are worth a wait. */
export type EntryBar = 'fire' | 'lockdown' | 'closed' | 'lock' | 'interlock';

/** A hold has no end of its own. */
export const HELD = Number.POSITIVE_INFINITY;

function isBarred({ lockdown, closed, interlocked }: DoorMode): boolean {
  return lockdown || closed || interlocked;
}

/** Until when the lock shall be released; `HELD` for a hold, null where it shall rest. */
export function releasedUntil({ mode, passages }: Pick<DoorState, 'mode' | 'passages'>, now: number): number | null {
  const barred = isBarred(mode);
  if (mode.fire || (mode.hold && !barred)) return HELD;
  const ends = passages.filter(({ by, until }) => until > now && (by !== 'entry' || !barred)).map(({ until }) => until);
  return ends.length === 0 ? null : Math.max(...ends);
}

export function entryBar({ ready, mode }: Pick<DoorState, 'ready' | 'mode'>): EntryBar | null {
  if (mode.fire) return 'fire';
  if (mode.lockdown) return 'lockdown';
  if (mode.closed) return 'closed';
  if (!ready) return 'lock';
  return mode.interlocked ? 'interlock' : null;
}

/** People get out, whatever holds; staff may open what can be opened. */
export function mayOpen(state: Pick<DoorState, 'ready' | 'mode'>, by: Opening): boolean {
  switch (by) {
    case 'exit':
      return true;
    case 'staff':
      return state.ready;
    case 'entry':
      return entryBar(state) === null;
  }
}

/** The lock is released, or about to be. */
export function isReleased({ energised, commandedUntil, holding }: DoorState): boolean {
  return energised || holding || commandedUntil !== null;
}

/** Somebody could walk through: the other door of an interlock stays shut. */
export function isPassable(state: DoorState): boolean {
  return isReleased(state) || state.leafOpen === true;
}

export function phaseOf(state: DoorState): DoorPhase {
  const { mode, ready, holding, leafOpen, alarms } = state;
  if (mode.fire) return 'fire';
  if (!ready) return 'fault';
  if (mode.lockdown) return 'lockdown';
  if (mode.closed) return 'closed';
  if (holding) return 'held-unlocked';
  const released = isReleased(state);
  if (leafOpen !== true) return released ? 'unlocking' : 'locked';
  if (released) return 'open';
  return alarms.includes('forced') ? 'locked' : 'closing';
}
