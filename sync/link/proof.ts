/** Checks what the hub has signed, and makes what it is to sign. */
import { createPublicKey, randomBytes, randomInt, verify } from 'node:crypto';

/** @param key Ed25519, raw, base64url @param proof base64url */
export function isSigned(key: string, text: string, proof: string): boolean {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    return verify(null, Buffer.from(text), publicKey, Buffer.from(proof, 'base64url'));
  } catch {
    // A key that is no point of the curve has signed nothing.
    return false;
  }
}

/** Chance, which a test holds in its hand. */
export interface Chance {
  /** 16 bytes that nobody can guess, base64url. */
  nonce(): string;
  /** 0 to 1, 1 excluded: spreads out what many units would do at once. */
  real(): number;
}

export const CHANCE: Chance = {
  nonce: () => randomBytes(16).toString('base64url'),
  real: () => randomInt(1 << 30) / (1 << 30),
};
