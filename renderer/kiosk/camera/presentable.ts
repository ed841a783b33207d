import { LIMITS } from '../../../main/contract/values.ts';

const REPLACEMENT = '\u{FFFD}';
// Everything without a glyph of its own: controls, direction marks, zero-width, private, unassigned, lone surrogates.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * The one gate through which a code's text leaves the camera: anybody can print a QR code, so it is at most
 * `LIMITS.code` characters, all printable. Line ends at the end are dropped, as from a scanner; any other unprintable
 * character, and the rest of a text that is too long, becomes U+FFFD. So a foreign code stays a foreign code that the
 * door answers, and can't turn into one of ours.
 */
export function presentable(raw: string): string {
  let end = raw.length;
  while (end > 0 && (raw[end - 1] === '\n' || raw[end - 1] === '\r')) end--;
  const bounded = end <= LIMITS.code ? raw.slice(0, end) : `${raw.slice(0, LIMITS.code - 1)}${REPLACEMENT}`;
  return bounded.replace(UNPRINTABLE, REPLACEMENT);
}
