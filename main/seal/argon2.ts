/** Argon2id, computed by a thread of its own: it takes 0.1 to 0.5 s, and a door must not wait. */
import { type Argon2Parameters, argon2 } from 'node:crypto';

/** `memory` in KiB. */
export interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** What a derivation that somebody else has written down may cost at most: a quarter of a small unit's memory, some seconds. */
const MOST: Cost = { memory: 262_144, passes: 16, parallelism: 8 };

/** Whether this machine gives as much for a derivation that comes from a file or the network. */
export function isBearable({ memory, passes, parallelism }: Cost): boolean {
  if (memory > MOST.memory || passes > MOST.passes || parallelism > MOST.parallelism) return false;
  return passes >= 1 && parallelism >= 1 && memory >= 8 * parallelism;
}

/** @param salt at least 8 bytes @param tagLength bytes of the key */
export function argon2id(
  message: string,
  cost: Cost,
  { salt, tagLength }: { readonly salt: Buffer; readonly tagLength: number },
): Promise<Buffer> {
  const parameters: Argon2Parameters = { message, ...cost, nonce: salt, tagLength };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
