/** Erases a member while doors are served. */
import type { Clock, ClockTrust } from '../core/clock.ts';
import { type Erasure, eraseMember } from '../store/erase.ts';
import type { Store } from '../store/store.ts';
import type { ControlAnswer } from './control.ts';

export function eraseByControl(store: Store, clock: Clock, trust: ClockTrust, memberId: string): ControlAnswer {
  const erased = eraseMember(store, memberId, { at: clock.wall(), clock: trust });
  if (!erased.ok) return { ok: false, lines: [erased.error.detail] };
  if (erased.value !== null) return { ok: true, lines: erasedLines(erased.value) };
  return { ok: false, lines: [NOBODY] };
}

/** Not the id: whoever mistakes a code for it must not find that in a log. */
export const NOBODY = 'nothing is stored of a member of this id: check the id';

/** What was erased, for whoever asked. */
export function erasedLines({ rows }: Erasure): string[] {
  const { members, contracts, tickets, reservations, usage, ticketUses, stays } = rows;
  const counts = Object.entries({ members, contracts, tickets, reservations, usage, ticketUses, stays });
  return [
    `erased: ${counts.map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    'events keep the id, which leads to nobody any more',
    'whoever holds the member still, a bundle to import or a backup, brings them back',
  ];
}
