/**
 * What the page may ask: tRPC over WebSocket. Every procedure names the role that it needs, and one without a role can't
 * be called. The page gets a stable code and a sentence for each error, never what went wrong inside.
 */
import { initTRPC, type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
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
import { ChooseInput, ChooseOutput, type PageMessage, ScanInput, ScanOutput } from '../contract/page.ts';
import { MessageQueue } from './message-queue.ts';
import type { PageSource } from './ports.ts';

/** What a session may do. Staff roles come with the staff screens. */
export type Role = 'member';

/** The client behind a connection, as far as its calls are bounded by it. */
export interface ApiClient {
  /** False: codes come faster than anybody can hold them up. */
  takeScan(): boolean;
  /** Counts a subscription; null where the client has too many. The returned function counts it off. */
  takeWatch(): (() => void) | null;
  readonly queuedMessages: number;
  /** Ends the connection. The client may come back. */
  cut(): void;
}

export interface ApiContext {
  readonly page: PageSource;
  readonly role: Role;
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

const t = initTRPC
  .context<ApiContext>()
  .meta<{ readonly role: Role }>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => {
      const code = CODES[error.code] ?? 'failed';
      return { code: shape.code, message: TEXTS[code], data: { code } };
    },
  });

const procedure = t.procedure.use(({ ctx, meta, next }) => {
  if (meta?.role !== ctx.role) throw new TRPCError({ code: 'FORBIDDEN' });
  return next();
});

/** The current status, then every message. A client that can't keep up is cut off and starts anew when it is back. */
async function* watch(ctx: ApiContext, signal: AbortSignal | undefined): AsyncGenerator<PageMessage, void> {
  const leave = ctx.client.takeWatch();
  if (leave === null) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' });
  const queue = new MessageQueue<PageMessage>(ctx.client.queuedMessages);
  const end = () => queue.end();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) queue.end();
  // First subscribe, then read the status: nothing falls between the two.
  const unsubscribe = ctx.page.subscribe((message) => {
    if (!queue.push(message)) ctx.client.cut();
  });
  try {
    yield ctx.page.status();
    yield* queue;
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', end);
    leave();
  }
}

const member = procedure.meta({ role: 'member' });

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
  watch: procedure.meta({ role: 'member' }).subscription(({ ctx, signal }) => watch(ctx, signal)),
  scan: procedure
    .meta({ role: 'member' })
    .input(ScanInput)
    .output(ScanOutput)
    .mutation(({ ctx, input }) => ({ taken: ctx.client.takeScan() && ctx.page.scan(input) })),
  choose: procedure
    .meta({ role: 'member' })
    .input(ChooseInput)
    .output(ChooseOutput)
    .mutation(({ ctx, input }) => ({ taken: ctx.client.takeScan() && ctx.page.choose(input) })),
});
export type KioskRouter = typeof kioskRouter;
