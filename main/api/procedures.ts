/**
 * What every procedure is made of. Each names the roles that may call it, and one without roles can't be called. The page
 * gets a stable code and a sentence for each error, never what went wrong inside.
 */
import { initTRPC, type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import type * as z from 'zod';
import { type Person, ROLES, type Role, STAFF_ROLES, type StaffFault } from '../contract/staff.ts';
import type { Result } from '../core/result.ts';
import type { PageSource } from './ports.ts';
import type { SignInRefusal, StaffSource } from './staff-port.ts';
import type { StaffSession } from './staff-session.ts';

/** The client behind a connection, as far as its calls are bounded by it. */
export interface ApiClient {
  /** False: codes come faster than anybody can hold them up. */
  takeScan(): boolean;
  /** False: who is signed in calls faster than a page has reason to. */
  takeStaffCall(): boolean;
  /** False: PINs come faster than anybody can type them. */
  takeSignIn(): boolean;
  /** Counts a subscription; null where the client has too many. The returned function counts it off. */
  takeWatch(): (() => void) | null;
  readonly queuedMessages: number;
  /** Ends the connection. The client may come back. */
  cut(): void;
}

export interface ApiContext {
  readonly page: PageSource;
  readonly staff: StaffSource;
  readonly session: StaffSession;
  readonly client: ApiClient;
}

export type ApiErrorCode = 'bad-input' | 'not-allowed' | 'no-such-call' | 'too-many' | 'failed';

const TEXTS: Record<ApiErrorCode, string> = {
  'bad-input': 'this call is not as the contract has it',
  'not-allowed': 'this session may not do that',
  'no-such-call': 'there is no such call',
  'too-many': 'too many of these at once',
  failed: 'this could not be done; the log says why',
};

const CODES: Partial<Record<TRPC_ERROR_CODE_KEY, ApiErrorCode>> = {
  PARSE_ERROR: 'bad-input',
  BAD_REQUEST: 'bad-input',
  UNPROCESSABLE_CONTENT: 'bad-input',
  UNSUPPORTED_MEDIA_TYPE: 'bad-input',
  UNAUTHORIZED: 'not-allowed',
  FORBIDDEN: 'not-allowed',
  NOT_FOUND: 'no-such-call',
  METHOD_NOT_SUPPORTED: 'no-such-call',
  TOO_MANY_REQUESTS: 'too-many',
};

export interface Meta {
  readonly roles: readonly Role[];
}

export const t = initTRPC
  .context<ApiContext>()
  .meta<Meta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => {
      const code = CODES[error.code] ?? 'failed';
      return { code: shape.code, message: TEXTS[code], data: { code } };
    },
  });

/** Whoever stands before the screen, signed in or not. */
export const ANYBODY: Meta = { roles: ROLES };
export const SIGNED_IN: Meta = { roles: STAFF_ROLES };
/** Those who look after members. */
export const AT_THE_DESK: Meta = { roles: ['staff', 'manager'] };
export const MANAGERS: Meta = { roles: ['manager'] };
/** Those who look after the unit. */
export const AT_THE_UNIT: Meta = { roles: ['technician', 'manager'] };

export const procedure = t.procedure.use(({ ctx, meta, next }) => {
  const role = ctx.session.person()?.role ?? 'member';
  if (meta?.roles.includes(role) !== true) throw new TRPCError({ code: 'FORBIDDEN' });
  return next();
});

/** For who is signed in: counted, bounded, and with who it is. */
export const staffProcedure = procedure.use(({ ctx, next }) => {
  const by = ctx.session.person();
  if (by === null) throw new TRPCError({ code: 'FORBIDDEN' });
  if (!ctx.client.takeStaffCall()) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
  ctx.session.touch();
  return next({ ctx: { by } });
});

type Signed = Pick<ApiContext, 'session'>;

interface Refused {
  readonly ok: false;
  readonly fault: StaffFault;
  readonly waitMs: number | null;
  readonly triesLeft: number | null;
  readonly signedOutInMs: number | null;
}
interface Given<T> {
  readonly ok: true;
  readonly value: T;
  readonly signedOutInMs: number | null;
}

/** As the page gets it. */
export function answer<T>({ session }: Signed, result: Result<T, StaffFault | SignInRefusal>): Given<T> | Refused {
  const { signedOutInMs } = session;
  if (result.ok) return { ok: true, value: result.value, signedOutInMs };
  const { error } = result;
  const refused = typeof error === 'string' ? { fault: error, waitMs: null, triesLeft: null } : error;
  return { ok: false, ...refused, signedOutInMs };
}

type Acted<T> = Result<T, StaffFault | SignInRefusal>;

/** Does the act once, however often it comes. @param answered the form of the answer */
export async function act<T, V>(
  { ctx, path, input }: { ctx: Signed; path: string; input: { readonly act: string } },
  answered: z.ZodType<T>,
  run: () => Acted<V> | Promise<Acted<V>>,
): Promise<T> {
  const done = await ctx.session.acts.once(path, input, answered, async () => answer(ctx, await run()));
  if (done === null) throw new TRPCError({ code: 'BAD_REQUEST' });
  return done;
}

export type { Person };
