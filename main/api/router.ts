/** What the page may ask: tRPC over WebSocket. Members' calls stand here, staff's in files of their own. */
import { TRPCError } from '@trpc/server';
import {
  CarryOverInput,
  CarryOverOutput,
  IssueInput,
  IssueOutput,
  PlaceCodeInput,
  PlaceCodeOutput,
  WithdrawInput,
  WithdrawOutput,
} from '../contract/member-ways.ts';
import {
  CallStaffInput,
  CallStaffOutput,
  ChooseInput,
  ChooseOutput,
  type PageMessage,
  ScanInput,
  ScanOutput,
} from '../contract/page.ts';
import { actCalls } from './act-calls.ts';
import { lookCalls } from './look-calls.ts';
import { ANYBODY, type ApiContext, procedure, t } from './procedures.ts';
import { setupCalls } from './setup-calls.ts';
import { staffCalls } from './staff-calls.ts';
import { told } from './told.ts';

/** The current status, then every message. */
async function* watch(ctx: ApiContext, signal: AbortSignal | undefined): AsyncGenerator<PageMessage, void> {
  const leave = ctx.client.takeWatch();
  if (leave === null) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
  // First subscribe, then read the status: nothing falls between the two.
  const listening = told<PageMessage>(ctx.client, signal, (listener) => ctx.page.subscribe(listener));
  try {
    yield ctx.page.status();
    yield* listening.messages;
  } finally {
    listening.leave();
    leave();
  }
}

const member = procedure.meta(ANYBODY);

/** For calls that aren't scans, and are as few: nobody's finger is faster. */
function bounded(ctx: ApiContext): void {
  if (!ctx.client.takeScan()) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
}

/** What members may do besides holding up a code. */
const ways = {
  placeCode: member
    .input(PlaceCodeInput)
    .output(PlaceCodeOutput)
    .query(({ ctx, input }) => {
      bounded(ctx);
      return ctx.page.ways.placeCode(input);
    }),
  issueCard: member
    .input(IssueInput)
    .output(IssueOutput)
    .mutation(({ ctx, input }) => {
      bounded(ctx);
      return ctx.page.ways.issue(input);
    }),
  withdrawCard: member
    .input(WithdrawInput)
    .output(WithdrawOutput)
    .mutation(({ ctx, input }) => {
      bounded(ctx);
      return { done: ctx.page.ways.withdraw(input) };
    }),
  carryOver: member
    .input(CarryOverInput)
    .output(CarryOverOutput)
    .mutation(({ ctx, input }) => {
      bounded(ctx);
      return { taken: ctx.page.ways.carryOver(input) };
    }),
};

export const kioskRouter = t.router({
  ...ways,
  watch: procedure.meta(ANYBODY).subscription(({ ctx, signal }) => watch(ctx, signal)),
  scan: procedure
    .meta(ANYBODY)
    .input(ScanInput)
    .output(ScanOutput)
    .mutation(({ ctx, input }) => ({ taken: ctx.client.takeScan() && ctx.page.scan(input) })),
  choose: procedure
    .meta(ANYBODY)
    .input(ChooseInput)
    .output(ChooseOutput)
    .mutation(({ ctx, input }) => ({ taken: ctx.client.takeScan() && ctx.page.choose(input) })),
  callStaff: member
    .input(CallStaffInput)
    .output(CallStaffOutput)
    .mutation(({ ctx, input }) => {
      bounded(ctx);
      return { called: ctx.page.callStaff(input) };
    }),
  staff: staffCalls,
  act: actCalls,
  look: lookCalls,
  setup: setupCalls,
});
export type KioskRouter = typeof kioskRouter;
