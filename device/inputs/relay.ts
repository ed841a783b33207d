import type { Clock, Timer } from '../../main/core/clock.ts';
import type { Result } from '../../main/core/result.ts';
import type { BoardUser } from '../boards/board.ts';
import type { DeviceFault, DeviceState, InputPort, InputSink } from '../ports.ts';

const ASK_EVERY_MS = 50;
/** A board that doesn't answer is asked less often. */
const LONGEST_PAUSE_MS = 2_000;
/** One answer that is lost to noise is no broken board. */
const MOST_MISSED = 3;

export interface RelayInputOptions {
  /** How the input is called in timers and states. */
  readonly name: string;
  /** As the board's maker counts. */
  readonly channel: number;
  /** Active means that the board reads low, or off. */
  readonly activeLow: boolean;
  /** A level counts when it has stood this long. */
  readonly debounceMs: number;
}

/** An input of a relay board, which has to be asked for it again and again. */
export class RelayInput implements InputPort {
  readonly #board: BoardUser;
  readonly #options: RelayInputOptions;
  readonly #clock: Clock;
  #sink: InputSink | null = null;
  #there: DeviceState | null = null;
  #ask: Timer | null = null;
  #missed = 0;
  #told: boolean | null = null;
  /** A level that differs from the one told, and since when. */
  #candidate: number | null = null;
  #said: string | null = null;

  constructor(board: BoardUser, options: RelayInputOptions, clock: Clock) {
    this.#board = board;
    this.#options = options;
    this.#clock = clock;
  }

  open(sink: InputSink): void {
    this.#sink = sink;
    this.#board.open({ state: (state) => this.#follow(state) });
  }

  async close(): Promise<void> {
    this.#sink = null;
    this.#there = null;
    this.#ask?.cancel();
    await this.#board.close();
  }

  #follow(state: DeviceState): void {
    this.#ask?.cancel();
    this.#missed = 0;
    this.#candidate = null;
    this.#there = state.ok ? state : null;
    if (state.ok) void this.#look(state);
    else this.#tell(state);
  }

  async #look(connection: DeviceState): Promise<void> {
    const answer = await this.#board.readInput(this.#options.channel);
    if (this.#there !== connection || this.#sink === null) return;
    this.#judge(connection, answer);
    const pauseMs = this.#missed < MOST_MISSED ? ASK_EVERY_MS : Math.min(ASK_EVERY_MS * this.#missed, LONGEST_PAUSE_MS);
    this.#ask = this.#clock.after(`${this.#options.name} is asked`, pauseMs, () => void this.#look(connection));
  }

  #judge(connection: DeviceState, answer: Result<boolean, DeviceFault>): void {
    if (!answer.ok) {
      this.#missed += 1;
      this.#candidate = null;
      if (this.#missed >= MOST_MISSED) this.#tell({ ok: false, ...answer.error });
      return;
    }
    this.#missed = 0;
    this.#tell(connection);
    this.#debounce(answer.value !== this.#options.activeLow);
  }

  #debounce(active: boolean): void {
    const now = this.#clock.mono();
    if (active === this.#told) {
      this.#candidate = null;
      return;
    }
    this.#candidate ??= now;
    const first = this.#told === null;
    if (!first && now - this.#candidate < this.#options.debounceMs) return;
    this.#sink?.level(active, this.#candidate);
    this.#told = active;
    this.#candidate = null;
  }

  #tell(state: DeviceState): void {
    const said = `${state.ok ? 'ok' : state.code} ${state.detail}`;
    if (said === this.#said) return;
    this.#said = said;
    this.#sink?.state(state);
  }
}
