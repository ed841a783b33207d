/** What is carried by hand: `genkan-signed/1` to a unit, `genkan-events/1` to the hub. */
import * as z from 'zod';
import { Events } from './to-hub.ts';
import { Epoch, PublicKey, Revision, Seq, Signature, WireId } from './values.ts';

export const CARRIED = {
  /** What the key of a sealed file is derived for (HKDF-SHA-256; salt: both public keys, the unit's for this file first). */
  info: 'genkan.1 sealed events',
  /** Messages in one file. */
  parts: 100_000,
  /** Characters of a sealed file. */
  sealed: 512 * 1_048_576,
} as const;

/** A document that the hub has signed (`documentText`); `payload` is its JSON, the very text that was hashed. */
export const SignedDocument = z.strictObject({
  format: z.literal('genkan-signed/1'),
  payload: z.string().min(2),
  kid: WireId,
  revision: Revision,
  sig: Signature,
});
export type SignedDocument = z.infer<typeof SignedDocument>;

/** Sealed by X25519 with a key made for this file, HKDF-SHA-256 and AES-256-GCM; the tag is the last 16 bytes. */
export const SealedEvents = z.strictObject({
  format: z.literal('genkan-events/1'),
  unit: WireId,
  ephemeral: PublicKey,
  iv: z.string().regex(/^[A-Za-z0-9_-]{16}$/),
  sealed: z
    .string()
    .max(CARRIED.sealed)
    .regex(/^[A-Za-z0-9_-]*$/),
});
export type SealedEvents = z.infer<typeof SealedEvents>;

/** What is inside: the messages that the unit would have sent. */
export const CarriedEvents = z.strictObject({ parts: z.array(Events).max(CARRIED.parts) });
export type CarriedEvents = z.infer<typeof CarriedEvents>;

/** Payload of a signed document: up to where the hub has events, durably. Any number of times, in any order. */
export const AcknowledgedEvents = z.strictObject({
  format: z.literal('genkan-acknowledged/1'),
  heads: z.array(z.strictObject({ unit: WireId, epoch: Epoch, seq: Seq })).max(CARRIED.parts),
});
export type AcknowledgedEvents = z.infer<typeof AcknowledgedEvents>;
