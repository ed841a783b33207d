/**
 * What an event has changed in members' history, as every other unit and the hub understand it: `detail.effects` of the
 * event's body. An event without it has changed nothing. Rows made of it have the id `unit/epoch/seq`.
 */
import * as z from 'zod';
import { DateText, InstantText } from '../../main/contract/fields.ts';
import { Id } from '../../main/contract/values.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import { Transfer } from './entities.ts';
import { Seq } from './values.ts';

export const Counted = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('band'), contractId: Id, bandId: Id, date: DateText }),
  z.strictObject({ kind: z.literal('ticket'), ticketId: Id, uses: z.int().min(1), date: DateText }),
]);
export type Counted = z.infer<typeof Counted>;

export const Effects = z.strictObject({
  memberId: Id.nullable(),
  /** Used up by this event. */
  consumed: Counted.optional(),
  /** Found used up already: should that be given back, it counts for this event. `uses` is then what it would cost. */
  reused: Counted.optional(),
  /** A stay began. */
  enter: z
    .strictObject({
      placeId: Id,
      enteredAt: InstantText,
      via: z.strictObject({ contractId: Id, until: InstantText.nullable() }).nullable(),
    })
    .optional(),
  /** All stays of the member there that began before this event have ended. */
  leave: z.strictObject({ placeId: Id }).optional(),
  /** The rows of the event `of` are given back, or count for another event of this unit from now on. */
  undo: z
    .array(z.strictObject({ kind: z.enum(['usage', 'ticketUse', 'stay']), heir: Seq.nullable() }))
    .max(8)
    .optional(),
  /** Part of a lease went to another site. */
  gave: Transfer.optional(),
});
export type Effects = z.infer<typeof Effects>;

/** As much of an event's body as somebody else than its unit needs. */
const Body = z.looseObject({
  seq: Seq,
  at: InstantText,
  type: z.string().max(40),
  doorId: Id.nullable(),
  of: Seq.nullable(),
  detail: z.looseObject({ effects: Effects.optional() }),
});
export type EventBody = z.infer<typeof Body>;

/** @returns the event, or one line that says by its path what isn't as it should be, without what was there */
export function parseEventBody(text: string): Result<EventBody, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err('$: not JSON');
  }
  const body = Body.safeParse(json);
  if (body.success) return ok(body.data);
  const path = body.error.issues[0]?.path.map(String).join('.') ?? '';
  return err(`${path === '' ? '$' : path}: not as the protocol has it`);
}
