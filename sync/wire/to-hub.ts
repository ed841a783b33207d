/** What a unit says to its hub. */
import * as z from 'zod';
import { Id } from '../../main/contract/values.ts';
import { WIRE } from './limits.ts';
import { Right } from './rights.ts';
import { Epoch, Hash, Nonce, PublicKey, Revision, Seq, Signature, WallTime, WireId } from './values.ts';

/** A new unit brings its key and the one-time code that a person was given. */
const Pair = z.strictObject({
  type: z.literal('pair'),
  version: z.literal(WIRE.version),
  code: z
    .string()
    .regex(/^[0-9A-Z]{8,32}$/)
    .meta({ description: 'the one-time code, without its separators' }),
  unit: WireId,
  name: z
    .string()
    .min(1)
    .max(200)
    .nullable()
    .meta({ description: 'null: as the operator named it when the code was made' }),
  key: PublicKey,
  nonce: Nonce,
  /** Over `pairingText`. */
  proof: Signature,
});

/** A paired unit tells who it is and where its record stands. */
const Hello = z.strictObject({
  type: z.literal('hello'),
  version: z.literal(WIRE.version),
  unit: WireId,
  epoch: Epoch,
  /** The hub answers it with its own proof. */
  nonce: Nonce,
  /** Over `helloText`. */
  proof: Signature,
});

/** Asks for everything that changed after `since`, and from then on for every change. */
const Pull = z.strictObject({
  type: z.literal('pull'),
  since: Revision,
  /** A snapshot that was cut off goes on where it was, if the hub still has that revision. */
  resume: z.strictObject({ revision: Revision, cursor: z.string().max(2_000) }).nullable(),
});

/**
 * A part of a unit's record, in its order, without gaps. `from` is the number of the first. `unit`: whose; a peer of the
 * same site may bring what a unit that can't reach the hub has signed.
 */
export const Events = z.strictObject({
  type: z.literal('events'),
  unit: WireId,
  epoch: Epoch,
  from: Seq,
  /** Each as it was hashed: one JSON object. */
  bodies: z.array(z.string().min(2).max(WIRE.eventBytes)).min(1).max(WIRE.events),
  /** The chain's hash at the last of them, and the unit's signature over `headText`. */
  hash: Hash,
  proof: Signature,
});

/** The first event of a new epoch names the last known head of the one before. */
const NewEpoch = z.strictObject({
  type: z.literal('epoch'),
  epoch: Epoch,
  before: z.strictObject({ epoch: Epoch, seq: Seq, hash: Hash }).nullable(),
});

const Done = z.strictObject({
  type: z.literal('done'),
  id: WireId,
  ok: z.boolean(),
  /** One line; why not, where it wasn't done. */
  detail: z.string().max(500),
});

/** A known member was refused: send what is new about them at once. `right`: its lease is at another site. */
const Refresh = z.strictObject({ type: z.literal('refresh'), memberId: Id, right: Right.nullable() });

/** What was made at the unit and belongs to the hub: a ticket that was issued, a provisional card, a carry-over form. */
const Handover = z.strictObject({
  type: z.literal('handover'),
  id: WireId,
  kind: WireId,
  /** JSON of `kind`'s own form; the hub takes it whole or keeps it as it is for a person to look at. */
  body: z.string().min(2).max(WIRE.handover),
});

/** Up to this revision everything is applied: the unit decides by it. */
const Applied = z.strictObject({ type: z.literal('applied'), revision: Revision });

const Ping = z.strictObject({ type: z.literal('ping'), at: WallTime, queued: z.int().min(0) });

export const ToHub = z.discriminatedUnion('type', [
  Pair,
  Hello,
  Pull,
  Events,
  NewEpoch,
  Done,
  Refresh,
  Handover,
  Applied,
  Ping,
]);
export type ToHub = z.infer<typeof ToHub>;
