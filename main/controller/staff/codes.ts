/** Codes that staff make: passes for visitors, and their own. The text is told once, to who made it. */
import type { ActSource, Person } from '../../api/staff-port.ts';
import { err, ok } from '../../core/result.ts';
import { DAY_MS } from '../../core/time/day.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Unit } from '../unit.ts';

type Act<K extends keyof ActSource> = ReturnType<ActSource[K]>;
type Input<K extends keyof ActSource> = Parameters<ActSource[K]>[1];

export const LONGEST_VISIT_MS = 31 * DAY_MS;
const MOST_PASSES = 1_000;

export function visitorPass(unit: Unit, by: Person, { until, doorIds }: Input<'visitorPass'>): Act<'visitorPass'> {
  unit.watch.look();
  // Nobody could tell when it ends.
  if (unit.trust === 'doubtful') return err('clock');
  const here = new Set(unit.config.doors.map(({ id }) => id));
  if (!doorIds.every((id) => here.has(id))) return err('no-door');
  const at = unit.watch.trustedAt;
  if (until <= at || until > at + LONGEST_VISIT_MS) return err('bad-until');
  const doors = [...new Set(doorIds)];
  return unit.journal.act((writer, note): Act<'visitorPass'> => {
    if (writer.ownCodes.passes(at).length >= MOST_PASSES) return err('too-many');
    const made = writer.ownCodes.makePass(until, doors, at);
    const detail = { what: 'visitor-pass', staffId: by.staffId, pass: made.id, until: formatInstant(until), doors };
    const seq = note({ type: 'staff', detail });
    writer.held.keep('visitor-pass', { ...made, until, doorIds: doors }, { seq, at, memberId: null });
    return ok(made);
  });
}

export function endVisitorPass(unit: Unit, by: Person, { id }: Input<'endVisitorPass'>): Act<'endVisitorPass'> {
  return unit.journal.act((writer, note): Act<'endVisitorPass'> => {
    if (!writer.ownCodes.endPass(id)) return err('no-code');
    note({ type: 'staff', detail: { what: 'end-visitor-pass', staffId: by.staffId, pass: id } });
    return ok(null);
  });
}

export function staffCode(unit: Unit, by: Person, { staffId }: Input<'staffCode'>): Act<'staffCode'> {
  const whose = staffId ?? by.staffId;
  if (whose !== by.staffId && by.role !== 'manager') return err('not-allowed');
  const person = unit.staff.find(whose);
  if (person === undefined) return err('no-staff');
  // A technician's would open nothing.
  if (person.role === 'technician') return err('not-allowed');
  return unit.journal.act((writer, note): Act<'staffCode'> => {
    const made = writer.ownCodes.makeStaffCode(whose, unit.watch.trustedAt);
    note({ type: 'staff', detail: { what: 'staff-code', staffId: by.staffId, person: whose, code: made.id } });
    return ok(made);
  });
}

export function endStaffCode(unit: Unit, by: Person, { id }: Input<'endStaffCode'>): Act<'endStaffCode'> {
  return unit.journal.act((writer, note): Act<'endStaffCode'> => {
    const found = writer.ownCodes.staffCodes().find((code) => code.id === id);
    if (found === undefined) return err('no-code');
    if (found.staffId !== by.staffId && by.role !== 'manager') return err('not-allowed');
    writer.ownCodes.endStaffCode(id);
    note({ type: 'staff', detail: { what: 'end-staff-code', staffId: by.staffId, person: found.staffId, code: id } });
    return ok(null);
  });
}
