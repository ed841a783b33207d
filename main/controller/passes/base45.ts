/** Base45 (RFC 9285): two bytes in three characters of QR's alphanumeric alphabet, one last byte in two. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const [first = 0, second] = bytes.subarray(at, at + 2);
    text += second === undefined ? digitsOf(first, 2) : digitsOf(first * 256 + second, 3);
  }
  return text;
}

/** null where the text isn't what `encodeBase45` makes of some bytes. Takes time in proportion to the text. */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    const value = readGroup(group);
    if (value === null || value >= (group.length === 3 ? 0x10000 : 0x100)) return null;
    if (group.length === 3) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** The least digit comes first. */
function digitsOf(value: number, count: number): string {
  let text = '';
  for (let rest = value; text.length < count; rest = Math.floor(rest / 45)) text += ALPHABET.charAt(rest % 45);
  return text;
}

function readGroup(group: string): number | null {
  let value = 0;
  for (let at = group.length - 1; at >= 0; at--) {
    const digit = ALPHABET.indexOf(group.charAt(at));
    if (digit < 0) return null;
    value = value * 45 + digit;
  }
  return value;
}
