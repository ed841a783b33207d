/** What is kept of an event that the record can't take yet: in the reserve file as JSON, checked when it is read. */
import * as z from 'zod';
import type { Changes, DecisionResult } from '../core/decide.ts';
import type { KeptOrders } from '../store/door-orders.ts';
import { EVENT_TYPES, type EventDraft } from '../store/record.ts';

/** A judgement's other half: what it changes, and what it was decided from. */
export interface LateJudgement {
  readonly changes: Changes;
  /** JSON, whose digest is in the event; null: judged without facts. */
  readonly basis: string | null;
  readonly pass: { readonly passId: string; readonly doorId: string; readonly until: number } | null;
}

export interface LateEntry {
  /** Which reserve it belongs to, and its number there, from 1 on. */
  readonly reserve: string;
  readonly n: number;
  readonly event: EventDraft;
  readonly judged: LateJudgement | null;
  /** The orders of the doors from this event on; null: it changed none. */
  readonly orders: KeptOrders | null;
}

const Consumption = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('band'), contractId: z.string(), bandId: z.string(), day: z.int() }),
  z.strictObject({ kind: z.literal('ticket'), ticketId: z.string(), uses: z.int().min(1) }),
]);
const Via = z.strictObject({ contractId: z.string(), until: z.int().nullable() });
const LateChanges = z.strictObject({
  consumed: Consumption.nullable(),
  reused: Consumption.nullable(),
  inside: z.int().nullable(),
  businessDay: z.int(),
  enter: z.strictObject({ placeId: z.string(), at: z.int(), via: Via.nullable() }).nullable(),
  leave: z.array(z.int()).max(1_000),
}) satisfies z.ZodType<Changes>;

const isResult = (value: unknown): value is DecisionResult => LooseResult.safeParse(value).success;
/** Written by this program and guarded by a checksum; what counts is that it is a result at all. */
const LooseResult = z.looseObject({ granted: z.boolean(), reason: z.string(), memberId: z.string().nullable() });

const Draft = z.strictObject({
  at: z.int(),
  type: z.enum(EVENT_TYPES),
  doorId: z.string().nullable(),
  readerId: z.string().nullable(),
  direction: z.enum(['in', 'out']).nullable(),
  result: z.custom<DecisionResult>(isResult).nullable(),
  of: z.int().nullable(),
  clock: z.enum(['synced', 'held', 'doubtful']),
  detail: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<EventDraft>;

const Orders = z.strictObject({
  fire: z.boolean(),
  doors: z.array(z.strictObject({ doorId: z.string(), lockdown: z.boolean(), heldUntil: z.int().nullable() })).max(64),
}) satisfies z.ZodType<KeptOrders>;

const Entry = z.strictObject({
  reserve: z.string().min(1).max(64),
  n: z.int().min(1),
  event: Draft,
  judged: z
    .strictObject({
      changes: LateChanges,
      basis: z.string().nullable(),
      pass: z.strictObject({ passId: z.string(), doorId: z.string(), until: z.int() }).nullable(),
    })
    .nullable(),
  orders: Orders.nullable(),
}) satisfies z.ZodType<LateEntry>;

/** null: not written by this program, or by one with another form. */
export function parseEntry(json: string): LateEntry | null {
  const entry = Entry.safeParse(JSON.parse(json));
  return entry.success ? entry.data : null;
}
