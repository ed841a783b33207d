/**
 * A new configuration on trial: the former one is kept as `FILE.before`, and `FILE.trial` stands beside it until the unit
 * has run with the new one for a while. The third start that finds it knows that it comes to nothing, and goes back.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { err, ok, type Result } from '../../core/result.ts';

export type WriteFault = 'no-space' | 'refused';

/** The data that a unit had when a configuration for other data was written: while it has it still, that didn't come. */
const DataBefore = z.strictObject({
  unitId: z.string(),
  epoch: z.int(),
  /** null: another one is the same data still. */
  revision: z.int().nullable(),
});
export type DataBefore = z.infer<typeof DataBefore>;

const Marker = z.strictObject({ starts: z.int().min(0), data: DataBefore.nullable() });
type Marker = z.infer<typeof Marker>;

/** A power cut in the trial is no fault of the configuration. */
const MOST_STARTS = 2;

export class ConfigTrial {
  readonly #file: string;

  /** @param file the configuration's absolute path */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Writes the new one in the place of the former, each of them whole at any moment.
   * @param data where it is for other data, which comes behind it; null: it is for what there is
   */
  begin(
    text: string,
    data: DataBefore | null = null,
  ): Result<void, { readonly code: WriteFault; readonly lines: readonly string[] }> {
    try {
      writeWhole(this.former, readFileSync(this.#file));
      this.#mark({ starts: 0, data });
      writeWhole(this.#file, Buffer.from(text));
      return ok(undefined);
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      this.#forget();
      const why = code === 'ENOSPC' ? 'its disk is full' : `it cannot be written (${code})`;
      return err({ code: code === 'ENOSPC' ? 'no-space' : 'refused', lines: [`${this.#file}: ${why}`] });
    }
  }

  /** The unit runs with the new one. */
  keep(): void {
    this.#forget();
  }

  get isOn(): boolean {
    return existsSync(`${this.#file}.trial`);
  }

  /** A start with it on trial is counted. False: that is one too many, as a unit that ends again and again makes them. */
  attempt(): boolean {
    const { starts, data } = this.#marker();
    this.#mark({ starts: starts + 1, data });
    return starts < MOST_STARTS;
  }

  /** What the unit had when one for other data was written; null: none is on trial, or it is for what there was. */
  get dataBefore(): DataBefore | null {
    return this.isOn ? this.#marker().data : null;
  }

  /** Where the one before is kept. */
  get former(): string {
    return `${this.#file}.before`;
  }

  /** Back to the former one; the new one stays as `FILE.failed`. False: none is on trial, or there is none to go back to. */
  goBack(): boolean {
    if (!this.isOn) return false;
    if (!existsSync(this.former)) {
      this.#forget();
      return false;
    }
    try {
      writeWhole(`${this.#file}.failed`, readFileSync(this.#file));
    } catch (error) {
      // It is for whoever wants to look at it; going back matters more.
      if (codeOf(error) === null) throw error;
    }
    writeWhole(this.#file, readFileSync(this.former));
    this.#forget();
    return true;
  }

  /** One that can't be read counts as one start too many. */
  #marker(): Marker {
    try {
      return Marker.parse(JSON.parse(readFileSync(`${this.#file}.trial`, 'utf8')));
    } catch {
      return { starts: MOST_STARTS, data: null };
    }
  }

  #mark(marker: Marker): void {
    writeWhole(`${this.#file}.trial`, Buffer.from(JSON.stringify(marker)));
  }

  #forget(): void {
    rmSync(`${this.#file}.trial`, { force: true });
  }
}

/** Whole or not at all, and on the disk when this returns. Throws what the disk says. */
export function writeWhole(file: string, bytes: Buffer): void {
  const draft = `${file}.new`;
  const fd = openSync(draft, 'w', 0o600);
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, file);
  syncFolder(dirname(file));
}

/** The new name is on the disk, too. FAT sticks know no such thing. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    if (codeOf(error) === null) throw error;
  } finally {
    closeSync(fd);
  }
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
