/** Events on their way to the hub: events have no gaps, so what it has is one number. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import type { RecordReader } from './record.ts';

export interface OutgoingEvents {
  readonly epoch: number;
  readonly from: number;
  readonly bodies: readonly string[];
  /** Chain's hash at the last of them, base64url. */
  readonly hash: string;
}

export interface Limits {
  readonly events: number;
  readonly bytes: number;
}

interface Row {
  readonly seq: number;
  readonly body: string;
  readonly hash: Buffer;
}

/** The first event of an epoch names the head of the one before. */
const Begun = z.object({
  detail: z.object({
    what: z.literal('epoch'),
    before: z.object({ epoch: z.int(), head: z.int(), hash: z.string() }),
  }),
});

export class Outbox {
  readonly #record: RecordReader;
  readonly #next: Statement<[number, number], Row>;
  readonly #acknowledge: Statement<[number, number, number]>;

  constructor(db: Database, record: RecordReader) {
    this.#record = record;
    this.#next = db.prepare('SELECT seq, body, hash FROM event WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#acknowledge = db.prepare(`
      UPDATE unit SET acknowledged = min(?, (SELECT coalesce(max(seq), 0) FROM event))
      WHERE epoch = ? AND acknowledged < ?`);
  }

  /** The first behind `after` that is still here, and what follows, at least one event; null: there is none. */
  outgoing(after: number, { events, bytes }: Limits): OutgoingEvents | null {
    const bodies: string[] = [];
    let size = 0;
    let last: Row | null = null;
    let from = 0;
    for (const row of this.#next.iterate(after, events)) {
      size += Buffer.byteLength(row.body);
      if (last !== null && size > bytes) break;
      if (last === null) from = row.seq;
      bodies.push(row.body);
      last = row;
    }
    if (last === null) return null;
    return { epoch: this.#record.unit().epoch, from, bodies, hash: last.hash.toString('base64url') };
  }

  /** The hub has all up to `seq`, durably. Never goes back. */
  acknowledge(epoch: number, seq: number): void {
    this.#acknowledge.run(seq, epoch, seq);
  }

  /** The head of the epoch before; null: there was none, or nobody could read it. */
  before(): { readonly epoch: number; readonly seq: number; readonly hash: string } | null {
    const body = this.#record.find(1);
    const begun = Begun.safeParse(body === null ? null : JSON.parse(body));
    if (!begun.success) return null;
    const { epoch, head: seq, hash } = begun.data.detail.before;
    return { epoch, seq, hash: Buffer.from(hash, 'hex').toString('base64url') };
  }
}
