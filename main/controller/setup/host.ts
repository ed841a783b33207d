/** What stands around the controller and outlives it: its files, and how it begins again. */
import type { Result } from '../../core/result.ts';
import type { DataFiles } from '../../store/data-dir.ts';
import type { Trouble } from '../config-file.ts';
import type { PaperProgram } from './paper-process.ts';

export interface NextLife {
  /** The configuration's text; null: as it is. */
  readonly config: string | null;
  /**
   * Brings the data that the configuration is for: `now`, once the file is written, or `prepare`, while the store is closed.
   * Where it fails, or the power goes before it is done, the unit goes on as it was. null: nothing is to be done.
   */
  readonly now: (() => Result<void, Trouble>) | null;
  readonly prepare: (() => Result<void, Trouble>) | null;
}

export interface SetupHost {
  /** Absolute. */
  readonly configFile: string;
  readonly files: DataFiles;
  readonly dataDir: string;
  readonly paper: PaperProgram;
  /** Why the last configuration was left again; null: it wasn't. */
  readonly wentBack: Trouble | null;
  /** Ends this controller within a moment and begins another; whoever asked still gets an answer. */
  beginAgain(next: NextLife): Result<void, { readonly code: 'no-space' | 'refused'; readonly lines: Trouble }>;
}

/** Makes a unit known to a hub: by the part that speaks with hubs, where there is one. */
export interface Pairing {
  /** @returns what to tell the technician, or why not, in lines. The code is one-time, and is in no line. */
  pair(url: string, code: string): Promise<Result<string, Trouble>>;
}
