/** Rows as the texts of messages, none too large to send. */
import { WIRE } from '../../wire/limits.ts';
import type { ChangeText } from '../ports.ts';

/** A part's changes as JSON without the brackets. Nothing is left out; a part of one may be longer than `length`. */
function partsOf(changes: readonly ChangeText[], length: number): string[] {
  const parts: string[] = [];
  let part: string[] = [];
  let used = 0;
  for (const text of changes) {
    if (part.length > 0 && (part.length === WIRE.changes || used + text.length > length)) {
      parts.push(part.join(','));
      part = [];
      used = 0;
    }
    part.push(text);
    used += text.length + 1;
  }
  if (part.length > 0) parts.push(part.join(','));
  return parts;
}

/** A delta as its messages, the last marked; one that changes nothing is one message all the same. */
export function deltaTexts(from: number, to: number, changes: readonly ChangeText[], length: number): string[] {
  const parts = partsOf(changes, length);
  if (parts.length === 0) parts.push('');
  return parts.map(
    (part, at) =>
      `{"type":"delta","from":${from},"to":${to},"changes":[${part}],"last":${String(at === parts.length - 1)}}`,
  );
}

/**
 * @param cursors before and after these rows. Rows that go out in several messages are sent again as a whole when they
 * were cut off: all but the last say the former.
 */
export function rowTexts(changes: readonly ChangeText[], cursors: readonly [string, string], length: number): string[] {
  const [before, after] = cursors.map((cursor) => JSON.stringify(cursor));
  const parts = partsOf(changes, length);
  return parts.map(
    (part, at) => `{"type":"rows","changes":[${part}],"cursor":${at === parts.length - 1 ? after : before}}`,
  );
}
