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

type Row = [seq: number, body: string];

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
  readonly #hash: Statement<[number], { hash: Buffer }>;
  readonly #acknowledge: Statement<[number, number, number]>;

  constructor(db: Database, record: RecordReader) {
    this.#record = record;
    // As arrays and without the hashes, of which the last one's alone is needed: half the time.
    this.#next = db
      .prepare<[number, number], Row>('SELECT seq, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?')
      .raw();
    this.#hash = db.prepare('SELECT hash FROM event WHERE seq = ?');
    this.#acknowledge = db.prepare(`
      UPDATE unit SET acknowledged = min(?, (SELECT coalesce(max(seq), 0) FROM event))
      WHERE epoch = ? AND acknowledged < ?`);
  }

  /** The first behind `after` that is still here, and what follows, at least one event; null: there is none. */
  outgoing(after: number, { events, bytes }: Limits): OutgoingEvents | null {
    const bodies: string[] = [];
    let size = 0;
    let [first, last] = [0, 0];
    for (const [seq, body] of this.#next.iterate(after, events)) {
      size += Buffer.byteLength(body);
      if (first > 0 && size > bytes) break;
      if (first === 0) first = seq;
      bodies.push(body);
      last = seq;
    }
    const hash = first === 0 ? undefined : this.#hash.get(last)?.hash;
    if (hash === undefined) return null;
    return { epoch: this.#record.unit().epoch, from: first, bodies, hash: hash.toString('base64url') };
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
