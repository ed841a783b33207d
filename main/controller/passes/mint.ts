/** Issues passes: for the demo, for tests and, in time, for the hub. A unit itself has no key to sign with. */
import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '../../core/result.ts';
import { MOST_CHARACTERS, type PassClaims, parsePass, passText, SIGNATURE_BYTES, toBeSigned } from './pass.ts';

/** `too-long`: with ids of this length no pass; `invalid`: a claim that the format doesn't have. */
export type MintFault =
  | { readonly code: 'too-long'; readonly characters: number; readonly most: number }
  | { readonly code: 'invalid' };

export interface SigningKey {
  readonly kid: string;
  /** Ed25519. */
  readonly privateKey: KeyObject;
}

/** The text for the QR code. Parts of a second are cut off. */
export function mintPass({ kid, privateKey }: SigningKey, claims: PassClaims): Result<string, MintFault> {
  const { notBefore, expiresAt } = claims;
  const whole = {
    ...claims,
    notBefore: notBefore === null ? null : wholeSeconds(notBefore),
    expiresAt: wholeSeconds(expiresAt),
  };
  const { length } = passText(kid, whole, new Uint8Array(SIGNATURE_BYTES));
  if (length > MOST_CHARACTERS) return err({ code: 'too-long', characters: length, most: MOST_CHARACTERS });
  const text = passText(kid, whole, sign(null, toBeSigned(kid, whole), privateKey));
  // A door must read just what was meant: a passId that isn't hex, say, would be read as another.
  return isDeepStrictEqual(parsePass(text)?.claims, whole) ? ok(text) : err({ code: 'invalid' });
}

/** 6 random bytes: among the passes that a door remembers two are never the same. */
export function newPassId(): string {
  return randomBytes(6).toString('hex');
}

function wholeSeconds(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
