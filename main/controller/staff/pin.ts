/** PINs as argon2id, in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { argon2id, isBearable } from '../../seal/argon2.ts';

/** 19 MiB: a unit has little memory, and one PIN is checked at a time. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await argon2id(pin, COST, { salt, tagLength: HASH_BYTES });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** False also for a hash that is none, or costs more than this unit gives. */
export async function isPin(pin: string, pinHash: string): Promise<boolean> {
  const [, m, t, p, salt, hash] = PHC.exec(pinHash) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const cost = { memory: Number(m), passes: Number(t), parallelism: Number(p) };
  // From the settings: a dearer one is no PIN here.
  if (!isBearable(cost)) return false;
  const expected = Buffer.from(hash, 'base64');
  const found = await argon2id(pin, cost, { salt: Buffer.from(salt, 'base64'), tagLength: expected.length });
  return timingSafeEqual(found, expected);
}

/** The same digit, a row of digits, the same few again: what is tried first. */
export function isWeakPin(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, index) => digit - (digits[index] ?? 0));
  const isRow = steps.every((step) => step === steps[0] && Math.abs(step) <= 1);
  return isRow || /^(\d{1,3})\1+$/.test(pin);
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
