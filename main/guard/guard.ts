import type { Clock, Timer } from '../core/clock.ts';
import { type Auxiliaries, Auxiliary } from './auxiliary.ts';
import { GuardedLine } from './guarded-line.ts';
import type { OpenedLock } from './locks.ts';
import type { FromGuard, GuardedInput, GuardedLock, GuardedOutput, ToGuard } from './protocol.ts';

const OPENING_MS = 2_000;
const STOPPING_MS = 500;

export interface GuardParts {
  readonly clock: Clock;
  readonly pid: number;
  makeLocks(locks: readonly GuardedLock[]): readonly OpenedLock[];
  /** What else sits on their boards. */
  makeAuxiliaries(inputs: readonly GuardedInput[], outputs: readonly GuardedOutput[]): Auxiliaries;
  say(message: FromGuard): void;
  /** One line for technicians about a message that can't be followed. */
  complain(text: string): void;
}

interface Guarded {
  readonly line: GuardedLine;
  readonly plug: ((there: boolean) => void) | null;
}

/** The guard's logic: who may move which line, and that all of them rest in the end. */
export class Guard {
  readonly #parts: GuardParts;
  readonly #doors = new Map<string, Guarded>();
  readonly #auxiliary: Auxiliary;
  #opened = false;
  #opening: Timer | null = null;
  #stopping: Promise<boolean> | null = null;

  constructor(parts: GuardParts) {
    this.#parts = parts;
    this.#auxiliary = new Auxiliary(parts.say);
  }

  /** Follows a message. `stop` is the caller's: it ends the process. */
  handle(message: Exclude<ToGuard, { do: 'stop' }>): void {
    if (this.#stopping !== null) return;
    switch (message.do) {
      case 'energise':
        this.#withDoor(message.door, message.seq, ({ line }) => line.energise(message.seq, message.until));
        break;
      case 'energise-at':
        this.#withDoor(message.door, message.seq, ({ line }) =>
          line.energiseAt(message.seq, message.at, message.until),
        );
        break;
      case 'ping':
        this.#parts.say({ say: 'pong' });
        break;
      case 'wake':
        break;
      case 'rest':
        this.#withDoor(message.door, message.seq, ({ line }) => line.rest(message.seq));
        break;
      case 'open':
        this.#open(message);
        break;
      case 'output':
        if (!this.#auxiliary.switch(message.id, message.on))
          this.#parts.complain('output came for one that is not there');
        break;
      case 'plug':
        this.#plug(message.door, message.there);
        break;
      default:
        message satisfies never;
    }
  }

  /** Ends what should have ended while this process was stopped. To be called before messages are handled. */
  expire(): void {
    for (const { line } of this.#doors.values()) line.expire();
  }

  /** Everything to rest. Resolves within 500 ms to whether all of it is. */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #stop(): Promise<boolean> {
    this.#opening?.cancel();
    const rests = Promise.all([...this.#doors.values()].map(({ line }) => line.shutDown()));
    const closed = this.#auxiliary.close();
    return new Promise((resolve) => {
      const late = this.#parts.clock.after('guard stop', STOPPING_MS, () => resolve(false));
      void Promise.all([rests, closed]).then(([rested]) => {
        late.cancel();
        resolve(rested.every((atRest) => atRest));
      });
    });
  }

  #open({ locks, inputs = [], outputs = [] }: Extract<ToGuard, { do: 'open' }>): void {
    const { clock, say, pid, complain } = this.#parts;
    if (this.#opened) {
      complain('open came twice; the second one is ignored');
      return;
    }
    this.#opened = true;
    const unknown = new Set<string>(locks.map(({ door }) => door));
    let ready = false;
    const sayReady = (): void => {
      if (ready) return;
      ready = true;
      this.#opening?.cancel();
      say({ say: 'ready', pid });
    };
    this.#opening = clock.after('guard opening', OPENING_MS, sayReady);
    for (const { lock, port, plug } of this.#parts.makeLocks(locks)) {
      const line = new GuardedLine(lock, port, clock, say);
      this.#doors.set(lock.door, { line, plug });
      line.open(() => {
        unknown.delete(lock.door);
        if (unknown.size === 0) sayReady();
      });
    }
    this.#auxiliary.open(this.#parts.makeAuxiliaries(inputs, outputs));
    if (unknown.size === 0) sayReady();
  }

  #plug(door: string, there: boolean): void {
    const plug = this.#doors.get(door)?.plug ?? null;
    if (plug === null) this.#parts.complain('plug came for a door that has no simulated lock');
    else plug(there);
  }

  #withDoor(door: string, seq: number, run: (guarded: Guarded) => void): void {
    const guarded = this.#doors.get(door);
    if (guarded === undefined) this.#parts.say({ say: 'failed', door, seq, detail: 'unknown door' });
    else run(guarded);
  }
}
