/** What the page's server needs of the controller for staff. Faults are codes; the page has the words. */
import type * as z from 'zod';
import type * as looks from '../contract/looks.ts';
import type * as staff from '../contract/staff.ts';
import type { Result } from '../core/result.ts';
import type { SetupSource } from './setup-port.ts';

export type { Person, StaffFault } from '../contract/staff.ts';

type Person = staff.Person;
type Fault = staff.StaffFault;
type In<T extends z.ZodType> = z.infer<T>;
/** The value of an answer. */
type Of<T extends z.ZodType> =
  Extract<z.infer<T>, { readonly ok: true }> extends { readonly value: infer V } ? V : never;
type Answered<T extends z.ZodType> = Result<Of<T>, Fault>;

/**
 * `waitMs`: how long until it may be tried again. `triesLeft`: after a wrong one, as many may be wrong yet, the last of
 * which brings a pause; 0: it has come. null: nothing was tried.
 */
export interface SignInRefusal {
  readonly fault: Fault;
  readonly triesLeft: number | null;
  readonly waitMs: number | null;
}

export type SignOutReason = 'asked' | 'idle' | 'page-gone' | 'changed' | 'another';

export interface SignInSource {
  who(): Pick<staff.WhoOutput, 'people' | 'firstManager'>;
  signIn(staffId: string, pin: string): Promise<Result<Person, SignInRefusal>>;
  makeFirstManager(input: In<typeof staff.FirstManagerInput>): Promise<Result<Person, SignInRefusal>>;
  /** Nobody has taken this person off the list since, nor changed the role or the PIN. */
  isStill(person: Person): boolean;
  /** For the record. */
  signedOut(person: Person, why: SignOutReason): void;
}

export interface TeamSource {
  list(): Answered<typeof staff.TeamOutput>;
  add(by: Person, input: In<typeof staff.AddStaffInput>): Promise<Answered<typeof staff.AddStaffOutput>>;
  change(by: Person, input: In<typeof staff.ChangeStaffInput>): Promise<Answered<typeof staff.Done>>;
  remove(by: Person, input: In<typeof staff.RemoveStaffInput>): Answered<typeof staff.Done>;
  changePin(by: Person, input: In<typeof staff.ChangePinInput>): Promise<Result<null, SignInRefusal>>;
}

export interface ActSource {
  open(by: Person, input: In<typeof staff.OpenInput>): Answered<typeof staff.OpenOutput>;
  holdOpen(by: Person, input: In<typeof staff.HoldOpenInput>): Answered<typeof staff.Done>;
  endHold(by: Person, input: In<typeof staff.EndHoldInput>): Answered<typeof staff.Done>;
  lockdown(by: Person, input: In<typeof staff.LockdownInput>, active: boolean): Answered<typeof staff.Done>;
  resetFire(by: Person, input: In<typeof staff.ResetFireInput>): Answered<typeof staff.Done>;
  confirmClock(by: Person, input: In<typeof staff.ConfirmClockInput>): Answered<typeof staff.Done>;
  letIn(by: Person, input: In<typeof staff.LetInInput>): Answered<typeof staff.OpenOutput>;
  undo(by: Person, input: In<typeof staff.UndoInput>): Answered<typeof staff.UndoOutput>;
  endStay(by: Person, input: In<typeof staff.EndStayInput>): Answered<typeof staff.EndStayOutput>;
  redeem(by: Person, input: In<typeof staff.RedeemInput>): Answered<typeof staff.RedeemOutput>;
  issueTicket(by: Person, input: In<typeof staff.IssueTicketInput>): Answered<typeof staff.IssueTicketOutput>;
  visitorPass(by: Person, input: In<typeof staff.VisitorPassInput>): Answered<typeof staff.CodeOutput>;
  endVisitorPass(by: Person, input: In<typeof staff.EndCodeInput>): Answered<typeof staff.Done>;
  staffCode(by: Person, input: In<typeof staff.StaffCodeInput>): Answered<typeof staff.CodeOutput>;
  endStaffCode(by: Person, input: In<typeof staff.EndCodeInput>): Answered<typeof staff.Done>;
  takeAlarm(by: Person, input: In<typeof staff.TakeAlarmInput>): Answered<typeof staff.Done>;
}

export interface LookSource {
  site(): Answered<typeof looks.SiteOutput>;
  roll(): Promise<Answered<typeof looks.RollOutput>>;
  inside(input: In<typeof looks.InsideInput>): Answered<typeof looks.InsideOutput>;
  live(input: In<typeof looks.LiveInput>): Answered<typeof looks.LiveOutput>;
  why(input: In<typeof looks.WhyInput>): Answered<typeof looks.WhyOutput>;
  traffic(input: In<typeof looks.TrafficInput>): Answered<typeof looks.TrafficOutput>;
  overLimit(input: In<typeof looks.OverLimitInput>): Answered<typeof looks.OverLimitOutput>;
  /** Looks at some members at a time, and lets doors be served between. Ends early when `signal` says so. */
  search(input: In<typeof looks.SearchInput>, signal: AbortSignal): AsyncIterable<looks.SearchMessage>;
  member(input: In<typeof looks.MemberInput>): Answered<typeof looks.MemberOutput>;
  code(input: In<typeof looks.CodeInput>): Answered<typeof looks.CodeLookOutput>;
  usage(input: In<typeof looks.OfMemberInput>): Answered<typeof looks.UsageOutput>;
  visits(input: In<typeof looks.OfMemberInput>): Answered<typeof looks.VisitsOutput>;
  ticketUses(input: In<typeof looks.TicketUsesInput>): Answered<typeof looks.TicketUsesOutput>;
  alarms(): Answered<typeof looks.AlarmsOutput>;
  visitorPasses(): Answered<typeof looks.VisitorPassesOutput>;
  staffCodes(): Answered<typeof looks.StaffCodesOutput>;
  clock(): Answered<typeof looks.ClockOutput>;
  devices(): Answered<typeof looks.DevicesOutput>;
  health(): Answered<typeof looks.HealthOutput>;
  logTail(input: In<typeof looks.LogTailInput>): Answered<typeof looks.LogTailOutput>;
  diagnostics(): Promise<Answered<typeof looks.DiagnosticsOutput>>;
  /** Tells of a ticket that is held before the door's reader, until the returned function is called. */
  heldTicket(input: In<typeof looks.HeldTicketInput>, listener: (message: looks.HeldTicketMessage) => void): () => void;
  /** Calls `listener` at every passage from now on, until the returned function is called. */
  passages(listener: (message: looks.PassageMessage) => void): () => void;
}

export interface StaffSource extends SignInSource {
  readonly team: TeamSource;
  readonly acts: ActSource;
  readonly looks: LookSource;
  /** For technicians. */
  readonly setup: SetupSource;
}
