/** What a hub says to a unit. */
import * as z from 'zod';
import { Id } from '../../main/contract/values.ts';
import { Change } from './entities.ts';
import { WIRE } from './limits.ts';
import { Epoch, Nonce, PublicKey, Revision, Seq, Signature, WallTime, WireId } from './values.ts';

/** The first word on each connection: sign this nonce. */
const Challenge = z.strictObject({ type: z.literal('challenge'), version: z.literal(WIRE.version), nonce: Nonce });

const Paired = z.strictObject({
  type: z.literal('paired'),
  tenant: WireId,
  /** The key by which the hub proves itself from now on; the unit keeps it. */
  hubKey: PublicKey,
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

/** All that a unit of this tenant knows, at one revision; it replaces what the unit has once `end` has come. */
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
  revision: Revision,
  /** Own events up to this number are in these rows: what a ticket has left already counts them. */
  knows: z.int().min(0),
});

/** Changes from one revision to another, whole: what comes in several parts is applied with the last. */
const Delta = z.strictObject({
  type: z.literal('delta'),
  from: Revision,
  to: Revision,
  changes: z.array(Change).max(WIRE.changes),
  last: z.boolean(),
  /** As in `snapshot-end`. */
  knows: z.int().min(0),
});

/** These events are durable at the hub; the unit may forget that it owes them. */
const Acknowledged = z.strictObject({ type: z.literal('acknowledged'), epoch: Epoch, seq: Seq });

/** What a person of the operator's wants this unit to do, on this connection alone, at most once. */
export const CommandPayload = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('open'), doorId: Id, by: WireId }),
  z.strictObject({ do: z.literal('lockdown'), doorId: Id.nullable(), on: z.boolean(), by: WireId }),
  z.strictObject({ do: z.literal('refresh'), by: WireId }),
  z.strictObject({ do: z.literal('restart'), by: WireId }),
]);
export type CommandPayload = z.infer<typeof CommandPayload>;

const Command = z.strictObject({
  type: z.literal('command'),
  id: WireId,
  /** `CommandPayload` as JSON: the very text that is signed. */
  command: z.string().min(2).max(4_096),
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
  Command,
  Revoked,
  Pong,
  Goodbye,
]);
export type FromHub = z.infer<typeof FromHub>;
