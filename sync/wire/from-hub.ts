/** What a hub says to a unit. */
import * as z from 'zod';
import { Id } from '../../main/contract/values.ts';
import { Change } from './entities.ts';
import { WIRE } from './limits.ts';
import { Right } from './rights.ts';
import { Epoch, Nonce, PublicKey, Revision, Seq, Signature, SiteName, WallTime, WireId } from './values.ts';

/** The first word on each connection: sign this nonce. */
const Challenge = z.strictObject({ type: z.literal('challenge'), version: z.literal(WIRE.version), nonce: Nonce });

const Paired = z.strictObject({
  type: z.literal('paired'),
  tenant: WireId,
  /** The key by which the hub proves itself from now on; the unit keeps it. */
  hubKey: PublicKey,
  /** X25519: what is carried to the hub by hand is sealed to it. */
  sealKey: PublicKey,
  hubTime: WallTime,
  /** Over `hubText`, with that key. */
  proof: Signature,
});

const Welcome = z.strictObject({
  type: z.literal('welcome'),
  hubTime: WallTime,
  /** Over `hubText`: this is the hub that the unit was paired with, and this its time. */
  proof: Signature,
  /** The last durable event of this unit's epoch; null: none of it yet. */
  acknowledged: Seq.nullable(),
  revision: Revision,
});

/**
 * All that a unit of this tenant knows. The rows of one revision come in any order, then whatever has changed since, as
 * further rows that replace the former; with `snapshot-end` they are a whole, which replaces what the unit has.
 */
const SnapshotBegin = z.strictObject({
  type: z.literal('snapshot'),
  revision: Revision,
  /** Rows that will come, for a progress bar. */
  rows: z.int().min(0),
  resumed: z.boolean(),
});

const Rows = z.strictObject({
  type: z.literal('rows'),
  changes: z.array(Change).min(1).max(WIRE.changes),
  /** Where a `resume` goes on after these. */
  cursor: z.string().max(2_000),
});

const SnapshotEnd = z.strictObject({
  type: z.literal('snapshot-end'),
  /** Not before that of `snapshot`. */
  revision: Revision,
  /** Events of these units up to these numbers are in the rows: one of theirs that isn't here is no more. */
  knows: z
    .array(z.strictObject({ unit: WireId, epoch: Epoch, seq: z.int().min(0) }))
    .max(WIRE.sites * WIRE.unitsOfSite),
});

/** Changes from one revision to another, whole: what comes in several parts is applied with the last. */
const Delta = z.strictObject({
  type: z.literal('delta'),
  from: Revision,
  to: Revision,
  changes: z.array(Change).max(WIRE.changes),
  last: z.boolean(),
});

/** These events are durable at the hub; the unit may forget that it owes them. */
const Acknowledged = z.strictObject({ type: z.literal('acknowledged'), unit: WireId, epoch: Epoch, seq: Seq });

/**
 * What was handed over under these ids is the hub's now. The rows that stand for it, where it stands for any, are in this
 * revision: the unit keeps its own until it has applied that.
 */
const Taken = z.strictObject({
  type: z.literal('taken'),
  ids: z.array(WireId).min(1).max(WIRE.changes),
  revision: Revision,
});

/** What a person of the operator's wants this unit to do, on this connection alone, at most once. */
export const CommandPayload = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('open'), doorId: Id, by: WireId }),
  z.strictObject({ do: z.literal('lockdown'), doorId: Id.nullable(), on: z.boolean(), by: WireId }),
  z.strictObject({ do: z.literal('refresh'), by: WireId }),
  z.strictObject({ do: z.literal('restart'), by: WireId }),
  /** Give so much of a right's lease to another site, on record, if it is there to give. */
  z.strictObject({ do: z.literal('give'), right: Right, to: SiteName, uses: z.int().min(1), by: WireId }),
]);
export type CommandPayload = z.infer<typeof CommandPayload>;

const Command = z.strictObject({
  type: z.literal('command'),
  id: WireId,
  /** `CommandPayload` as JSON: the very text that is signed. */
  command: z.string().min(2).max(4_096),
  /** The hub's time. */
  at: WallTime,
  /** Over `commandText`. */
  proof: Signature,
});

const Revoked = z.strictObject({
  type: z.literal('revoked'),
  /** The second comes at least 24 hours after the first; then the unit wipes its members. */
  notice: z.literal([1, 2]),
  hubTime: WallTime,
  /** Over `revocationText`. */
  proof: Signature,
});

const Pong = z.strictObject({
  type: z.literal('pong'),
  hubTime: WallTime,
});

/** Why the hub ends the connection; `retry`: whether it makes sense to come back by itself. */
export const WireFault = z.enum([
  'version',
  'not-a-message',
  'too-large',
  'too-many',
  'too-slow',
  'not-expected',
  'code',
  'proof',
  'unknown-unit',
  'revoked',
  'chain',
  'unavailable',
]);
export type WireFault = z.infer<typeof WireFault>;

const Goodbye = z.strictObject({
  type: z.literal('goodbye'),
  why: WireFault,
  /** One line for technicians. Never holds what was read. */
  detail: z.string().max(500),
});

export const FromHub = z.discriminatedUnion('type', [
  Challenge,
  Paired,
  Welcome,
  SnapshotBegin,
  Rows,
  SnapshotEnd,
  Delta,
  Acknowledged,
  Taken,
  Command,
  Revoked,
  Pong,
  Goodbye,
]);
export type FromHub = z.infer<typeof FromHub>;
