/** Technicians' calls. Each takes who is signed in; what comes of it is on record. */
import {
  ChangesInput,
  ClockOutput,
  FindOutput,
  ImportInput,
  ImportOutput,
  MediaOutput,
  NoteInput,
  PairInput,
  PulseInput,
  ReadReportInput,
  ReadReportOutput,
  ReportInput,
  ReportOutput,
  ReportsOutput,
  SetupDone,
  type SetupFault,
  type SetupView,
  SwapInput,
  SwapOutput,
  SwapStickInput,
  SwapStickOutput,
  TryOutput,
} from '../contract/technician.ts';
import type { Result } from '../core/result.ts';
import { whileSignedIn } from './look-calls.ts';
import { type ApiContext, AT_THE_UNIT, staffProcedure, t } from './procedures.ts';
import type { SetupRefusal } from './setup-port.ts';
import { told } from './told.ts';

interface Refused {
  readonly ok: false;
  readonly fault: SetupFault;
  readonly lines: string[];
}

const MOST_LINES = 100;
const LONGEST_LINE = 1_000;

function given<T>(result: Result<T, SetupRefusal>): { readonly ok: true; readonly value: T } | Refused {
  if (result.ok) return { ok: true, value: result.value };
  const { fault, lines } = result.error;
  return { ok: false, fault, lines: lines.slice(0, MOST_LINES).map((line) => line.slice(0, LONGEST_LINE)) };
}

/** The view as it is, then at each change. */
async function* views({ client, staff: { setup } }: ApiContext, ending: AbortSignal): AsyncGenerator<SetupView, void> {
  const listening = told<SetupView>(client, ending, (listener) => setup.subscribe(listener));
  try {
    yield setup.view();
    yield* listening.messages;
  } finally {
    listening.leave();
  }
}

const call = staffProcedure.meta(AT_THE_UNIT);

export const setupCalls = t.router({
  watch: call.subscription(({ ctx, signal }) => whileSignedIn<SetupView>(ctx, signal, (ending) => views(ctx, ending))),
  find: call.output(FindOutput).query(async ({ ctx }) => given(await ctx.staff.setup.find())),
  tryConfig: call
    .output(TryOutput)
    .input(ChangesInput)
    .query(({ ctx, input }) => given(ctx.staff.setup.tryConfig(input))),
  applyConfig: call
    .output(SetupDone)
    .input(ChangesInput)
    .mutation(({ ctx, input }) => given(ctx.staff.setup.apply(ctx.by, input))),
  pulse: call
    .output(SetupDone)
    .input(PulseInput)
    .mutation(({ ctx, input }) => given(ctx.staff.setup.pulse(ctx.by, input))),
  note: call
    .output(SetupDone)
    .input(NoteInput)
    .mutation(({ ctx, input }) => given(ctx.staff.setup.note(ctx.by, input))),
  pair: call
    .output(SetupDone)
    .input(PairInput)
    .mutation(async ({ ctx, input }) => given(await ctx.staff.setup.pair(ctx.by, input))),
  media: call.output(MediaOutput).query(({ ctx }) => given(ctx.staff.setup.media())),
  importFile: call
    .output(ImportOutput)
    .input(ImportInput)
    .mutation(async ({ ctx, input }) => given(await ctx.staff.setup.importFile(ctx.by, input))),
  swap: call
    .output(SwapOutput)
    .input(SwapInput)
    .mutation(async ({ ctx, input }) => given(await ctx.staff.setup.swap(ctx.by, input))),
  swapStick: call
    .output(SwapStickOutput)
    .input(SwapStickInput)
    .mutation(async ({ ctx, input }) => given(await ctx.staff.setup.swapStick(ctx.by, input))),
  clock: call.output(ClockOutput).query(({ ctx }) => given(ctx.staff.setup.clock())),
  report: call
    .output(ReportOutput)
    .input(ReportInput)
    .mutation(async ({ ctx, input }) => given(await ctx.staff.setup.report(ctx.by, input))),
  reports: call.output(ReportsOutput).query(({ ctx }) => given(ctx.staff.setup.reports())),
  readReport: call
    .output(ReadReportOutput)
    .input(ReadReportInput)
    .query(({ ctx, input }) => given(ctx.staff.setup.readReport(input))),
});
