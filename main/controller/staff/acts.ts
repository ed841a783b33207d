/** What staff do through the page: the same orders and acts as from elsewhere, with who and why. */
import type { ActSource, Person } from '../../api/staff-port.ts';
import type { StaffFault } from '../../contract/staff.ts';
import type { Clock } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Store } from '../../store/store.ts';
import { letIn } from '../override.ts';
import { endStay, undoEntry } from '../staff-acts.ts';
import type { Unit } from '../unit.ts';
import { endStaffCode, endVisitorPass, staffCode, visitorPass } from './codes.ts';
import { issueTicket, redeem } from './tickets.ts';

type Act<K extends keyof ActSource> = ReturnType<ActSource[K]>;
type Input<K extends keyof ActSource> = Parameters<ActSource[K]>[1];

export class StaffActs implements ActSource {
  readonly #unit: Unit;
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(unit: Unit, store: Store, clock: Clock) {
    this.#unit = unit;
    this.#store = store;
    this.#clock = clock;
  }

  open({ staffId }: Person, { doorId, why }: Input<'open'>): Act<'open'> {
    return asEvent(this.#unit.doors.desk.open(doorId, staffId, { why }));
  }

  holdOpen({ staffId }: Person, { doorId, until, why }: Input<'holdOpen'>): Act<'holdOpen'> {
    return done(this.#unit.doors.desk.holdOpen(doorId, until, staffId, { why }));
  }

  endHold({ staffId }: Person, { doorId, why }: Input<'endHold'>): Act<'endHold'> {
    return done(this.#unit.doors.desk.holdOpen(doorId, null, staffId, { why }));
  }

  lockdown({ staffId }: Person, { doorId, why }: Input<'lockdown'>, active: boolean): Act<'lockdown'> {
    return done(this.#unit.doors.desk.lockdown(doorId, active, staffId, { why }));
  }

  resetFire({ staffId }: Person): Act<'resetFire'> {
    return done(this.#unit.doors.desk.resetFire(staffId));
  }

  confirmClock({ staffId }: Person, { shownAt }: Input<'confirmClock'>): Act<'confirmClock'> {
    return done(this.#unit.watch.confirm(staffId, shownAt));
  }

  letIn({ staffId }: Person, { doorId, memberId, consume, why }: Input<'letIn'>): Act<'letIn'> {
    const { journal, site, doors } = this.#unit;
    return asEvent(letIn({ clock: this.#clock, journal, site, doors }, { doorId, memberId, consume, why, staffId }));
  }

  undo({ staffId }: Person, { event }: Input<'undo'>): Act<'undo'> {
    const undone = undoEntry(this.#parts(), event, staffId);
    if (!undone.ok) return undone;
    const { bands, uses, stays } = undone.value;
    return ok({ bands, uses, stays });
  }

  endStay({ staffId }: Person, { memberId, placeId }: Input<'endStay'>): Act<'endStay'> {
    const ended = endStay(this.#parts(), memberId, placeId, staffId);
    return ended.ok ? ok({ ended: ended.value }) : ended;
  }

  redeem(by: Person, input: Input<'redeem'>): Act<'redeem'> {
    return redeem(this.#unit, by, input);
  }

  issueTicket(by: Person, input: Input<'issueTicket'>): Act<'issueTicket'> {
    return issueTicket(this.#unit, by, input);
  }

  visitorPass(by: Person, input: Input<'visitorPass'>): Act<'visitorPass'> {
    return visitorPass(this.#unit, by, input);
  }

  endVisitorPass(by: Person, input: Input<'endVisitorPass'>): Act<'endVisitorPass'> {
    return endVisitorPass(this.#unit, by, input);
  }

  staffCode(by: Person, input: Input<'staffCode'>): Act<'staffCode'> {
    return staffCode(this.#unit, by, input);
  }

  endStaffCode(by: Person, input: Input<'endStaffCode'>): Act<'endStaffCode'> {
    return endStaffCode(this.#unit, by, input);
  }

  /** Silence doesn't wait for the record. */
  takeAlarm({ staffId }: Person, { id }: Input<'takeAlarm'>): Act<'takeAlarm'> {
    const { alarms, journal } = this.#unit;
    const found = alarms.find(id);
    if (found === null) return err('no-alarm');
    if (found.takenBy !== null) return err('twice');
    const { doorId, alarm } = found;
    this.#unit.takeAlarm(id, staffId);
    journal.note({ type: 'staff', doorId, detail: { what: 'take-alarm', alarm, staffId } });
    return ok(null);
  }

  #parts() {
    const { journal, site } = this.#unit;
    return { store: this.#store, clock: this.#clock, journal, site };
  }
}

function asEvent(result: Result<number, StaffFault>): Act<'open'> {
  return result.ok ? ok({ event: result.value }) : result;
}

function done(result: Result<void, StaffFault>): Result<null, StaffFault> {
  return result.ok ? ok(null) : result;
}
