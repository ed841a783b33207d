import type { Clock, Timer } from '../../main/core/clock.ts';
import { KeptOpen, type Opener } from '../lines/kept-open.ts';
import type { DeviceFault, DeviceState, ReaderPort, ReaderSink } from '../ports.ts';
import { FloodGate } from './flood-gate.ts';

/** The rest of a code comes within some 20 ms, or never. */
const HALF_A_CODE_MS = 1_000;

/** Codes out of what a device sends. */
export interface Parser {
  readonly collecting: boolean;
  feed(bytes: Uint8Array): readonly string[];
  reset(): void;
}

/** A device that sends, once it is open. */
export interface Source {
  listen(sink: { bytes(bytes: Uint8Array): void; gone(): void }): void;
  close(): Promise<void>;
}

/** A reader whose device is found anew after each unplug: how HID scanners and keyboards are read. */
export class CodeReader implements ReaderPort {
  readonly #name: string;
  readonly #parser: Parser;
  readonly #clock: Clock;
  readonly #gate: FloodGate;
  readonly #kept: KeptOpen<Source>;
  #sink: ReaderSink | null = null;
  #state: DeviceState | null = null;
  #half: Timer | null = null;

  constructor(name: string, open: Opener<Source>['open'], parser: Parser, clock: Clock) {
    this.#name = name;
    this.#parser = parser;
    this.#clock = clock;
    this.#gate = new FloodGate(clock, name, () => this.#tell());
    const close = (source: Source): Promise<void> => source.close().catch(() => undefined);
    this.#kept = new KeptOpen<Source>({ name, open, close, look: () => Promise.resolve(null) }, clock);
  }

  open(sink: ReaderSink): void {
    this.#sink = sink;
    this.#kept.open({
      state: (state) => {
        this.#forget();
        this.#state = state;
        this.#tell();
      },
      up: (source) => this.#listen(source),
    });
  }

  async close(): Promise<void> {
    this.#sink = null;
    this.#forget();
    await this.#kept.close();
    this.#forget();
  }

  #listen(source: Source): void {
    const isOpen = (): boolean => {
      const { device } = this.#kept;
      return device.ok && device.value === source && this.#sink !== null;
    };
    const gone: DeviceFault = { code: 'unplugged', detail: `${this.#name} is gone` };
    source.listen({
      bytes: (bytes) => {
        if (isOpen()) this.#take(bytes);
      },
      gone: () => {
        if (isOpen()) this.#kept.lost(gone);
      },
    });
  }

  #take(bytes: Uint8Array): void {
    const mono = this.#clock.mono();
    this.#half?.cancel();
    this.#half = null;
    for (const text of this.#parser.feed(bytes)) if (this.#gate.pass()) this.#sink?.reading({ text, mono });
    if (!this.#parser.collecting) return;
    this.#half = this.#clock.after(`${this.#name} half a code`, HALF_A_CODE_MS, () => this.#parser.reset());
  }

  /** Half a code from before an unplug must not begin the first one after it. */
  #forget(): void {
    this.#half?.cancel();
    this.#half = null;
    this.#parser.reset();
    this.#gate.reset();
  }

  #tell(): void {
    const state = this.#state;
    if (state === null) return;
    const flooding = state.ok && this.#gate.flooded;
    const detail = `${this.#name} sends more than 50 codes a second; they are dropped until it calms down`;
    this.#sink?.state(flooding ? { ok: false, code: 'flooding', detail } : state);
  }
}
