/**
 * What a unit makes and the hub shall own, in a form for each kind: the JSON in `handover.body`. Days are numbers since
 * 1970-01-01, business dates of the site; times are epoch milliseconds. Another kind is kept for a person to look at.
 */
import * as z from 'zod';
import { CarryOverInput } from '../../main/contract/member-ways.ts';
import { Id } from '../../main/contract/values.ts';
import { WallTime, WireId } from './values.ts';

/** Up to the end of the year 9999. */
const Day = z.int().min(0).max(2_932_896).meta({ description: 'days since 1970-01-01' });
const Code = z.string().min(1).max(200);

export const HANDOVERS = {
  /** Issued to a member by staff. What was used of it meanwhile is in the events. */
  ticket: z.strictObject({
    ticketId: Id,
    typeId: Id,
    memberId: Id,
    issuedDay: Day,
    uses: z.int().min(1).max(1_000_000),
  }),
  /** A member without personal data, whose code opens by the rights of a plan from the first to the last day. */
  'provisional-card': z.strictObject({
    memberId: Id,
    code: Code,
    contractId: Id,
    planId: Id,
    fromDay: Day,
    toDay: Day,
  }),
  /** What a member of before has entered; a person, or a connector, finds the membership. */
  'carry-over': CarryOverInput,
  /** A visitor's code, good until a time at these doors. */
  'visitor-pass': z.strictObject({ id: WireId, text: Code, until: WallTime, doorIds: z.array(Id).max(64) }),
} as const;
export type HandoverKind = keyof typeof HANDOVERS;
export type Handover<K extends HandoverKind> = z.infer<(typeof HANDOVERS)[K]>;

/** `{ kind, body }`, the body as JSON says it, for those who build by the schema files. */
export const HandoverForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ticket'), body: HANDOVERS.ticket }),
  z.strictObject({ kind: z.literal('provisional-card'), body: HANDOVERS['provisional-card'] }),
  z.strictObject({ kind: z.literal('carry-over'), body: HANDOVERS['carry-over'] }),
  z.strictObject({ kind: z.literal('visitor-pass'), body: HANDOVERS['visitor-pass'] }),
]);
export type HandoverForm = z.infer<typeof HandoverForm>;

/** null: not of these kinds, or not in its form. */
export function parseHandover(kind: string, body: string): HandoverForm | null {
  try {
    return HandoverForm.safeParse({ kind, body: JSON.parse(body) }).data ?? null;
  } catch {
    return null;
  }
}
