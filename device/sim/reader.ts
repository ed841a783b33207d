import type { Clock } from '../../main/core/clock.ts';
import type { DeviceFault, ReaderPort, ReaderSink } from '../ports.ts';
import { Plug } from './plug.ts';

const MOST_BYTES = 512;

/** A reader that reads what it is told. */
export class SimReader implements ReaderPort {
  readonly #clock: Clock;
  readonly #plug = new Plug('simulated reader');
  #sink: ReaderSink | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(sink: ReaderSink): void {
    this.#plug.attach((state) => sink.state(state));
    this.#sink = sink;
  }

  close(): Promise<void> {
    this.#plug.detach();
    this.#sink = null;
    return Promise.resolve();
  }

  /** Presents a code. False where a real reader would have given nothing: closed, faulty, or a text that is no code. */
  scan(text: string): boolean {
    if (this.#sink === null || this.#plug.fault !== null || !isCode(text)) return false;
    this.#sink.reading({ text, mono: this.#clock.mono() });
    return true;
  }

  unplug(): boolean {
    return this.#plug.unplug();
  }

  /** Ends every fault. */
  replug(): boolean {
    return this.#plug.replug();
  }

  fail(fault: DeviceFault): void {
    this.#plug.fail(fault);
  }
}

function isCode(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= MOST_BYTES && !/[\r\n]/.test(text) && text.isWellFormed();
}
