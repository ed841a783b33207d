/**
 * PINs as argon2id, in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. Computed by a thread of its
 * own, since it takes 0.1 to 0.3 s and a door must not wait.
 */
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** 19 MiB: a unit has little memory, and one PIN is checked at a time. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What a hash from the settings may cost at most; a dearer one is no PIN here. */
const MOST = { memory: 262_144, passes: 16, parallelism: 8 } as const;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(pin, { ...COST, nonce: salt, tagLength: HASH_BYTES });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** False also for a hash that is none, or costs more than this unit gives. */
export async function isPin(pin: string, pinHash: string): Promise<boolean> {
  const [, m, t, p, salt, hash] = PHC.exec(pinHash) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const cost = { memory: Number(m), passes: Number(t), parallelism: Number(p) };
  const { memory, passes, parallelism } = cost;
  if (memory > MOST.memory || passes > MOST.passes || parallelism > MOST.parallelism) return false;
  if (passes < 1 || parallelism < 1 || memory < 8 * parallelism) return false;
  const expected = Buffer.from(hash, 'base64');
  const found = await derive(pin, { ...cost, nonce: Buffer.from(salt, 'base64'), tagLength: expected.length });
  return timingSafeEqual(found, expected);
}

/** The same digit, a row of digits, the same few again: what is tried first. */
export function isWeakPin(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, index) => digit - (digits[index] ?? 0));
  const isRow = steps.every((step) => step === steps[0] && Math.abs(step) <= 1);
  return isRow || /^(\d{1,3})\1+$/.test(pin);
}

function derive(pin: string, parameters: Omit<Argon2Parameters, 'message'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: pin, ...parameters }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
