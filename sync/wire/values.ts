/** Values of the protocol, with their bounds. */
import * as z from 'zod';
import { WIRE } from './limits.ts';

const base64url = (bytes: number, what: string) => {
  const length = Math.ceil((bytes * 4) / 3);
  return z
    .string()
    .regex(new RegExp(`^[A-Za-z0-9_-]{${length}}$`))
    .meta({ description: `${what}: ${bytes} bytes in base64url without padding` });
};

export const PublicKey = base64url(32, 'an Ed25519 public key');
export const Signature = base64url(64, 'an Ed25519 signature');
export const Nonce = base64url(16, 'a nonce');
export const Hash = base64url(32, 'a SHA-256 hash');

/** What a unit, a person, a command is called. */
export const WireId = z.string().min(1).max(WIRE.token);

/** Grows with each change of a tenant's data; 0: nothing is known. */
export const Revision = z.int().min(0);

/** A unit's database begins a new epoch when it is restored, rebuilt or swapped. */
export const Epoch = z.int().min(1);

/** Number of an event within its epoch; events have no gaps. */
export const Seq = z.int().min(1);

/** Epoch milliseconds. */
export const WallTime = z.int().min(0);

/** A place with units that share a network and their leases: `tokyo-1`. */
export const SiteName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected 1 to 63 of a-z, 0-9 and -, no - at the beginning')
  .meta({ description: 'a site: 1 to 63 of a-z, 0-9 and -, no - at the beginning' });

/** `YYYY-MM`. */
export const Month = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  .meta({ description: 'a calendar month YYYY-MM' });

/** Where an event was recorded. */
export const Origin = z.strictObject({ unit: WireId, epoch: Epoch, seq: Seq });
export type Origin = z.infer<typeof Origin>;
