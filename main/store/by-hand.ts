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
import {
  AcknowledgedEvents,
  CARRIED,
  type CarriedEvents,
  type SealedEvents,
  SignedDocument,
} from '../../sync/wire/carried.ts';
import { documentText } from '../../sync/wire/signed.ts';
import { err, ok, type Result } from '../core/result.ts';

const KID_CHARACTERS = 16;

/** Told by its keys: a plain document has others. */
export function isSigned(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'sig' in document && 'payload' in document;
}

export interface OpenedDocument {
  readonly payload: unknown;
  readonly revision: number;
}

/**
 * @param hubKey of the hub that the unit is paired with @param tenant whose unit it is
 * @returns the document, or one line that says why it isn't taken
 */
export function openSigned(document: unknown, hubKey: string, tenant: string): Result<OpenedDocument, string> {
  const form = SignedDocument.safeParse(document);
  if (!form.success) return err('$: a signed document {format, payload, kid, revision, sig} of this unit’s hub');
  const { payload, kid, revision, sig } = form.data;
  const own = createHash('sha256').update(hubKey).digest('base64url').slice(0, KID_CHARACTERS);
  if (kid !== own) return err('kid: the key of the hub that this unit is paired with: export it there anew');
  const hash = createHash('sha256').update(payload).digest('base64url');
  const key = rawKey('Ed25519', hubKey);
  const text = documentText(tenant, kid, revision, hash);
  if (key === null || !verify(null, Buffer.from(text), key, Buffer.from(sig, 'base64url')))
    return err(
      'sig: the hub’s signature of this very document for this unit’s tenant: it was altered, or is another’s',
    );
  try {
    return ok({ payload: JSON.parse(payload), revision });
  } catch {
    return err('payload: JSON');
  }
}

/** @returns up to where the hub has this unit's events, by epoch, or one line that says why it isn't known */
export function acknowledgedOf(payload: unknown, unit: string): Result<AcknowledgedEvents['heads'], string> {
  const parsed = AcknowledgedEvents.safeParse(payload);
  if (!parsed.success) return err('payload: not a receipt as this program knows it: update the unit');
  const own = parsed.data.heads.filter((head) => head.unit === unit);
  return own.length === 0 ? err('payload: the receipt of another unit’s events') : ok(own);
}

/**
 * Unsent events that only the hub can read. They stay in the outbox until it acknowledges them.
 * @param sealKey the hub's X25519 key @throws Error where the key is none
 */
export function sealEvents(unit: string, events: CarriedEvents, sealKey: string): SealedEvents {
  const hub = rawKey('X25519', sealKey);
  if (hub === null) throw new Error('the hub’s key to seal with is none');
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const ephemeral = z.object({ x: z.string() }).parse(publicKey.export({ format: 'jwk' })).x;
  const salt = Buffer.concat([Buffer.from(ephemeral, 'base64url'), Buffer.from(sealKey, 'base64url')]);
  const key = hkdfSync('sha256', diffieHellman({ privateKey, publicKey: hub }), salt, CARRIED.info, 32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), iv);
  const text = cipher.update(JSON.stringify(events), 'utf8');
  const sealed = Buffer.concat([text, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  return { format: 'genkan-events/1', unit, ephemeral, iv: iv.toString('base64url'), sealed };
}

/** A public key from its 32 bytes; null: there is none of these. */
function rawKey(crv: 'Ed25519' | 'X25519', x: string): KeyObject | null {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' });
  } catch {
    return null;
  }
}
