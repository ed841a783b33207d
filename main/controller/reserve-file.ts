/**
 * A file of fixed size, written full beforehand, so that something can still be kept when the disk has no room left.
 * Each line is `CHECKSUM JSON`, written in place and forced to the disk; the rest of the file is empty lines. A line that
 * a power cut tore has a wrong checksum and never was.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Some 1,000 entries. */
export const RESERVE_BYTES = 1_048_576;
const CHECKSUM_DIGITS = 16;
const EMPTY = 0x0a;

/** Where entries are kept that the record can't take. */
export interface Reserve {
  /** The JSON texts that were in it when it was opened, in order. */
  readonly found: readonly string[];
  /** Durable when it returns true; false: no room, or the disk doesn't take it. */
  append(json: string): boolean;
  /** Empties it. False where the disk doesn't take it. */
  clear(): boolean;
  close(): void;
}

export class ReserveFile implements Reserve {
  readonly found: readonly string[];
  readonly #fd: number;
  readonly #bytes: number;
  #used: number;

  private constructor(fd: number, bytes: number, found: readonly string[], used: number) {
    this.#fd = fd;
    this.#bytes = bytes;
    this.found = found;
    this.#used = used;
  }

  /** Makes the file where it isn't there. null: neither is possible, and there is no reserve. */
  static open(file: string, bytes: number = RESERVE_BYTES): ReserveFile | null {
    try {
      if (!existsSync(file)) setAside(file, bytes);
      const fd = openSync(file, 'r+');
      const { found, used } = entriesOf(readFileSync(file));
      return new ReserveFile(fd, fstatSync(fd).size, found, used);
    } catch (error) {
      if (isFileFault(error)) return null;
      throw error;
    }
  }

  append(json: string): boolean {
    const line = Buffer.from(`${checksumOf(json)} ${json}\n`);
    if (this.#used + line.length > this.#bytes) return false;
    if (!this.#write(line, this.#used)) return false;
    this.#used += line.length;
    return true;
  }

  clear(): boolean {
    const done = this.#used === 0 || this.#write(Buffer.alloc(this.#used, EMPTY), 0);
    if (done) this.#used = 0;
    return done;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(bytes: Buffer, from: number): boolean {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at, bytes.length - at, from + at);
      fdatasyncSync(this.#fd);
      return true;
    } catch (error) {
      if (isFileFault(error)) return false;
      throw error;
    }
  }
}

/** Whole or not at all: written beside, then renamed. */
function setAside(file: string, bytes: number): void {
  const draft = `${file}.new`;
  const fd = openSync(draft, 'w', 0o600);
  try {
    // Bytes that are really there; a hole would need room later.
    const block = Buffer.alloc(65_536, EMPTY);
    for (let at = 0; at < bytes; ) at += writeSync(fd, block, 0, Math.min(block.length, bytes - at), at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Lines up to the first empty one; torn and damaged ones are left out. */
function entriesOf(bytes: Buffer): { readonly found: string[]; readonly used: number } {
  const found: string[] = [];
  let used = 0;
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(EMPTY, from);
    const line = bytes.toString('utf8', from, end < 0 ? bytes.length : end);
    if (line === '') break;
    from = end < 0 ? bytes.length : end + 1;
    const json = line.slice(CHECKSUM_DIGITS + 1);
    if (line.slice(0, CHECKSUM_DIGITS) !== checksumOf(json)) continue;
    found.push(json);
    used = from;
  }
  return { found, used };
}

function checksumOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, CHECKSUM_DIGITS);
}

/** Node's own faults of the file system have a code and a system call; all else is a bug. */
function isFileFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
