/** All that the page's server asks of the controller for staff, in one place. */
import type { LookSource, StaffSource } from '../../api/staff-port.ts';
import { ok } from '../../core/result.ts';
import { StaffActs } from './acts.ts';
import { HistoryLooks } from './history-looks.ts';
import { MemberLooks } from './member-looks.ts';
import { searchMembers } from './member-search.ts';
import { Passages } from './passages.ts';
import { PinGate } from './pin-gate.ts';
import { SignIn } from './sign-in.ts';
import { Team } from './team.ts';
import { type UnitLookParts, UnitLooks } from './unit-looks.ts';

export function makeStaffSource(parts: UnitLookParts): Omit<StaffSource, 'setup'> {
  const { unit, store, clock } = parts;
  const { journal, staff } = unit;
  const signInParts = { store, journal, staff, gate: new PinGate(clock, store, journal) };
  const signIn = new SignIn(signInParts);
  return {
    who: () => signIn.who(),
    signIn: (staffId, pin) => signIn.signIn(staffId, pin),
    makeFirstManager: (input) => signIn.makeFirstManager(input),
    isStill: (person) => signIn.isStill(person),
    signedOut: (person, why) => signIn.signedOut(person, why),
    team: new Team(signInParts, signIn),
    acts: new StaffActs(unit, store, clock),
    looks: looksOf(parts),
  };
}

function looksOf(parts: UnitLookParts): LookSource {
  const { unit, store, clock } = parts;
  const history = new HistoryLooks({ store, site: unit.site, clock, waiting: unit.journal.waiting });
  const members = new MemberLooks(unit, store);
  const own = new UnitLooks(parts);
  const passages = new Passages(unit, store, clock);
  return {
    site: () => own.site(),
    roll: () => history.roll(),
    inside: (input) => history.inside(input),
    live: (input) => passages.live(input),
    heldTicket: ({ doorId }, listener) => unit.lent.lend(doorId, listener),
    passages: (listener) => passages.subscribe(listener),
    why: (input) => members.why(input),
    member: (input) => members.member(input),
    code: (input) => members.code(input),
    search: ({ text }, signal) => searchMembers(store, clock, text, signal),
    traffic: (input) => history.traffic(input),
    overLimit: (input) => history.overLimit(input),
    usage: (input) => history.usage(input),
    visits: (input) => history.visits(input),
    ticketUses: (input) => history.ticketUses(input),
    alarms: () => ok(unit.alarms.list()),
    visitorPasses: () =>
      ok(store.ownCodes.passes(unit.watch.trustedAt).map((pass) => ({ ...pass, doorIds: [...pass.doorIds] }))),
    staffCodes: () => ok(store.ownCodes.staffCodes()),
    clock: () => own.clock(),
    devices: () => own.devices(),
    health: () => own.health(),
    logTail: (input) => own.logTail(input),
    diagnostics: () => own.diagnostics(),
  };
}
