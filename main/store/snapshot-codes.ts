/**
 * The codes of a snapshot, from the order of members into that of their digests. Inserted as they come they would write
 * another page each; a slice of them at a time, sorted, fills page after page.
 */
import type { Database, Statement } from 'better-sqlite3';
import { Rows } from './entity-rows.ts';
import { DIGEST_BYTES } from './prepared.ts';
import { MOST_LINES } from './refused.ts';
import type { Piece } from './sliced.ts';

const ROWS = 250;
/** By the first 9 bits of a digest, which are as good as random: a bucket of 100,000 codes has some 200. */
const BUCKETS = 512;
/** Sorted at once: some 15 MB. Of more there are several rounds. */
const MOST = 200_000;

/** Hexadecimal digits. */
interface CodeRow {
  readonly memberId: string;
  readonly digest: string;
}

interface Code {
  readonly memberId: string;
  readonly digest: Buffer;
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
      put.add(bucket.sorted());
      yield 'more';
    }
    from = round.to;
  }
}

/** Codes of some of the buckets. */
class Round {
  to = BUCKETS;
  readonly #from: number;
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Bucket());
  #kept = 0;

  constructor(from: number) {
    this.#from = from;
  }

  add(row: CodeRow): void {
    const place = Number.parseInt(row.digest.slice(0, 3), 16) >> 3;
    if (place < this.#from || place >= this.to) return;
    this.#buckets[place]?.add(row);
    this.#kept += 1;
    while (this.#kept > MOST && this.to - this.#from > 1) this.#leaveHalf();
  }

  buckets(): Bucket[] {
    return this.#buckets.slice(this.#from, this.to);
  }

  /** To the next round. */
  #leaveHalf(): void {
    const half = (this.#from + this.to) >> 1;
    for (const bucket of this.#buckets.slice(half, this.to)) this.#kept -= bucket.empty();
    this.to = half;
  }
}

/** Digests stand one after another outside of the heap: as texts they would be most of what a first sync takes. */
class Bucket {
  #digests = Buffer.alloc(0);
  readonly #memberIds: string[] = [];

  add({ memberId, digest }: CodeRow): void {
    const at = this.#memberIds.length * DIGEST_BYTES;
    if (at === this.#digests.length)
      this.#digests = Buffer.concat([this.#digests], Math.max(64 * DIGEST_BYTES, 2 * at));
    this.#digests.write(digest, at, DIGEST_BYTES, 'hex');
    this.#memberIds.push(memberId);
  }

  sorted(): Code[] {
    const codes = this.#memberIds.map((memberId, place) => {
      const at = place * DIGEST_BYTES;
      return { memberId, digest: this.#digests.subarray(at, at + DIGEST_BYTES) };
    });
    return codes.sort((a, b) => a.digest.compare(b.digest));
  }

  /** @returns how many there were */
  empty(): number {
    this.#digests = Buffer.alloc(0);
    return this.#memberIds.splice(0).length;
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

  add(codes: readonly Code[]): void {
    if (this.#rows.add(codes.flatMap(({ digest, memberId }) => [digest, memberId]))) return;
    for (const { digest, memberId } of codes) {
      if (this.#holder.get(digest)?.memberId === memberId || this.#trouble.length >= MOST_LINES) continue;
      this.#trouble.push(`member ${memberId}.codes: a code that stands only once`);
    }
  }
}
