/** When the clock could last be believed, across restarts. */
import type { Database, Statement } from 'better-sqlite3';
import { parseInstant } from '../core/time/instant.ts';

/** Epoch ms; null: never. */
export interface ClockMark {
  readonly trustedAt: number | null;
  readonly syncedAt: number | null;
  /** The clock's state by the last event that was recorded when it happened; null: there is none. */
  readonly before: string | null;
}

/** The mark is renewed at each change, so that none of them has an older event behind so many. */
const LOOKED_AT = 1_000;

export class ClockMarks {
  readonly #mark: Statement<[], { trustedAt: number; syncedAt: number }>;
  readonly #lastTrusted: Statement<[number], { at: string }>;
  readonly #before: Statement<[number], { clock: string }>;
  readonly #set: Statement<[number, number]>;

  constructor(db: Database) {
    this.#mark = db.prepare('SELECT trusted_at AS trustedAt, synced_at AS syncedAt FROM clock_mark');
    this.#lastTrusted = db.prepare(`
      SELECT coalesce(body ->> '$.detail.receivedAt', body ->> 'at') AS at
      FROM (SELECT seq, body FROM event ORDER BY seq DESC LIMIT ?)
      WHERE body ->> 'clock' <> 'doubtful' AND body ->> '$.detail.late' IS NULL ORDER BY seq DESC LIMIT 1`);
    this.#before = db.prepare(`
      SELECT body ->> 'clock' AS clock FROM (SELECT seq, body FROM event ORDER BY seq DESC LIMIT ?)
      WHERE body ->> '$.detail.late' IS NULL ORDER BY seq DESC LIMIT 1`);
    this.#set = db.prepare(`
      INSERT INTO clock_mark (id, trusted_at, synced_at) VALUES (1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET trusted_at = excluded.trusted_at, synced_at = excluded.synced_at`);
  }

  read(): ClockMark {
    const mark = this.#mark.get();
    const before = this.#before.get(LOOKED_AT)?.clock ?? null;
    const last = this.#lastTrusted.get(LOOKED_AT)?.at;
    const lastAt = last === undefined ? null : parseInstant(last);
    if (mark === undefined) return { trustedAt: lastAt, syncedAt: null, before };
    // While it is doubtful the mark stays at the last time before the doubt.
    const trustedAt = before === 'doubtful' || lastAt === null ? mark.trustedAt : Math.max(mark.trustedAt, lastAt);
    return { trustedAt, syncedAt: mark.syncedAt, before };
  }

  set(trustedAt: number, syncedAt: number): void {
    this.#set.run(Math.round(trustedAt), Math.round(syncedAt));
  }
}
