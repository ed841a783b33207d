/** Where reports lie: in the data folder, and on a stick where there is one. Few, and read in pieces. */
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ReportName } from '../../contract/technician.ts';
import { codeOf, writeWhole } from './config-trial.ts';

/** A report is two files. */
const MOST_FILES = 100;
const PIECE_BYTES = 48_000;

export interface ShelvedFile {
  readonly name: string;
  readonly bytes: number;
  /** Epoch ms. */
  readonly at: number;
}

export class ReportShelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts a file there; the oldest make room. Throws what the disk says. */
  put(name: string, bytes: Buffer): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeWhole(join(this.#folder, name), bytes);
    for (const { name: old } of this.list().slice(MOST_FILES)) rmSync(join(this.#folder, old), { force: true });
  }

  /** @returns false: the medium took it not */
  copyTo(folder: string, name: string, bytes: Buffer): boolean {
    try {
      writeWhole(join(folder, name), bytes);
      return true;
    } catch (error) {
      if (codeOf(error) === null) throw error;
      return false;
    }
  }

  /** The newest first. */
  list(): readonly ShelvedFile[] {
    return this.#names()
      .flatMap((name): ShelvedFile[] => {
        const found = statSync(join(this.#folder, name), { throwIfNoEntry: false });
        return found?.isFile() === true ? [{ name, bytes: found.size, at: Math.round(found.mtimeMs) }] : [];
      })
      .sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
  }

  /** A piece of a file; null: there is no such file. `next` null: that was its end. */
  read(name: string, offset: number): { readonly data: Buffer; readonly next: number | null } | null {
    if (!ReportName.safeParse(name).success || !this.#names().includes(name)) return null;
    const fd = openSync(join(this.#folder, name), 'r');
    try {
      const piece = Buffer.alloc(PIECE_BYTES);
      const data = piece.subarray(0, readSync(fd, piece, 0, PIECE_BYTES, offset));
      return { data, next: data.length < PIECE_BYTES ? null : offset + data.length };
    } finally {
      closeSync(fd);
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((name) => ReportName.safeParse(name).success);
    } catch {
      return [];
    }
  }
}
