/** What is carried between a unit and its hub by hand (guarantees 2.6): documents down, sealed events up. */
import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  verify,
} from 'node:crypto';
import * as z from 'zod';
import { documentText } from '../../sync/wire/signed.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { OutgoingEvents } from './outbox.ts';

/** `sig`: by the hub over `documentText`, with the SHA-256 of the payload as it is written here, as JSON. */
export const SignedDocument = z.strictObject({
  format: z.literal('genkan-signed/1').optional(),
  payload: z.looseObject({ format: z.enum(['genkan-site/1', 'genkan-settings/1']) }),
  /** The hub's Ed25519 key that signed it, base64url. */
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  revision: z.int().min(1),
  sig: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type SignedDocument = z.infer<typeof SignedDocument>;

/** Told by its keys: a plain document has others. */
export function isSigned(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'sig' in document && 'payload' in document;
}

/**
 * @param hubKey of the hub that the unit is paired with @param newest nothing older is taken
 * @returns the document, or one line that says why it isn't taken
 */
export function openSigned(document: unknown, hubKey: string, newest: number): Result<SignedDocument, string> {
  const form = SignedDocument.safeParse(document);
  if (!form.success) return err('$: a signed document {payload, kid, revision, sig} of this unit’s hub');
  const { payload, kid, revision, sig } = form.data;
  if (kid !== hubKey) return err('kid: the key of the hub that this unit is paired with: export it there anew');
  const hash = createHash('sha256').update(JSON.stringify(payload)).digest('base64url');
  const text = documentText(kid, revision, hash);
  const key = rawKey('Ed25519', hubKey);
  if (key === null || !verify(null, Buffer.from(text), key, Buffer.from(sig, 'base64url')))
    return err('sig: the hub’s signature of this very document: it was altered, or is another hub’s');
  if (revision < newest) return err(`revision: ${newest} or later, which this unit has already: export it anew`);
  return ok(form.data);
}

/** `genkan-events/1`: unsent events that only the hub can read. They stay in the outbox until it acknowledges them. */
export interface SealedEvents {
  readonly format: 'genkan-events/1';
  readonly unit: string;
  readonly epoch: number;
  /** X25519, of this export alone, base64url. */
  readonly ephemeral: string;
  readonly nonce: string;
  /** AES-256-GCM with its tag at the end, base64url, of JSON `{from, bodies, hash, proof}`. */
  readonly sealed: string;
}

/**
 * @param sealKey the hub's X25519 key @param proof the unit's signature of its head
 * @throws Error where the key is none
 */
export function sealEvents(unit: string, events: OutgoingEvents, proof: string, sealKey: string): SealedEvents {
  const hub = rawKey('X25519', sealKey);
  if (hub === null) throw new Error('the hub’s key to seal with is none');
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const ephemeral = z.object({ x: z.string() }).parse(publicKey.export({ format: 'jwk' })).x;
  const { epoch, from, bodies, hash } = events;
  const about = `genkan-events/1\n${unit}\n${epoch}\n${ephemeral}`;
  const key = hkdfSync('sha256', diffieHellman({ privateKey, publicKey: hub }), '', about, 32);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), nonce).setAAD(Buffer.from(about));
  const plain = JSON.stringify({ from, bodies, hash, proof });
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    ...{ format: 'genkan-events/1', unit, epoch, ephemeral },
    nonce: nonce.toString('base64url'),
    sealed: sealed.toString('base64url'),
  };
}

/** A public key from its 32 bytes; null: there is none of these. */
function rawKey(crv: 'Ed25519' | 'X25519', x: string): KeyObject | null {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' });
  } catch {
    return null;
  }
}
