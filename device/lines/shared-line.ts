import type { Result } from '../../main/core/result.ts';
import type { DeviceFault, DeviceState } from '../ports.ts';
import type { Line, LineSink } from './line.ts';

/** One line with several users: the locks whose relays sit on one board. */
export class SharedLine {
  readonly #line: Line;
  readonly #sinks = new Set<LineSink>();
  #state: DeviceState | null = null;

  constructor(line: Line) {
    this.#line = line;
  }

  /** A user's own end. The line is opened with the first and closed with the last. */
  user(): Line {
    let mine: LineSink | null = null;
    return {
      open: (sink) => {
        mine = sink;
        this.#join(sink);
      },
      write: (bytes): Promise<Result<void, DeviceFault>> => this.#line.write(bytes),
      close: async () => {
        const sink = mine;
        mine = null;
        if (sink === null || !this.#sinks.delete(sink) || this.#sinks.size > 0) return;
        this.#state = null;
        await this.#line.close();
      },
    };
  }

  #join(sink: LineSink): void {
    this.#sinks.add(sink);
    if (this.#sinks.size === 1) {
      this.#line.open({
        bytes: (bytes, mono) => {
          for (const user of this.#sinks) user.bytes(bytes, mono);
        },
        state: (state) => {
          this.#state = state;
          for (const user of this.#sinks) user.state(state);
        },
      });
      return;
    }
    const known = this.#state;
    if (known === null) return;
    queueMicrotask(() => {
      if (this.#state === known && this.#sinks.has(sink)) sink.state(known);
    });
  }
}
