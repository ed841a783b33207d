/**
 * What to make of what comes, as rules without any I/O: which events are new, which were said before, and which
 * contradict what was said; which rows a unit takes.
 */
import type { Change } from './entities.ts';

export type Arrival =
  /** The next one: append it. */
  | 'new'
  /** Here already, the same: acknowledge it again. */
  | 'known'
  /** Another event under a number that is taken: keep it beside, and flag it. */
  | 'contradiction'
  /** One before it is missing: take nothing, and say up to where the record is whole. */
  | 'gap';

/**
 * @param head number of the last event that is here; 0: none
 * @param stored hash of the event's body that is here under `seq`; null: none
 * @param hash of the body that came
 */
export function arrivalOf(head: number, seq: number, stored: string | null, hash: string): Arrival {
  if (stored !== null) return stored === hash ? 'known' : 'contradiction';
  if (seq <= head) return 'known';
  return seq === head + 1 ? 'new' : 'gap';
}

/** Whether a row of the tenant's history is this unit's own: it has it from its own event. */
export function isOwn(change: Change, unit: string): boolean {
  return 'origin' in change && change.origin?.unit === unit;
}

/**
 * What a ticket has left at this unit.
 * @param remaining as the hub says @param unknownUses recorded here or by a peer, whose rows haven't come from the hub yet
 * @param undoneUses rows that came from the hub and were taken back here since
 */
export function remainingHere(remaining: number, unknownUses: number, undoneUses: number): number {
  return Math.max(0, remaining - unknownUses + undoneUses);
}

/** Whether a delta goes on from where the unit is; else it asks again from its own revision. */
export function fits(delta: { readonly from: number; readonly to: number }, revision: number): boolean {
  return delta.from === revision && delta.to > delta.from;
}
