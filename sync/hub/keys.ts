/** The hub's own keys, and the check of what units sign. Ed25519 signs, X25519 opens what was carried here by hand. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';

/** As the store keeps them: PKCS#8 in base64. */
export interface StoredKeys {
  readonly sign: string;
  readonly seal: string;
}

export function makeKeys(): StoredKeys {
  const pkcs8 = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return {
    sign: pkcs8(generateKeyPairSync('ed25519').privateKey),
    seal: pkcs8(generateKeyPairSync('x25519').privateKey),
  };
}

export class HubKeys {
  /** Ed25519 and X25519, base64url, as units know them. */
  readonly publicKey: string;
  readonly sealKey: string;
  readonly sealPrivate: KeyObject;
  readonly #sign: KeyObject;

  constructor(stored: StoredKeys) {
    const read = (text: string) => createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    this.#sign = read(stored.sign);
    this.sealPrivate = read(stored.seal);
    this.publicKey = publicOf(this.#sign);
    this.sealKey = publicOf(this.sealPrivate);
  }

  /** @returns base64url */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#sign).toString('base64url');
  }

  /** Names the signing key in documents that are carried by hand. */
  get kid(): string {
    return digest(this.publicKey).slice(0, 16);
  }
}

function publicOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'jwk' }).x ?? '';
}

/** Keys that are kept ready: of as many units as one process may serve. */
const KEPT_KEYS = 20_000;
const kept = new Map<string, KeyObject>();

/** An Ed25519 key as a unit brings it; null where those 32 bytes are none. Making one takes a fifth of a check by it. */
export function unitKey(key: string): KeyObject | null {
  const known = kept.get(key);
  if (known !== undefined) return known;
  try {
    const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_KEYS && oldest !== undefined) kept.delete(oldest);
    kept.set(key, made);
    return made;
  } catch {
    return null;
  }
}

/** Works beside the event loop: a hub checks thousands of these a second. */
export function isSignedBy(key: KeyObject, text: string, proof: string): Promise<boolean> {
  return new Promise((resolve) => {
    verify(null, Buffer.from(text), key, Buffer.from(proof, 'base64url'), (error, isRight) => {
      resolve(error === null && isRight);
    });
  });
}

/** SHA-256 in base64url: how tokens and codes are kept. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export function makeNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** An id that nobody has yet. */
export function makeId(): string {
  return randomBytes(12).toString('base64url');
}
