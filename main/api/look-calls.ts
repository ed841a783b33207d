/** What staff look at. Technicians see who is inside, since anybody may have to, and nothing else of members. */
import { TRPCError } from '@trpc/server';
import type * as z from 'zod';
import {
  AlarmsOutput,
  ClockOutput,
  CodeInput,
  CodeLookOutput,
  DevicesOutput,
  DiagnosticsOutput,
  HealthOutput,
  HeldTicketInput,
  type HeldTicketMessage,
  InsideInput,
  InsideOutput,
  LiveInput,
  LiveOutput,
  LogTailInput,
  LogTailOutput,
  MemberInput,
  MemberOutput,
  OfMemberInput,
  OverLimitInput,
  OverLimitOutput,
  type PassageMessage,
  RollOutput,
  SearchInput,
  type SearchMessage,
  SiteOutput,
  StaffCodesOutput,
  TicketUsesInput,
  TicketUsesOutput,
  TrafficInput,
  TrafficOutput,
  UsageOutput,
  VisitorPassesOutput,
  VisitsOutput,
  WhyInput,
  WhyOutput,
} from '../contract/looks.ts';
import { type ApiContext, AT_THE_DESK, AT_THE_UNIT, answer, SIGNED_IN, staffProcedure, t } from './procedures.ts';
import { told } from './told.ts';

/** Ends as well when the person is signed out: names stay with who may see them. */
export async function* whileSignedIn<T>(
  { client, session }: ApiContext,
  signal: AbortSignal | undefined,
  from: (ending: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const leave = client.takeWatch();
  if (leave === null) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
  const end = new AbortController();
  const ending = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
  const forget = session.onSignOut(() => end.abort());
  try {
    for await (const message of from(ending)) {
      if (ending.aborted) return;
      yield message;
    }
  } finally {
    end.abort();
    forget();
    leave();
  }
}

async function* passages({ client, staff }: ApiContext, ending: AbortSignal): AsyncGenerator<PassageMessage, void> {
  const listening = told<PassageMessage>(client, ending, (listener) => staff.looks.passages(listener));
  try {
    yield* listening.messages;
  } finally {
    listening.leave();
  }
}

async function* heldTicket(
  { client, staff }: ApiContext,
  input: z.infer<typeof HeldTicketInput>,
  ending: AbortSignal,
): AsyncGenerator<HeldTicketMessage, void> {
  const listening = told<HeldTicketMessage>(client, ending, (listener) => staff.looks.heldTicket(input, listener));
  try {
    for await (const message of listening.messages) {
      yield message;
      if (message.kind === 'over') return;
    }
  } finally {
    listening.leave();
  }
}

export const lookCalls = t.router({
  site: staffProcedure
    .meta(SIGNED_IN)
    .output(SiteOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.site())),
  roll: staffProcedure
    .meta(SIGNED_IN)
    .output(RollOutput)
    .query(async ({ ctx }) => answer(ctx, await ctx.staff.looks.roll())),
  inside: staffProcedure
    .meta(AT_THE_DESK)
    .input(InsideInput)
    .output(InsideOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.inside(input))),
  live: staffProcedure
    .meta(AT_THE_DESK)
    .input(LiveInput)
    .output(LiveOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.live(input))),
  why: staffProcedure
    .meta(AT_THE_DESK)
    .input(WhyInput)
    .output(WhyOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.why(input))),
  traffic: staffProcedure
    .meta(AT_THE_DESK)
    .input(TrafficInput)
    .output(TrafficOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.traffic(input))),
  overLimit: staffProcedure
    .meta(AT_THE_DESK)
    .input(OverLimitInput)
    .output(OverLimitOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.overLimit(input))),
  member: staffProcedure
    .meta(AT_THE_DESK)
    .input(MemberInput)
    .output(MemberOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.member(input))),
  code: staffProcedure
    .meta(AT_THE_DESK)
    .input(CodeInput)
    .output(CodeLookOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.code(input))),
  usage: staffProcedure
    .meta(AT_THE_DESK)
    .input(OfMemberInput)
    .output(UsageOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.usage(input))),
  visits: staffProcedure
    .meta(AT_THE_DESK)
    .input(OfMemberInput)
    .output(VisitsOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.visits(input))),
  ticketUses: staffProcedure
    .meta(AT_THE_DESK)
    .input(TicketUsesInput)
    .output(TicketUsesOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.ticketUses(input))),
  alarms: staffProcedure
    .meta(SIGNED_IN)
    .output(AlarmsOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.alarms())),
  visitorPasses: staffProcedure
    .meta(AT_THE_DESK)
    .output(VisitorPassesOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.visitorPasses())),
  staffCodes: staffProcedure
    .meta(AT_THE_DESK)
    .output(StaffCodesOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.staffCodes())),
  clock: staffProcedure
    .meta(SIGNED_IN)
    .output(ClockOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.clock())),
  devices: staffProcedure
    .meta(SIGNED_IN)
    .output(DevicesOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.devices())),
  health: staffProcedure
    .meta(SIGNED_IN)
    .output(HealthOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.looks.health())),
  logTail: staffProcedure
    .meta(AT_THE_UNIT)
    .input(LogTailInput)
    .output(LogTailOutput)
    .query(({ ctx, input }) => answer(ctx, ctx.staff.looks.logTail(input))),
  diagnostics: staffProcedure
    .meta(AT_THE_UNIT)
    .output(DiagnosticsOutput)
    .query(async ({ ctx }) => answer(ctx, await ctx.staff.looks.diagnostics())),
  search: staffProcedure
    .meta(AT_THE_DESK)
    .input(SearchInput)
    .subscription(({ ctx, input, signal }) =>
      whileSignedIn<SearchMessage>(ctx, signal, (ending) => ctx.staff.looks.search(input, ending)),
    ),
  heldTicket: staffProcedure
    .meta(AT_THE_DESK)
    .input(HeldTicketInput)
    .subscription(({ ctx, input, signal }) => whileSignedIn(ctx, signal, (ending) => heldTicket(ctx, input, ending))),
  passages: staffProcedure
    .meta(AT_THE_DESK)
    .subscription(({ ctx, signal }) => whileSignedIn(ctx, signal, (ending) => passages(ctx, ending))),
});
