/**
 * The unit's own key and all that it does: codes are found by keyed digest, and every row about a person goes through
 * one seal and one open function. Who takes the disk without the key learns neither names nor codes.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
/** Fetched at once. */
const NONCES = 340;
const TAG_BYTES = 16;
const FORMAT = 1;
const FORMAT_BYTE = Buffer.of(FORMAT);
/** PKCS #8 of an Ed25519 private key, up to its 32 bytes (RFC 8410 7). */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export class Keys {
  readonly #digest: KeyObject;
  readonly #seal: KeyObject;
  readonly #secret: KeyObject;
  #nonces = Buffer.alloc(0);

  /** @param secret 32 bytes */
  constructor(secret: Buffer) {
    if (secret.length !== KEY_BYTES) throw new Error(`a unit's key has ${KEY_BYTES} bytes`);
    const derive = (use: string) => createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `genkan ${use}`, 32)));
    this.#secret = createSecretKey(secret);
    this.#digest = derive('code digest');
    this.#seal = derive('seal');
  }

  /** The unit's own, for another thread of this program. */
  get secret(): KeyObject {
    return this.#secret;
  }

  /** @param code without white space at its ends */
  digestCode(code: string): Buffer {
    return createHmac('sha256', this.#digest).update(code).digest();
  }

  /** The unit's Ed25519 key for one use: always the same, and of no help with another use's. */
  signingKey(use: string): KeyObject {
    const seed = Buffer.from(hkdfSync('sha256', this.#secret, '', `genkan signing ${use}`, 32));
    return createPrivateKey({ key: Buffer.concat([ED25519_HEAD, seed]), format: 'der', type: 'pkcs8' });
  }

  /** @param about whose the value is; it opens only under the same */
  seal(about: string, value: unknown): Buffer {
    const nonce = this.#nonce();
    const cipher = createCipheriv('aes-256-gcm', this.#seal, nonce).setAAD(Buffer.from(about));
    const sealed = cipher.update(JSON.stringify(value), 'utf8');
    return Buffer.concat([FORMAT_BYTE, nonce, sealed, cipher.final(), cipher.getAuthTag()]);
  }

  /** Random bytes come by the thousand: each call of the system costs as much as the sealing. */
  #nonce(): Buffer {
    if (this.#nonces.length < NONCE_BYTES) this.#nonces = randomBytes(NONCES * NONCE_BYTES);
    const nonce = this.#nonces.subarray(0, NONCE_BYTES);
    this.#nonces = this.#nonces.subarray(NONCE_BYTES);
    return nonce;
  }

  /** @throws Error when it was sealed by another key, for another `about`, or changed since */
  open(about: string, sealed: Buffer): unknown {
    if (sealed[0] !== FORMAT) throw new Error('a sealed row of an unknown format');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#seal, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(plain.toString('utf8'));
  }
}
