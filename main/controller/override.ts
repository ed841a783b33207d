/** Staff let somebody in, whatever the rules say (entitlements 5): by name or unnamed, with a reason from the list. */
import type { OVERRIDE_REASONS } from '../contract/values.ts';
import type { Clock } from '../core/clock.ts';
import { decideOverride } from '../core/decide.ts';
import { factsWindow } from '../core/moment.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { DeskFault } from './door-desk.ts';
import type { Doors } from './doors.ts';
import type { Journal } from './journal.ts';
import type { SiteCache } from './site-cache.ts';

export interface Override {
  readonly doorId: string;
  /** null: a guest whom nobody knows. */
  readonly memberId: string | null;
  /** Count it where the rules would. */
  readonly consume: boolean;
  readonly why: (typeof OVERRIDE_REASONS)[number];
  readonly staffId: string;
}

export interface OverrideParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly site: SiteCache;
  readonly doors: Doors;
}

/** The door opens as for staff: through lockdown, closed hours and interlock. @returns the event's number */
export function letIn(parts: OverrideParts, override: Override): Result<number, DeskFault | 'no-site' | 'no-member'> {
  const { clock, journal, site, doors } = parts;
  const { doorId, memberId, consume, why, staffId } = override;
  const allowed = doors.desk.mayOpen(doorId, staffId);
  if (!allowed.ok) return allowed;
  const rules = site.get()?.rules;
  const door = rules?.doors.get(doorId);
  if (rules === undefined || door === undefined) return err('no-site');
  const at = clock.wall();
  const done = journal.act((writer, note): Result<number, 'no-member'> => {
    const member = memberId === null ? null : writer.facts.memberById(memberId, door.placeId, factsWindow(rules, at));
    if (memberId !== null && member === null) return err('no-member');
    const { result, changes } = decideOverride(rules, door, at, member, consume);
    const seq = note({ type: 'override', at, doorId, direction: 'in', result, detail: { why, consume, staffId } });
    writer.history.apply(seq, at, memberId, changes);
    writer.record.commanding(seq);
    return ok(seq);
  });
  if (done.ok) doors.input(doorId, { on: 'open', event: done.value, by: 'staff' });
  return done;
}
