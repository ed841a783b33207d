/**
 * The codes of a snapshot, from the order of members into that of their digests. Inserted as they come they would write
 * another page each; a slice of them at a time, sorted, fills page after page.
 */
import type { Database, Statement } from 'better-sqlite3';
import { Rows } from './entity-rows.ts';
import { MOST_LINES } from './refused.ts';
import type { Piece } from './sliced.ts';

const ROWS = 250;
/** By the first 9 bits of a digest, which are as good as random: a bucket of 100,000 codes has some 200. */
const BUCKETS = 512;
/** Sorted at once: some 20 MB. Of more there are several rounds. */
const MOST = 200_000;
const HEX_DIGITS = 64;

/** Hexadecimal digits. */
interface CodeRow {
  readonly memberId: string;
  readonly digest: string;
}

/** Adds lines to `trouble`. */
export function* sortCodes(db: Database, prefix: string, trouble: string[]): Generator<Piece, void> {
  const put = new SortedCodes(db, prefix, trouble);
  const page = db.prepare<[string, string], CodeRow>(`
    SELECT member_id AS memberId, hex(digest) AS digest FROM ${prefix}member_code
    WHERE (member_id, digest) > (?, unhex(?)) ORDER BY member_id, digest LIMIT ${ROWS}`);
  for (let from = 0; from < BUCKETS; ) {
    const round = new Round(from);
    for (let last: CodeRow | undefined = { memberId: '', digest: '' }; last !== undefined; ) {
      const rows = page.all(last.memberId, last.digest);
      for (const row of rows) round.add(row);
      last = rows.at(-1);
      yield 'more';
    }
    for (const bucket of round.buckets()) {
      put.add(bucket.sort());
      yield 'more';
    }
    from = round.to;
  }
}

/** Codes of some of the buckets. */
class Round {
  to = BUCKETS;
  readonly #from: number;
  readonly #buckets: string[][] = Array.from({ length: BUCKETS }, () => []);
  #kept = 0;

  constructor(from: number) {
    this.#from = from;
  }

  add({ digest, memberId }: CodeRow): void {
    const bucket = Number.parseInt(digest.slice(0, 3), 16) >> 3;
    if (bucket < this.#from || bucket >= this.to) return;
    // One text a code: half the memory of two with an object.
    this.#buckets[bucket]?.push(`${digest}${memberId}`);
    this.#kept += 1;
    while (this.#kept > MOST && this.to - this.#from > 1) this.#leaveHalf();
  }

  buckets(): string[][] {
    return this.#buckets.slice(this.#from, this.to);
  }

  /** To the next round. */
  #leaveHalf(): void {
    const half = (this.#from + this.to) >> 1;
    for (const bucket of this.#buckets.slice(half, this.to)) this.#kept -= bucket.splice(0).length;
    this.to = half;
  }
}

class SortedCodes {
  readonly #rows: Rows;
  readonly #holder: Statement<[Uint8Array], { memberId: string }>;
  readonly #trouble: string[];

  constructor(db: Database, prefix: string, trouble: string[]) {
    const insert = (count: number) =>
      `INSERT INTO ${prefix}code (digest, member_id) VALUES ${Array(count).fill('(?, ?)').join(', ')} ON CONFLICT DO NOTHING`;
    this.#rows = new Rows(db, insert, 2);
    this.#holder = db.prepare(`SELECT member_id AS memberId FROM ${prefix}code WHERE digest = ?`);
    this.#trouble = trouble;
  }

  add(codes: readonly string[]): void {
    const values: (Uint8Array | string)[] = [];
    for (const code of codes) values.push(Buffer.from(code.slice(0, HEX_DIGITS), 'hex'), code.slice(HEX_DIGITS));
    if (this.#rows.add(values)) return;
    for (const code of codes) {
      const memberId = code.slice(HEX_DIGITS);
      const holder = this.#holder.get(Buffer.from(code.slice(0, HEX_DIGITS), 'hex'));
      if (holder?.memberId === memberId || this.#trouble.length >= MOST_LINES) continue;
      this.#trouble.push(`member ${memberId}.codes: a code that stands only once`);
    }
  }
}
