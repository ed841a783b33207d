/** The unit's own key: made here, sealed here, and used here alone. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import type { Keys } from './keys.ts';

const ABOUT = 'unit key';
const Jwk = z.object({ x: z.string() });

export class UnitKey {
  readonly #db: Database;
  readonly #keys: Keys;
  #private: KeyObject | null = null;

  constructor(db: Database, keys: Keys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** It has signed already. */
  get isReady(): boolean {
    return this.#private !== null;
  }

  /** Ed25519, base64url; null: not made yet. */
  publicKey(): string | null {
    const row = this.#db.prepare<[], { publicKey: string | null }>('SELECT public_key AS publicKey FROM hub').get();
    return row?.publicKey ?? null;
  }

  /** Makes the key, once. Only inside a transaction. */
  make(): void {
    if (this.publicKey() !== null) return;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    const { x } = Jwk.parse(publicKey.export({ format: 'jwk' }));
    this.#db.prepare('UPDATE hub SET sealed_key = ?, public_key = ?').run(this.#keys.seal(ABOUT, pkcs8), x);
  }

  /** @returns the signature, base64url @throws Error where the key hasn't been made */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#key()).toString('base64url');
  }

  #key(): KeyObject {
    if (this.#private !== null) return this.#private;
    const row = this.#db.prepare<[], { sealed: Buffer | null }>('SELECT sealed_key AS sealed FROM hub').get();
    if (row === undefined || row.sealed === null) throw new Error('the unit’s key is made before it signs');
    const der = Buffer.from(z.string().parse(this.#keys.open(ABOUT, row.sealed)), 'base64');
    this.#private = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return this.#private;
  }
}
