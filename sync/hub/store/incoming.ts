/** What came from a unit, read as far as the hub can read it. */
import * as z from 'zod';
import { Reason } from '../../../main/contract/values.ts';
import { parseInstant } from '../../../main/core/time/instant.ts';
import { type Effects, type EventBody, parseEventBody } from '../../wire/effects.ts';
import type { Origin } from '../../wire/values.ts';
import { eventId, isKey } from './entities.ts';

/** What a flag on an event says. */
export const Flag = z.enum([
  /** It isn't as the protocol has it: kept as it is, nothing follows from it. */
  'form',
  /** Other bytes came under its number. */
  'contradiction',
  /** The chain doesn't lead to what the unit signed. */
  'chain',
  /** Its unit hasn't signed it: it was put aside, and another may stand under its number. */
  'proof',
  'unknown-member',
  'unknown-ticket',
  /** More was spent than there was. */
  'overdraft',
  /** A unit gave what is another site's. */
  'foreign-lease',
  /** The rules, by what the hub knew when it was judged, say something else. */
  'differs',
]);
export type Flag = z.infer<typeof Flag>;

const Flags = z.array(Flag);

/** As the database has them. @param text JSON; null: none */
export function storedFlags(text: string | null): readonly Flag[] {
  return text === null ? [] : Flags.parse(JSON.parse(text));
}

/** A scan of an entry by a known member, as much as judging it again needs. */
const ScanForm = z.looseObject({
  type: z.literal('scan'),
  direction: z.literal('in'),
  // In doubt the unit has judged by rules of its own.
  clock: z.enum(['synced', 'held']),
  doorId: z.string(),
  result: z.looseObject({
    granted: z.boolean(),
    reason: Reason,
    memberId: z.string(),
  }),
});

export interface Scan {
  readonly doorId: string;
  readonly memberId: string;
  readonly granted: boolean;
  readonly reason: z.infer<typeof Reason>;
}

export interface IncomingEvent {
  readonly origin: Origin;
  readonly id: string;
  readonly site: string;
  /** Epoch ms, and as it stands in the event. */
  readonly at: number;
  readonly said: string;
  readonly effects: Effects | null;
  /** The id of the event that this one undoes. */
  readonly undoneId: string | null;
  /** null: not one to judge again. */
  readonly scan: Scan | null;
  readonly flags: Set<Flag>;
}

/** @param receivedAt stands in for the time of an event that can't be read */
export function readEvent(origin: Origin, site: string, text: string, receivedAt: number): IncomingEvent {
  const id = eventId(origin);
  const nothing = { origin, id, site, at: receivedAt, said: '', effects: null, undoneId: null, scan: null };
  const parsed = parseEventBody(text);
  const at = parsed.ok ? parseInstant(parsed.value.at) : null;
  if (!parsed.ok || at === null || parsed.value.seq !== origin.seq) return { ...nothing, flags: new Set(['form']) };
  const body = parsed.value;
  const effects = body.detail.effects ?? null;
  if (effects !== null && !keysOf(effects).every(isKey)) return { ...nothing, at, flags: new Set(['form']) };
  const isUndo = effects?.undo !== undefined && body.of !== null;
  const undoneId = isUndo ? eventId({ ...origin, seq: body.of ?? 0 }) : null;
  return { ...nothing, at, said: body.at, effects, undoneId, scan: scanOf(body), flags: new Set() };
}

/** Texts that rows are found by. */
function keysOf({ memberId, consumed, reused, enter, leave }: Effects): string[] {
  const counted = [consumed, reused].flatMap((one) => (one?.kind === 'ticket' ? [one.ticketId] : []));
  return [memberId ?? '', ...counted, enter?.placeId ?? '', leave?.placeId ?? ''];
}

function scanOf(body: EventBody): Scan | null {
  const scan = ScanForm.safeParse(body);
  if (!scan.success) return null;
  const { doorId, result } = scan.data;
  const { granted, reason, memberId } = result;
  return isKey(memberId) ? { doorId, memberId, granted, reason } : null;
}
