/** What an event was decided from, as the store keeps it for replays: written by this program, read by a later one. */
import * as z from 'zod';
import type { InDoubt } from '../core/doubt.ts';
import type { MemberFacts } from '../core/facts.ts';

const Leases = z.strictObject({
  sites: z.int(),
  whole: z.boolean(),
  contracts: z.array(z.strictObject({ id: z.string(), rank: z.int().nullable() })),
  counted: z.array(
    z.strictObject({ contractId: z.string(), bandId: z.string(), day: z.int(), rank: z.int().nullable() }),
  ),
  moved: z.array(
    z.strictObject({
      contractId: z.string(),
      bandId: z.string(),
      month: z.string(),
      from: z.int(),
      to: z.int(),
      uses: z.int(),
    }),
  ),
});

const Member = z.strictObject({
  id: z.string(),
  suspended: z.boolean(),
  contracts: z.array(z.strictObject({ id: z.string(), planId: z.string(), from: z.int(), to: z.int().nullable() })),
  tickets: z.array(
    z.strictObject({
      id: z.string(),
      typeId: z.string(),
      memberId: z.string(),
      issuedOn: z.int(),
      remaining: z.int(),
      usedToday: z.boolean(),
      // Not in what was kept before there were leases.
      lease: z.strictObject({ here: z.int(), whole: z.boolean() }).nullable().default(null),
    }),
  ),
  reservations: z.array(z.strictObject({ storeId: z.string(), programId: z.string(), start: z.int(), end: z.int() })),
  usage: z.array(z.strictObject({ contractId: z.string(), bandId: z.string(), day: z.int() })),
  stays: z.array(
    z.strictObject({
      id: z.int(),
      enteredAt: z.int(),
      via: z.strictObject({ contractId: z.string(), until: z.int().nullable() }).nullable(),
    }),
  ),
  leases: Leases.nullable().default(null),
}) satisfies z.ZodType<MemberFacts>;

export interface Basis {
  readonly door: string;
  /** Epoch ms. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  /** The ticket that the member chose to spend. */
  readonly ticketId: string | null;
  /** Judged by this policy, whatever the door's own is: a terminal reported the passage. */
  readonly policy?: 'record-only' | undefined;
  readonly member: MemberFacts | null;
  /** How it was judged while the clock was doubtful; null or left out: by the clock. */
  readonly doubt?: InDoubt | null;
}

export const BasisForm = z.strictObject({
  door: z.string(),
  at: z.int(),
  direction: z.enum(['in', 'out']),
  ticketId: z.string().nullable(),
  policy: z.enum(['record-only']).optional(),
  member: Member.nullable(),
  // Not in what was kept before there was doubt.
  doubt: z
    .strictObject({ rule: z.enum(['admit-open', 'refuse']), trustedAt: z.int() })
    .nullable()
    .default(null),
}) satisfies z.ZodType<Basis>;
