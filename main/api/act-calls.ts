/** What staff do. Each act is done once, however often it comes, and is on the record with who and why. */
import {
  CodeOutput,
  ConfirmClockInput,
  Done,
  EndCodeInput,
  EndHoldInput,
  EndStayInput,
  EndStayOutput,
  HoldOpenInput,
  IssueTicketInput,
  IssueTicketOutput,
  LetInInput,
  LockdownInput,
  OpenInput,
  OpenOutput,
  RedeemInput,
  RedeemOutput,
  ResetFireInput,
  StaffCodeInput,
  TakeAlarmInput,
  UndoInput,
  UndoOutput,
  VisitorPassInput,
} from '../contract/staff.ts';
import { AT_THE_DESK, act, MANAGERS, SIGNED_IN, staffProcedure, t } from './procedures.ts';

export const actCalls = t.router({
  open: staffProcedure
    .meta(AT_THE_DESK)
    .input(OpenInput)
    .output(OpenOutput)
    .mutation((call) => act(call, OpenOutput, () => call.ctx.staff.acts.open(call.ctx.by, call.input))),
  holdOpen: staffProcedure
    .meta(AT_THE_DESK)
    .input(HoldOpenInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.holdOpen(call.ctx.by, call.input))),
  endHold: staffProcedure
    .meta(AT_THE_DESK)
    .input(EndHoldInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.endHold(call.ctx.by, call.input))),
  lockDown: staffProcedure
    .meta(AT_THE_DESK)
    .input(LockdownInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.lockdown(call.ctx.by, call.input, true))),
  endLockdown: staffProcedure
    .meta(AT_THE_DESK)
    .input(LockdownInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.lockdown(call.ctx.by, call.input, false))),
  resetFire: staffProcedure
    .meta(MANAGERS)
    .input(ResetFireInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.resetFire(call.ctx.by, call.input))),
  confirmClock: staffProcedure
    .meta(MANAGERS)
    .input(ConfirmClockInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.confirmClock(call.ctx.by, call.input))),
  letIn: staffProcedure
    .meta(AT_THE_DESK)
    .input(LetInInput)
    .output(OpenOutput)
    .mutation((call) => act(call, OpenOutput, () => call.ctx.staff.acts.letIn(call.ctx.by, call.input))),
  undo: staffProcedure
    .meta(AT_THE_DESK)
    .input(UndoInput)
    .output(UndoOutput)
    .mutation((call) => act(call, UndoOutput, () => call.ctx.staff.acts.undo(call.ctx.by, call.input))),
  endStay: staffProcedure
    .meta(AT_THE_DESK)
    .input(EndStayInput)
    .output(EndStayOutput)
    .mutation((call) => act(call, EndStayOutput, () => call.ctx.staff.acts.endStay(call.ctx.by, call.input))),
  redeem: staffProcedure
    .meta(AT_THE_DESK)
    .input(RedeemInput)
    .output(RedeemOutput)
    .mutation((call) => act(call, RedeemOutput, () => call.ctx.staff.acts.redeem(call.ctx.by, call.input))),
  issueTicket: staffProcedure
    .meta(AT_THE_DESK)
    .input(IssueTicketInput)
    .output(IssueTicketOutput)
    .mutation((call) => act(call, IssueTicketOutput, () => call.ctx.staff.acts.issueTicket(call.ctx.by, call.input))),
  visitorPass: staffProcedure
    .meta(AT_THE_DESK)
    .input(VisitorPassInput)
    .output(CodeOutput)
    .mutation((call) => act(call, CodeOutput, () => call.ctx.staff.acts.visitorPass(call.ctx.by, call.input))),
  endVisitorPass: staffProcedure
    .meta(AT_THE_DESK)
    .input(EndCodeInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.endVisitorPass(call.ctx.by, call.input))),
  staffCode: staffProcedure
    .meta(AT_THE_DESK)
    .input(StaffCodeInput)
    .output(CodeOutput)
    .mutation((call) => act(call, CodeOutput, () => call.ctx.staff.acts.staffCode(call.ctx.by, call.input))),
  endStaffCode: staffProcedure
    .meta(AT_THE_DESK)
    .input(EndCodeInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.endStaffCode(call.ctx.by, call.input))),
  takeAlarm: staffProcedure
    .meta(SIGNED_IN)
    .input(TakeAlarmInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.acts.takeAlarm(call.ctx.by, call.input))),
});
