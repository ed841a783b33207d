/**
 * What staff may do through the kiosk's page. A session begins with a member's rights; signing in with a PIN gives it
 * those of a person, until nothing was called for a while. Each answer says how long that is.
 */
import * as z from 'zod';
import { Id, Instant, LIMITS, OVERRIDE_REASONS, ReaderText } from './values.ts';

export const STAFF_ROLES = ['staff', 'manager', 'technician'] as const;
export const StaffRole = z.enum(STAFF_ROLES);
export type StaffRole = z.infer<typeof StaffRole>;

/** What a session may do: anybody's before the screen, or a signed-in person's. */
export const ROLES = ['member', ...STAFF_ROLES] as const;
export type Role = (typeof ROLES)[number];

/** Six digits or more. */
const Pin = z.string().regex(/^\d{6,12}$/);
const PersonName = z.string().trim().min(1).max(LIMITS.name);

/** Made anew by the page for each act: an act that is sent twice, also over a new connection, is done once. */
export const ActId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** Why it was not done. The page has the words. */
export const STAFF_FAULTS = [
  // Signing in.
  'wrong-pin',
  'wrong-code',
  /** Too many wrong ones before: `waitMs` says how long to wait. */
  'wait',
  /** Others are signing in: try again. */
  'busy',
  // The team.
  'weak-pin',
  'of-settings',
  'last-manager',
  'no-first-manager',
  'too-many',
  'no-staff',
  'not-allowed',
  // Doors.
  'no-door',
  'bad-until',
  'fire',
  'burning',
  'lock',
  // The clock.
  'trusted',
  'not-shown',
  'impossible',
  // Members, tickets and what is on record.
  'no-site',
  'no-member',
  'no-place',
  'not-inside',
  'no-entry',
  'twice',
  'too-late',
  'no-ticket',
  'no-type',
  'no-event',
  /** The event is no decision. */
  'no-decision',
  /** What it was decided from is no longer kept. */
  'not-kept',
  'altered',
  'no-alarm',
  'no-code',
  /** The clock is doubtful, and this depends on it. */
  'clock',
  /** The record can't be written. */
  'store',
] as const;
export const StaffFault = z.enum(STAFF_FAULTS);
export type StaffFault = z.infer<typeof StaffFault>;

/**
 * `signedOutInMs`: the person is signed out after that time without a further call; null: nobody is signed in.
 * `triesLeft`: after a wrong PIN or code, as many may be wrong yet, the last of which brings a pause; 0: it has come.
 */
export function answerOf<T extends z.ZodType>(value: T) {
  const signedOutInMs = z.int().nullable();
  return z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value, signedOutInMs }),
    z.strictObject({
      ok: z.literal(false),
      fault: StaffFault,
      waitMs: z.int().nullable(),
      triesLeft: z.int().min(0).nullable(),
      signedOutInMs,
    }),
  ]);
}

export const Done = answerOf(z.null());

// Signing in

export const Person = z.strictObject({ staffId: Id, name: PersonName, role: StaffRole });
export type Person = z.infer<typeof Person>;

export const WhoOutput = z.strictObject({
  people: z.array(Person).max(1_000),
  /** Nobody is a manager yet: the setup code makes the first. Until then there is no staff button. */
  firstManager: z.boolean(),
  signedIn: Person.nullable(),
  signedOutInMs: z.int().nullable(),
});
export type WhoOutput = z.infer<typeof WhoOutput>;

export const SignInInput = z.strictObject({ staffId: Id, pin: Pin });
export const SignInOutput = answerOf(Person);
/** The 8 digits of `genkan setup-code`. */
export const FirstManagerInput = z.strictObject({ code: z.string().regex(/^\d{8}$/), name: PersonName, pin: Pin });

// The team: those made on this unit, beside those of the settings, who win by id

export const TeamOutput = answerOf(
  z.array(Person.extend({ from: z.enum(['unit', 'settings']), codes: z.int() })).max(1_000),
);
export const AddStaffInput = z.strictObject({ act: ActId, name: PersonName, role: StaffRole, pin: Pin });
export const AddStaffOutput = answerOf(Person);
/** null: as it was. */
export const ChangeStaffInput = z.strictObject({
  act: ActId,
  staffId: Id,
  name: PersonName.nullable(),
  role: StaffRole.nullable(),
  pin: Pin.nullable(),
});
export const RemoveStaffInput = z.strictObject({ act: ActId, staffId: Id });
/** One's own. */
export const ChangePinInput = z.strictObject({ act: ActId, pin: Pin, newPin: Pin });

// Acts: each of them is on the record, with who and why

export const ORDER_REASONS = [
  'delivery',
  'guest',
  'event',
  'cleaning',
  'maintenance',
  'danger',
  'closing',
  'other',
] as const;
const Why = z.enum(ORDER_REASONS);
const EventNumber = z.int();

export const OpenInput = z.strictObject({ act: ActId, doorId: Id, why: Why });
export const OpenOutput = answerOf(z.strictObject({ event: EventNumber }));
/** At most 24 h from now. */
export const HoldOpenInput = z.strictObject({ act: ActId, doorId: Id, until: Instant, why: Why });
export const EndHoldInput = z.strictObject({ act: ActId, doorId: Id, why: Why });
/** `doorId` null: all doors. Exits go on. */
export const LockdownInput = z.strictObject({ act: ActId, doorId: Id.nullable(), why: Why });
export const ResetFireInput = z.strictObject({ act: ActId });
/** `shownAt`: the time that stood on the screen. */
export const ConfirmClockInput = z.strictObject({ act: ActId, shownAt: Instant });

/** `memberId` null: a guest whom nobody knows. `consume`: count it where the rules would. */
export const LetInInput = z.strictObject({
  act: ActId,
  doorId: Id,
  memberId: Id.nullable(),
  consume: z.boolean(),
  why: z.enum(OVERRIDE_REASONS),
});
/** `event`: a granted entry of the last 15 minutes. */
export const UndoInput = z.strictObject({ act: ActId, event: EventNumber });
export const UndoOutput = answerOf(z.strictObject({ bands: z.int(), uses: z.int(), stays: z.int() }));
export const EndStayInput = z.strictObject({ act: ActId, memberId: Id, placeId: Id });
export const EndStayOutput = answerOf(z.strictObject({ ended: z.int() }));

/** A ticket of a member's list, or the text of its QR code, which `look.code` reads first. */
export const RedeemInput = z.strictObject({ act: ActId, ticketId: Id, uses: z.int().min(1).max(1_000) });
export const RedeemOutput = answerOf(z.strictObject({ event: EventNumber, memberId: Id, remaining: z.int() }));
export const IssueTicketInput = z.strictObject({ act: ActId, memberId: Id, typeId: Id });
export const IssueTicketOutput = answerOf(z.strictObject({ event: EventNumber, ticketId: Id, remaining: z.int() }));

/** Opens these doors until then, at most 31 days from now. */
export const VisitorPassInput = z.strictObject({ act: ActId, until: Instant, doorIds: z.array(Id).min(1).max(64) });
/** `text` is shown as a QR code, once: nobody can read it again. */
export const CodeOutput = answerOf(z.strictObject({ id: Id, text: ReaderText }));
/** `staffId` null: one's own; somebody else's takes a manager. The one before ends. */
export const StaffCodeInput = z.strictObject({ act: ActId, staffId: Id.nullable() });
/** Of a visitor pass, or of a staff code. */
export const EndCodeInput = z.strictObject({ act: ActId, id: Id });

/** `id` as in `look.alarms`. */
export const TakeAlarmInput = z.strictObject({ act: ActId, id: z.string().max(2_000) });
