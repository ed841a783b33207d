/** Signing in and out, and who is in the team. */
import { TRPCError } from '@trpc/server';
import {
  AddStaffInput,
  AddStaffOutput,
  ChangePinInput,
  ChangeStaffInput,
  Done,
  FirstManagerInput,
  type Person,
  RemoveStaffInput,
  SignInInput,
  SignInOutput,
  TeamOutput,
  WhoOutput,
} from '../contract/staff.ts';
import { ok, type Result } from '../core/result.ts';
import {
  ANYBODY,
  type ApiContext,
  act,
  answer,
  MANAGERS,
  procedure,
  SIGNED_IN,
  staffProcedure,
  t,
} from './procedures.ts';
import type { SignInRefusal } from './staff-port.ts';

/** The session gets the rights of whoever `check` finds. */
async function signIn(ctx: ApiContext, check: () => Promise<Result<Person, SignInRefusal>>) {
  if (!ctx.client.takeSignIn()) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
  const found = await check();
  if (found.ok) ctx.session.signIn(found.value);
  return answer(ctx, found);
}

export const staffCalls = t.router({
  who: procedure
    .meta(ANYBODY)
    .output(WhoOutput)
    .query(({ ctx: { staff, session, client } }) => {
      if (!client.takeStaffCall()) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
      const signedIn = session.person();
      return { ...staff.who(), signedIn, signedOutInMs: session.signedOutInMs };
    }),
  signIn: procedure
    .meta(ANYBODY)
    .input(SignInInput)
    .output(SignInOutput)
    .mutation(({ ctx, input }) => signIn(ctx, () => ctx.staff.signIn(input.staffId, input.pin))),
  makeFirstManager: procedure
    .meta(ANYBODY)
    .input(FirstManagerInput)
    .output(SignInOutput)
    .mutation(({ ctx, input }) => signIn(ctx, () => ctx.staff.makeFirstManager(input))),
  /** Also where nobody is signed in any more. */
  signOut: procedure
    .meta(ANYBODY)
    .output(Done)
    .mutation(({ ctx }) => {
      ctx.session.signOut('asked');
      return answer(ctx, ok(null));
    }),
  /** The person is there still, and has nothing to ask. */
  stay: staffProcedure
    .meta(SIGNED_IN)
    .output(Done)
    .mutation(({ ctx }) => answer(ctx, ok(null))),
  team: staffProcedure
    .meta(MANAGERS)
    .output(TeamOutput)
    .query(({ ctx }) => answer(ctx, ctx.staff.team.list())),
  add: staffProcedure
    .meta(MANAGERS)
    .input(AddStaffInput)
    .output(AddStaffOutput)
    .mutation((call) => act(call, AddStaffOutput, () => call.ctx.staff.team.add(call.ctx.by, call.input))),
  change: staffProcedure
    .meta(MANAGERS)
    .input(ChangeStaffInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.team.change(call.ctx.by, call.input))),
  remove: staffProcedure
    .meta(MANAGERS)
    .input(RemoveStaffInput)
    .output(Done)
    .mutation((call) => act(call, Done, () => call.ctx.staff.team.remove(call.ctx.by, call.input))),
  changePin: staffProcedure
    .meta(SIGNED_IN)
    .input(ChangePinInput)
    .output(Done)
    .mutation((call) => {
      if (!call.ctx.client.takeSignIn()) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
      return act(call, Done, () => call.ctx.staff.team.changePin(call.ctx.by, call.input));
    }),
});
