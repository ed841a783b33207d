/** What staff do to what is on record: take an entry back, end a stay. Each act is an event that says who did it. */
import type { Clock } from '../core/clock.ts';
import { openStays } from '../core/decide.ts';
import { factsWindow, momentOf } from '../core/moment.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Store } from '../store/store.ts';
import type { GivenBack } from '../store/undo.ts';
import type { ControlAnswer, ControlRequest } from './control.ts';
import type { Journal, UndoFault } from './journal.ts';
import type { SiteCache } from './site-cache.ts';

export interface StaffParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly site: SiteCache;
}

export type StaffFault = UndoFault | 'no-site' | 'no-staff' | 'no-place' | 'no-member' | 'not-inside';

/** @param of the entry's event, at most 15 minutes old */
export function undoEntry(parts: StaffParts, of: number, staffId: string): Result<GivenBack, StaffFault> {
  const site = parts.site.get();
  if (site === null) return err('no-site');
  if (!isStaff(parts.store, staffId)) return err('no-staff');
  const { businessDay } = momentOf(site.rules, parts.clock.wall());
  return parts.journal.undo(of, { by: 'staff', staffId }, businessDay);
}

/**
 * Ends the open stays of a member who left without a scan: no fee, no exit, and the way in is free again.
 * @returns how many ended
 */
export function endStay(
  { store, clock, journal, site }: StaffParts,
  memberId: string,
  placeId: string,
  staffId: string,
): Result<number, StaffFault> {
  const here = site.get();
  if (here === null) return err('no-site');
  if (!isStaff(store, staffId)) return err('no-staff');
  if (!here.data.places.some(({ id }) => id === placeId)) return err('no-place');
  const { rules } = here;
  const at = clock.wall();
  return journal.act((writer, note): Result<number, StaffFault> => {
    const member = writer.facts.memberById(memberId, placeId, factsWindow(rules, at));
    if (member === null) return err('no-member');
    const leave = openStays(rules, member, at).map(({ id }) => id);
    if (leave.length === 0) return err('not-inside');
    const seq = note({ type: 'staff', detail: { what: 'end-stay', staffId, memberId, placeId } });
    const { businessDay } = momentOf(rules, at);
    writer.history.apply(seq, at, memberId, { ...NOTHING_ELSE, businessDay, leave });
    return ok(leave.length);
  });
}

const NOTHING_ELSE = { consumed: null, reused: null, inside: null, enter: null } as const;

function isStaff(store: Store, staffId: string): boolean {
  return store.staff.list().some(({ id }) => id === staffId);
}

const FAULTS: Readonly<Record<StaffFault, string>> = {
  'no-site': 'there is no site yet: import one',
  'no-staff': 'nobody of the staff has this id: the settings name the staff',
  'no-place': 'the site has no place of this id',
  'no-member': 'there is no member of this id',
  'not-inside': 'this member is not inside there, as far as the record knows',
  'no-entry': 'this is not the event of a granted entry: see `genkan events`',
  twice: 'this entry was taken back before',
  'too-late': 'the entry is more than 15 minutes old',
  store: 'the record can’t be written: see healthz',
};

type StaffRequest = Extract<ControlRequest, { do: 'undo' | 'end-stay' }>;

/** For the `genkan` command. */
export function staffActByControl(parts: StaffParts, request: StaffRequest): ControlAnswer {
  const done =
    request.do === 'undo'
      ? undoEntry(parts, request.of, request.staffId)
      : endStay(parts, request.memberId, request.placeId, request.staffId);
  if (!done.ok) return { ok: false, lines: [FAULTS[done.error]] };
  if (typeof done.value === 'number') return { ok: true, lines: [`ended: stays ${done.value}`] };
  const { bands, uses, stays } = done.value;
  return { ok: true, lines: [`taken back: counted dates ${bands}, ticket uses ${uses}, stays ${stays}`] };
}
