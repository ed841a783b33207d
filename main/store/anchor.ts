/** Where the record begins since older events have gone, and what the record itself says about that. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';

/** `detail` of the event that is recorded before events go. */
export const Told = z.object({
  what: z.literal('retention'),
  /** Events up to this one go. */
  to: z.int(),
  /** The hash of that one, in hexadecimal digits. */
  hash: z.string(),
});
export type Told = z.infer<typeof Told>;
const TellingEvent = z.object({ detail: Told });

/** An event's body: a worn disk changes bytes without a word, and what is old must go all the same. */
export const LEGIBLE = "iif(json_valid(body), body, 'null')";

export interface Anchor {
  /** Events up to this one are gone; 0: none. */
  readonly prunedTo: number;
  /** The hash of the last of them; null where none is gone. */
  readonly hash: Buffer | null;
  /** The latest word of the record on it; null where there is none. */
  readonly told: Told | null;
}

const NONE: Anchor = { prunedTo: 0, hash: null, told: null };

export class AnchorReader {
  readonly #anchor: Statement<[], { prunedTo: number; hash: Buffer | null; body: string | null }>;

  constructor(db: Database) {
    this.#anchor = db.prepare(`
      SELECT pruned_to AS prunedTo, anchor AS hash, (SELECT ${LEGIBLE} FROM event WHERE seq = told_by) AS body
      FROM retention`);
  }

  read(): Anchor {
    const row = this.#anchor.get();
    if (row === undefined) return NONE;
    const { prunedTo, hash, body } = row;
    const telling = TellingEvent.safeParse(body === null ? null : JSON.parse(body));
    return { prunedTo, hash, told: telling.success ? telling.data.detail : null };
  }
}

/** Does the record say that it begins there? */
export function isTold({ prunedTo, hash, told }: Anchor): boolean {
  if (prunedTo === 0) return true;
  if (told === null) return false;
  return told.to === prunedTo ? told.hash === hash?.toString('hex') : told.to > prunedTo;
}
