import type { Clock, Timer } from '../../../main/core/clock.ts';
import type { Line } from '../../lines/line.ts';
import type { DeviceState, ReaderPort, ReaderSink } from '../../ports.ts';
import { FloodGate } from '../flood-gate.ts';
import { CodeParser } from './parser.ts';

export interface SerialReaderOptions {
  /** How the reader is called in timers: its path. */
  readonly name: string;
  /** Silence that ends a code; null: only CR or LF does. */
  readonly endSilenceMs: number | null;
}

/** A scanner on a serial line. */
export class SerialReader implements ReaderPort {
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #options: SerialReaderOptions;
  readonly #parser = new CodeParser();
  readonly #gate: FloodGate;
  #sink: ReaderSink | null = null;
  #lineState: DeviceState | null = null;
  #silence: Timer | null = null;

  constructor(line: Line, options: SerialReaderOptions, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
    this.#options = options;
    this.#gate = new FloodGate(clock, options.name, () => this.#tell());
  }

  open(sink: ReaderSink): void {
    this.#sink = sink;
    this.#line.open({
      bytes: (bytes, mono) => this.#take(bytes, mono),
      state: (state) => {
        // Half a code from before an unplug must not begin the first one after it.
        this.#forget();
        this.#lineState = state;
        this.#tell();
      },
    });
  }

  async close(): Promise<void> {
    this.#sink = null;
    this.#forget();
    await this.#line.close();
  }

  #take(bytes: Uint8Array, mono: number): void {
    this.#silence?.cancel();
    this.#silence = null;
    this.#give(this.#parser.feed(bytes), mono);
    const { endSilenceMs, name } = this.#options;
    if (endSilenceMs === null || !this.#parser.collecting) return;
    this.#silence = this.#clock.after(`${name} end of code`, endSilenceMs, () => {
      this.#give(this.#parser.end(), mono);
    });
  }

  #give(codes: readonly string[], mono: number): void {
    for (const text of codes) if (this.#gate.pass()) this.#sink?.reading({ text, mono });
  }

  #forget(): void {
    this.#silence?.cancel();
    this.#silence = null;
    this.#parser.reset();
    this.#gate.reset();
  }

  #tell(): void {
    const line = this.#lineState;
    if (line === null) return;
    const flooding = line.ok && this.#gate.flooded;
    const detail = `${this.#options.name} sends more than 50 codes a second; they are dropped until it calms down`;
    this.#sink?.state(flooding ? { ok: false, code: 'flooding', detail } : line);
  }
}
