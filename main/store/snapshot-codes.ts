/**
 * The codes of a snapshot, from the order in which they came into that of their digests. Inserted as they come they
 * would write another page each; a slice of them at a time, sorted, fills page after page.
 */
import type { Database } from 'better-sqlite3';
import { MOST_LINES } from './refused.ts';
import type { Piece } from './sliced.ts';

const ROWS = 250;
/** By the first 12 bits of a digest, which are as good as random: a bucket of a million codes has some 240. */
const BUCKETS = 4_096;

interface RawCode {
  readonly id: number;
  readonly digest: Buffer;
  readonly memberId: string;
}

/** Adds lines to `trouble`. */
export function* sortCodes(db: Database, prefix: string, trouble: string[]): Generator<Piece, void> {
  const buckets: number[][] = Array.from({ length: BUCKETS }, () => []);
  yield* fill(db, prefix, buckets);
  const find = db.prepare<[number], RawCode>(
    `SELECT id, digest, member_id AS memberId FROM ${prefix}raw_code WHERE id = ?`,
  );
  const insert = db.prepare<[string]>(`
    INSERT INTO ${prefix}code (digest, member_id)
    SELECT digest, member_id FROM ${prefix}raw_code WHERE id IN (SELECT value FROM json_each(?)) ORDER BY digest, id
    ON CONFLICT DO NOTHING`);
  const holder = db.prepare<[Buffer], { memberId: string }>(
    `SELECT member_id AS memberId FROM ${prefix}code WHERE digest = ?`,
  );
  for (const bucket of buckets) {
    if (bucket.length === 0) continue;
    if (insert.run(JSON.stringify(bucket)).changes < bucket.length) {
      for (const { digest, memberId } of bucket.flatMap((id) => find.get(id) ?? [])) {
        // Its own: finished once before, when the program ended.
        if (holder.get(digest)?.memberId === memberId || trouble.length >= MOST_LINES) continue;
        trouble.push(`member ${memberId}.codes: a code that stands only once`);
      }
    }
    yield 'more';
  }
}

function* fill(db: Database, prefix: string, buckets: number[][]): Generator<Piece, void> {
  const page = db.prepare<[number], RawCode>(
    `SELECT id, digest, member_id AS memberId FROM ${prefix}raw_code WHERE id > ? ORDER BY id LIMIT ${ROWS}`,
  );
  const gone = db
    .prepare<[], { memberId: string; below: number }>(`SELECT member_id AS memberId, below FROM ${prefix}void_code`)
    .all();
  const below = new Map(gone.map((one) => [one.memberId, one.below]));
  for (let last = 0; ; ) {
    const rows = page.all(last);
    for (const { id, digest, memberId } of rows) {
      if (id >= (below.get(memberId) ?? 0)) buckets[digest.readUInt16BE(0) >> 4]?.push(id);
    }
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.id;
    yield 'more';
  }
}
