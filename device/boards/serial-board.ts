import type { Clock, Timer } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { Line } from '../lines/line.ts';
import type { DeviceFault, DeviceState } from '../ports.ts';
import type { BoardProtocol, BoardSink, BoardUser, Command } from './board.ts';

/** A board answers within some 50 ms at 9600 baud. A rest must not wait long for somebody else's answer. */
const ANSWER_MS = 250;
/** Of what a board says before its answer is complete. */
const MOST_BYTES = 256;

interface Job {
  readonly bytes: Uint8Array;
  /** What comes back, for which the next command has to wait. */
  readonly says: BoardProtocol['says'];
  /** Takes all that came since the bytes left; true: that was the answer. */
  readonly take: (received: Uint8Array) => boolean;
  /** The bytes have left, and no more is needed. */
  readonly left: () => void;
  readonly fail: (fault: DeviceFault) => void;
}

const CLOSED: DeviceFault = { code: 'failed', detail: 'the board is not open' };

/** The relay boards of one serial line: one command at a time, relays before queries. */
export class SerialBoard {
  readonly #line: Line;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #sinks = new Set<BoardSink>();
  readonly #relays: Job[] = [];
  readonly #queries: Job[] = [];
  #state: DeviceState | null = null;
  #running: Job | null = null;
  #late: Timer | null = null;
  #received = new Uint8Array(0);

  constructor(line: Line, name: string, clock: Clock) {
    this.#line = line;
    this.#name = name;
    this.#clock = clock;
  }

  /** Several boards with addresses of their own may be on one line; they take turns. */
  user(protocol: BoardProtocol): BoardUser {
    let mine: BoardSink | null = null;
    const ifOpen = <T>(ask: () => Promise<Result<T, DeviceFault>>): Promise<Result<T, DeviceFault>> =>
      mine === null ? Promise.resolve(err(CLOSED)) : ask();
    return {
      open: (sink) => {
        mine = sink;
        void protocol.load().then(() => {
          if (mine === sink) this.#join(sink);
        });
      },
      setRelay: (channel, energised) =>
        ifOpen(() => this.#setRelay(protocol.setRelay(channel, energised), protocol.says)),
      readRelay: (channel) => ifOpen(() => this.#read(protocol.readRelay(channel), protocol)),
      readInput: (channel) => ifOpen(() => this.#read(protocol.readInput(channel), protocol)),
      close: async () => {
        const sink = mine;
        mine = null;
        if (sink !== null) await this.#leave(sink);
      },
    };
  }

  #join(sink: BoardSink): void {
    this.#sinks.add(sink);
    if (this.#sinks.size === 1) {
      this.#line.open({ bytes: (bytes) => this.#hear(bytes), state: (state) => this.#follow(state) });
      return;
    }
    const known = this.#state;
    if (known === null) return;
    queueMicrotask(() => {
      if (this.#state === known && this.#sinks.has(sink)) sink.state(known);
    });
  }

  async #leave(sink: BoardSink): Promise<void> {
    if (!this.#sinks.delete(sink) || this.#sinks.size > 0) return;
    this.#state = null;
    this.#failAll(CLOSED);
    await this.#line.close();
  }

  #follow(state: DeviceState): void {
    this.#state = state;
    if (!state.ok) this.#failAll({ code: state.code, detail: state.detail });
    for (const user of this.#sinks) user.state(state);
  }

  #setRelay(command: Command<void>, says: Job['says']): Promise<Result<void, DeviceFault>> {
    return new Promise((resolve) => {
      this.#relays.push({ ...this.#job(command, says, resolve), left: () => resolve(ok(undefined)) });
      this.#next();
    });
  }

  #read(command: Command<boolean> | null, { name }: BoardProtocol): Promise<Result<boolean, DeviceFault>> {
    const detail = `${this.#name}: ${name} boards can’t be asked for that`;
    if (command === null) return Promise.resolve(err({ code: 'failed', detail }));
    return new Promise((resolve) => {
      this.#queries.push(this.#job(command, 'answer', resolve));
      this.#next();
    });
  }

  #job<T>(command: Command<T>, says: Job['says'], resolve: (answer: Result<T, DeviceFault>) => void): Job {
    return {
      bytes: command.bytes,
      says,
      take: (received) => {
        const found = command.answer(received);
        if (found === undefined) return false;
        resolve(found.ok ? found : err({ code: 'failed', detail: `${this.#name} refuses: ${found.error}` }));
        return true;
      },
      left: () => undefined,
      fail: (fault) => resolve(err(fault)),
    };
  }

  #next(): void {
    if (this.#running !== null) return;
    const job = this.#relays.shift() ?? this.#queries.shift();
    if (job === undefined) return;
    this.#running = job;
    this.#received = NOTHING;
    const writing = this.#line.write(job.bytes);
    if (job.says !== 'nothing')
      this.#late = this.#clock.after(`${this.#name} answers`, ANSWER_MS, () => this.#silent(job));
    void writing.then((written) => {
      if (this.#running !== job) return;
      if (!written.ok) job.fail(written.error);
      else if (job.says !== 'answer') job.left();
      // A prompt is waited for by the next command, not by who gave this one.
      if (!written.ok || job.says === 'nothing') this.#finish(job);
    });
  }

  #silent(job: Job): void {
    if (job.says === 'answer') job.fail({ code: 'no-answer', detail: `${this.#name} doesn’t answer` });
    this.#finish(job);
  }

  #hear(bytes: Uint8Array): void {
    const job = this.#running;
    if (job === null) return;
    this.#received = joined(this.#received, bytes);
    if (job.take(this.#received)) this.#finish(job);
  }

  #finish(job: Job): void {
    if (this.#running !== job) return;
    this.#late?.cancel();
    this.#late = null;
    this.#running = null;
    this.#received = NOTHING;
    this.#next();
  }

  #failAll(fault: DeviceFault): void {
    const jobs = [this.#running, ...this.#relays.splice(0), ...this.#queries.splice(0)];
    this.#late?.cancel();
    this.#late = null;
    this.#running = null;
    for (const job of jobs) job?.fail(fault);
  }
}

const NOTHING = new Uint8Array(0);

/** The two one after the other, of which the last 256 bytes. */
function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([a, b.subarray(-MOST_BYTES)]).subarray(-MOST_BYTES));
}
