/** Who signed a pass. Synchronous, since nothing between a code's last byte and the door's command waits. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type SignedPass, toBeSigned } from './pass.ts';

/** @param publicKey the 32 bytes of an Ed25519 key in base64url */
export function importPassKey(publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}

export function isSignedBy(key: KeyObject, { kid, claims, signature }: SignedPass): boolean {
  return verify(null, toBeSigned(kid, claims), key, signature);
}
