/**
 * What is carried by hand where there is no network: `genkan-signed/1` from the hub to a unit, `genkan-events/1` from a
 * unit to the hub, sealed to the hub's X25519 key so that a lost stick tells nobody anything.
 */
import { createDecipheriv, createHash, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto';
import { err, ok, type Result } from '../../main/core/result.ts';
import { CARRIED, CarriedEvents, SealedEvents, type SignedDocument } from '../wire/carried.ts';
import { documentText } from '../wire/signed.ts';
import type { HubKeys } from './keys.ts';

/** For a tenant's own units. @param payload the document as JSON: the very text that is signed */
export function signDocument(keys: HubKeys, tenant: string, payload: string, revision: number): SignedDocument {
  const hash = createHash('sha256').update(payload).digest('base64url');
  const sig = keys.sign(documentText(tenant, keys.kid, revision, hash));
  return { format: 'genkan-signed/1', payload, kid: keys.kid, revision, sig };
}

/** @returns the events, or one line that says what is wrong with the file */
export function openEvents(keys: HubKeys, json: unknown): Result<CarriedEvents, string> {
  const sealed = SealedEvents.safeParse(json);
  if (!sealed.success) return err(`${sealed.error.issues[0]?.path.join('.') || '$'}: not a file of sealed events`);
  const text = unseal(keys, sealed.data);
  if (text === null) return err('$: not sealed for this hub, or changed since');
  const events = CarriedEvents.safeParse(text);
  return events.success
    ? ok(events.data)
    : err(`${events.error.issues[0]?.path.join('.') || '$'}: not as sealed events are`);
}

function unseal(keys: HubKeys, { ephemeral, iv, sealed }: SealedEvents): unknown {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: ephemeral }, format: 'jwk' });
    const shared = diffieHellman({ privateKey: keys.sealPrivate, publicKey });
    const salt = Buffer.concat([Buffer.from(ephemeral, 'base64url'), Buffer.from(keys.sealKey, 'base64url')]);
    const key = Buffer.from(hkdfSync('sha256', shared, salt, CARRIED.info, 32));
    const bytes = Buffer.from(sealed, 'base64url');
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
    cipher.setAuthTag(bytes.subarray(-16));
    const opened = Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]);
    const parsed: unknown = JSON.parse(opened.toString('utf8'));
    return parsed;
  } catch {
    return null;
  }
}
