/**
 * Destroys databases that were set aside: their bytes are overwritten, a little at a time, before they go. (What a card
 * or a drive keeps of its own accord is beyond any program.) One that was begun has another name, and is gone on with.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Piece } from './sliced.ts';

const PARTS = ['', '-wal', '-shm'] as const;
/** Some milliseconds on a slow card. */
const CHUNK = Buffer.alloc(64 * 1_024);
const GOING = '.going';

/** From now on it is no database that is set aside. */
export function beginDestroying(aside: string): void {
  for (const part of PARTS) if (existsSync(aside + part)) renameSync(aside + part, aside + part + GOING);
}

/** @param database beside which they are */
export function* destroyBegun(database: string): Generator<Piece, void> {
  const begin = `${basename(database)}.`;
  const names = readdirSync(dirname(database)).filter((name) => name.startsWith(begin) && name.endsWith(GOING));
  for (const name of names) yield* overwritten(join(dirname(database), name));
}

function* overwritten(file: string): Generator<Piece, void> {
  const fd = openSync(file, 'r+');
  try {
    const { size } = fstatSync(fd);
    for (let at = 0; at < size; at += CHUNK.length) {
      writeSync(fd, CHUNK, 0, Math.min(CHUNK.length, size - at), at);
      fdatasyncSync(fd);
      yield 'more';
    }
  } finally {
    closeSync(fd);
  }
  rmSync(file);
}
