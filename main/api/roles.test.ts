// Every call names who may make it. Whoever stands before the screen, each of the staff and each technician tries all of
// them: what is allowed is asked of the controller, what isn't never gets there.
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { ROLES, type Role } from '../contract/staff.ts';
import { API_LIMITS } from './limits.ts';
import { kioskRouter } from './router.ts';
import { StaffSession } from './staff-session.ts';
import { SimStaffSource } from './test-staff.ts';
import { SimPageSource } from './testing.ts';

const EVERYBODY = [
  ...['watch', 'scan', 'choose', 'callStaff', 'placeCode', 'issueCard', 'withdrawCard', 'carryOver'],
  ...['staff.who', 'staff.signIn', 'staff.makeFirstManager', 'staff.signOut'],
];
const SIGNED_IN = [
  ...['staff.stay', 'staff.changePin', 'act.takeAlarm'],
  ...['look.site', 'look.roll', 'look.alarms', 'look.clock', 'look.devices', 'look.health'],
];
const DOORS = ['act.open', 'act.holdOpen', 'act.endHold', 'act.lockDown', 'act.endLockdown'];
const MEMBERS = ['act.letIn', 'act.undo', 'act.endStay', 'act.redeem', 'act.issueTicket'];
const CODES = ['act.visitorPass', 'act.endVisitorPass', 'act.staffCode', 'act.endStaffCode'];
const LOOKS = [
  ...['look.inside', 'look.live', 'look.why', 'look.traffic', 'look.overLimit', 'look.member', 'look.code'],
  ...['look.usage', 'look.visits', 'look.ticketUses', 'look.visitorPasses', 'look.staffCodes', 'look.search'],
  ...['look.passages', 'look.heldTicket'],
];
const DESK = [...DOORS, ...MEMBERS, ...CODES, ...LOOKS];
const MANAGER = ['staff.team', 'staff.add', 'staff.change', 'staff.remove', 'act.resetFire', 'act.confirmClock'];
const UNIT = [
  ...[
    'look.logTail',
    'look.diagnostics',
    'setup.watch',
    'setup.find',
    'setup.tryConfig',
    'setup.applyConfig',
    'setup.pulse',
  ],
  ...['setup.note', 'setup.pair', 'setup.media', 'setup.importFile', 'setup.swap', 'setup.swapStick', 'setup.clock'],
  ...['setup.report', 'setup.reports', 'setup.readReport'],
];

const ALLOWED: Readonly<Record<Role, readonly string[]>> = {
  member: EVERYBODY,
  staff: [...EVERYBODY, ...SIGNED_IN, ...DESK],
  manager: [...EVERYBODY, ...SIGNED_IN, ...DESK, ...MANAGER, ...UNIT],
  technician: [...EVERYBODY, ...SIGNED_IN, ...UNIT],
};

const ALL = Object.keys(kioskRouter._def.procedures).sort();

/** Whether the call got past the check of roles, however it ends then. */
async function mayCall(role: Role, name: string): Promise<boolean> {
  const clock = new VirtualClock();
  const staff = new SimStaffSource();
  const session = new StaffSession(clock, staff, API_LIMITS);
  const person = staff.people.find((one) => one.role === role);
  if (person !== undefined) session.signIn(person);
  const yes = () => true;
  const client = {
    takeScan: yes,
    takeStaffCall: yes,
    takeSignIn: yes,
    takeWatch: () => yes,
    queuedMessages: 1,
    cut: yes,
  };
  const caller: unknown = kioskRouter.createCaller({ page: new SimPageSource(), staff, session, client });
  const call = name.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), caller);
  if (typeof call !== 'function') throw new Error(`${name} can't be called`);
  try {
    await call({});
    return true;
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    if (error.code === 'FORBIDDEN') expect(staff.asked).toStrictEqual([]);
    return error.code !== 'FORBIDDEN';
  }
}

test.each(ROLES)('%s may do exactly this', async (role) => {
  const may: string[] = [];
  for (const name of ALL) if (await mayCall(role, name)) may.push(name);
  expect(may).toStrictEqual([...ALLOWED[role]].sort());
});

test('nothing is left out, and nothing is without roles', () => {
  expect(ALL).toStrictEqual([...ALLOWED.manager].sort());
});
