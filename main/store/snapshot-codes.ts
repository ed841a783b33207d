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
/** Sorted at once: some 7 MB. Of more there are several rounds, each of some buckets. */
const MOST = 100_000;

/** The digest in hexadecimal digits. */
type CodeRow = readonly [memberId: string, digest: string];

interface Code {
  readonly memberId: string;
  readonly digest: Buffer;
}

/** Adds lines to `trouble`. */
export function* sortCodes(db: Database, prefix: string, trouble: string[]): Generator<Piece, void> {
  const put = new SortedCodes(db, prefix, trouble);
  const page = db
    .prepare<[string, string, Buffer, Buffer], CodeRow>(`
      SELECT member_id, hex(digest) FROM ${prefix}member_code
      WHERE (member_id, digest) > (?, unhex(?)) AND digest >= ? AND digest < ?
      ORDER BY member_id, digest LIMIT ${ROWS}`)
    .raw();
  let width = BUCKETS;
  for (let from = 0; from < BUCKETS; ) {
    const to = Math.min(from + width, BUCKETS);
    const round = new Round();
    let last: CodeRow | undefined = ['', ''];
    for (; last !== undefined && !round.isFull; last = round.add(page.all(...last, boundOf(from), boundOf(to))))
      yield 'more';
    if (round.isFull) {
      if (to - from === 1) throw new Error(`more than ${BUCKETS * MOST} codes`);
      width = (to - from) >> 1;
      continue;
    }
    for (const codes of round.sorted(from, to)) {
      put.add(codes);
      yield 'more';
    }
    from = to;
  }
}

/** Where the digests of a bucket begin, or, behind the last one, end. */
function boundOf(bucket: number): Buffer {
  return bucket === BUCKETS ? Buffer.alloc(DIGEST_BYTES + 1, 0xff) : Buffer.of(bucket >> 1, (bucket & 1) << 7);
}

/** Codes of some of the buckets. Digests stand one after another outside of the heap: as texts they would be most of it. */
class Round {
  readonly #digests = Buffer.allocUnsafeSlow((MOST + ROWS) * DIGEST_BYTES);
  readonly #memberIds: string[] = [];
  /** Places in both. */
  readonly #buckets: number[][] = Array.from({ length: BUCKETS }, () => []);

  /** There may be more than are sorted at once. */
  get isFull(): boolean {
    return this.#memberIds.length > MOST;
  }

  /** @returns the last one */
  add(rows: readonly CodeRow[]): CodeRow | undefined {
    for (const [memberId, digest] of rows) {
      const place = this.#memberIds.push(memberId) - 1;
      this.#digests.write(digest, place * DIGEST_BYTES, DIGEST_BYTES, 'hex');
      this.#buckets[Number.parseInt(digest.slice(0, 3), 16) >> 3]?.push(place);
    }
    return rows.at(-1);
  }

  *sorted(from: number, to: number): Generator<Code[], void> {
    for (const places of this.#buckets.slice(from, to)) yield places.map((place) => this.#code(place)).sort(byDigest);
  }

  #code(place: number): Code {
    const at = place * DIGEST_BYTES;
    return { memberId: this.#memberIds[place] ?? '', digest: this.#digests.subarray(at, at + DIGEST_BYTES) };
  }
}

const byDigest = (a: Code, b: Code) => a.digest.compare(b.digest);

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
