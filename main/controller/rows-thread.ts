/** A thread that reads the hub's rows while a snapshot comes. Where it can't, they are read as before: on this one. */
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { ReadRows, RowsReader, Work } from '../../sync/link/ports.ts';
import { type Packed, unpack } from '../store/packed.ts';
import type { Prepared } from '../store/prepared.ts';
import type { Log } from './log.ts';

/** A message has at most 1 MB, which with 95,000 codes fits into 20 and not into 16. More is a bug, and ends the thread alone. */
const LIMITS = { maxOldGenerationSizeMb: 20, maxYoungGenerationSizeMb: 4 };
const ROWS = Buffer.from('{"type":"rows"');

export interface RowsThreadParts {
  /** The program of it. */
  readonly file: string;
  /** The unit's. */
  readonly secret: KeyObject;
  readonly stage: (rows: Prepared, cursor: string) => Work;
  readonly log: Pick<Log, 'warn'>;
}

type Answer = 'up' | (Packed & { readonly cursor: string }) | null;

export class RowsThread implements RowsReader {
  readonly #parts: RowsThreadParts;
  #worker: Worker | null = null;
  #isUp = false;
  /** Until the next rest. */
  #isBroken = false;
  /** Of those who wait, in order. */
  readonly #waiting: ((rows: ReadRows | null) => void)[] = [];

  constructor(parts: RowsThreadParts) {
    this.#parts = parts;
  }

  /** The first ones are read here, while it starts. */
  read(message: Buffer): Promise<ReadRows | null> | null {
    if (this.#isBroken || !message.subarray(0, ROWS.length).equals(ROWS)) return null;
    this.#worker ??= this.#begin();
    if (!this.#isUp) return null;
    this.#worker.postMessage(message);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  rest(): void {
    const worker = this.#worker;
    this.#forget();
    this.#isBroken = false;
    void worker?.terminate();
  }

  #begin(): Worker {
    const { file, secret } = this.#parts;
    const worker = new Worker(file, { workerData: { secret }, resourceLimits: LIMITS });
    worker.unref();
    worker.on('message', (answer: Answer) => {
      if (worker === this.#worker) this.#answered(answer);
    });
    worker.on('error', (error: unknown) => this.#broke(worker, error));
    worker.on('exit', () => this.#broke(worker, null));
    return worker;
  }

  #answered(answer: Answer): void {
    if (answer === 'up') this.#isUp = true;
    else this.#waiting.shift()?.(answer === null ? null : this.#ready(answer));
  }

  #ready(rows: Packed & { readonly cursor: string }): ReadRows {
    const { count, cursor } = rows;
    return { count, cursor, stage: () => this.#parts.stage(unpack(rows), cursor) };
  }

  #broke(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#forget();
    this.#isBroken = true;
    this.#parts.log.warn(`the thread that reads the hub’s rows has ended (${codeOf(error)}): they are read without it`);
  }

  #forget(): void {
    this.#worker = null;
    this.#isUp = false;
    for (const resolve of this.#waiting.splice(0)) resolve(null);
  }
}

/** Not the text of an error, which may quote what was read. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'by itself';
}
