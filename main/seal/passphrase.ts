/** Passphrases of sealed files: made, typed, told apart. */
import { randomInt } from 'node:crypto';

const CODE_DIGITS = 16;
const GROUP = 4;
/** Fewer are tried through in days by whoever has found the stick. */
export const LEAST_CHARACTERS = 12;
export const MOST_CHARACTERS = 256;

/** 16 digits in groups of four (53 bits): also typed at a number pad, and read out over the telephone. */
export function makeCode(): string {
  const digits = Array.from({ length: CODE_DIGITS }, () => randomInt(10)).join('');
  return (digits.match(new RegExp(`\\d{${GROUP}}`, 'g')) ?? []).join(' ');
}

/**
 * As it enters the key: whatever the keyboard and its full-width digits, whatever the blanks around; and a code of digits
 * counts without what stands between them.
 */
export function asKeyed(passphrase: string): string {
  const plain = passphrase.normalize('NFKC').trim();
  return /^[\d\s-]+$/.test(plain) ? plain.replace(/\D/g, '') : plain;
}

/** What is wrong with a new one, in a line; null: nothing. */
export function weakness(passphrase: string): string | null {
  const { length } = asKeyed(passphrase);
  if (length > MOST_CHARACTERS) return `the passphrase: at most ${MOST_CHARACTERS} characters`;
  return length < LEAST_CHARACTERS ? `the passphrase: at least ${LEAST_CHARACTERS} characters` : null;
}
