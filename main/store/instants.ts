import { parseInstant } from '../core/time/instant.ts';

/** @throws Error on a text that no check has let through */
export function instantNumber(text: string): number {
  const instant = parseInstant(text);
  if (instant === null) throw new Error('a checked document has a time that is none');
  return instant;
}
