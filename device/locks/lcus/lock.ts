import { err, type Result } from '../../../main/core/result.ts';
import type { Line } from '../../lines/line.ts';
import type { DeviceFault, DeviceState, LockPort, LockSink } from '../../ports.ts';
import { writeFrame } from './frame.ts';

export interface LcusOptions {
  readonly channel: number;
  /** Not possible: see the room's notes. The lock then reports that it failed and commands nothing. */
  readonly query: boolean;
}

const NO_QUERY: DeviceFault = {
  code: 'failed',
  detail: 'LCUS boards don’t agree on how they answer a query: set the lock’s "query" to false',
};

const CLOSED: DeviceFault = { code: 'failed', detail: 'the relay is not open' };

/** One relay of an LCUS board. A connection begins with one rest frame; after that there is one frame a command. */
export class LcusLock implements LockPort {
  readonly #line: Line;
  readonly #query: boolean;
  readonly #energise: Uint8Array;
  readonly #rest: Uint8Array;
  #sink: LockSink | null = null;
  #fault: DeviceFault | null = CLOSED;
  /** Counts commands and connections: an answer to an older one says nothing about the relay now. */
  #turn = 0;
  #atRest = false;

  constructor(line: Line, options: LcusOptions) {
    this.#line = line;
    this.#query = options.query;
    this.#energise = writeFrame({ channel: options.channel, energised: true });
    this.#rest = writeFrame({ channel: options.channel, energised: false });
  }

  open(sink: LockSink): void {
    this.#sink = sink;
    if (this.#query) {
      this.#fault = NO_QUERY;
      queueMicrotask(() => this.#sink?.state({ ok: false, ...NO_QUERY }));
      return;
    }
    this.#line.open({
      bytes: () => undefined,
      state: (state) => {
        if (state.ok) void this.#begin(state);
        else this.#end(state);
      },
    });
  }

  set(energised: boolean): Promise<Result<void, DeviceFault>> {
    if (this.#fault !== null) return Promise.resolve(err(this.#fault));
    return this.#command(energised);
  }

  async close(): Promise<void> {
    this.#sink = null;
    const restIsDue = this.#fault === null && !this.#atRest;
    this.#fault = CLOSED;
    if (restIsDue) await this.#command(false);
    await this.#line.close();
  }

  async #command(energised: boolean): Promise<Result<void, DeviceFault>> {
    const writing = this.#line.write(energised ? this.#energise : this.#rest);
    this.#turn += 1;
    const turn = this.#turn;
    this.#atRest = false;
    const written = await writing;
    if (turn === this.#turn) this.#atRest = written.ok && !energised;
    return written;
  }

  async #begin(state: DeviceState): Promise<void> {
    const resting = this.#command(false);
    const turn = this.#turn;
    const rested = await resting;
    // A write that fails drops the line, which reports why and connects again.
    if (turn !== this.#turn || !rested.ok || this.#sink === null) return;
    this.#fault = null;
    this.#sink.state(state);
  }

  #end(state: DeviceState & { readonly ok: false }): void {
    this.#turn += 1;
    this.#atRest = false;
    this.#fault = { code: state.code, detail: state.detail };
    this.#sink?.state(state);
  }
}
