/** Is anything left of a member in the files of the database, in places that no query sees? */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

/** The sealed row and the digests of the codes: random enough to be found by themselves. */
export function memberTraces(db: Database, memberId: string): readonly Buffer[] {
  return [
    ...db.prepare<[string], { trace: Buffer }>('SELECT sealed AS trace FROM member WHERE id = ?').all(memberId),
    ...db
      .prepare<[string], { trace: Buffer }>('SELECT digest AS trace FROM member_code WHERE member_id = ?')
      .all(memberId),
  ].map(({ trace }) => traceOf(trace));
}

/** As much of it as is looked for. */
export function traceOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, TRACE_BYTES);
}

/** A long row is torn into several pages; this much of its beginning stays together. */
const TRACE_BYTES = 24;
const CHUNK_BYTES = 4 * 1_024 * 1_024;

/** @throws Error of the file system */
export function isInFile(file: string, traces: readonly Buffer[]): boolean {
  const chunk = Buffer.alloc(TRACE_BYTES + CHUNK_BYTES);
  const fd = openSync(file, 'r');
  try {
    // Each chunk begins with the end of the one before, so that a trace on the border is found too.
    for (let kept = 0; ; kept = TRACE_BYTES) {
      const read = readSync(fd, chunk, kept, CHUNK_BYTES, null);
      if (read === 0) return false;
      const seen = chunk.subarray(0, kept + read);
      if (traces.some((trace) => seen.includes(trace))) return true;
      seen.copy(chunk, 0, Math.max(0, seen.length - TRACE_BYTES));
    }
  } finally {
    closeSync(fd);
  }
}
