import type { Clock, Timer } from '../../main/core/clock.ts';
import { err, type Result } from '../../main/core/result.ts';
import type { BoardUser } from '../boards/board.ts';
import type { DeviceFault, DeviceState, LockPort, LockSink } from '../ports.ts';

const FIRST_PAUSE_MS = 250;
/** The relay may be energised all this time. */
const LONGEST_PAUSE_MS = 1_000;

export interface RelayOptions {
  /** How the relay is called in timers and states. */
  readonly name: string;
  /** As the board's maker counts: LCUS and HID boards from 1, Numato and Modbus from 0. */
  readonly channel: number;
  /** After each command, the board is asked whether the relay is where it should be. */
  readonly query: boolean;
}

const CLOSED: DeviceFault = { code: 'failed', detail: 'the relay is not open' };

/** One relay of a board. A connection begins with one rest; after that there is one command a command. */
export class RelayLock implements LockPort {
  readonly #board: BoardUser;
  readonly #options: RelayOptions;
  readonly #clock: Clock;
  #sink: LockSink | null = null;
  #fault: DeviceFault | null = CLOSED;
  /** The board's, while it is connected. */
  #there: DeviceState | null = null;
  /** Counts commands and connections: an answer to an older one says nothing about the relay now. */
  #turn = 0;
  #atRest = false;
  #again: Timer | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #told: string | null = null;

  constructor(board: BoardUser, options: RelayOptions, clock: Clock) {
    this.#board = board;
    this.#options = options;
    this.#clock = clock;
  }

  open(sink: LockSink): void {
    this.#sink = sink;
    this.#board.open({ state: (state) => this.#follow(state) });
  }

  async set(energised: boolean): Promise<Result<void, DeviceFault>> {
    const refused = this.#fault;
    // A relay that doesn't obey is still told to rest, as often as anybody wishes.
    if (refused !== null && (energised || this.#there === null)) return err(refused);
    const commanding = this.#command(energised);
    const turn = this.#turn;
    const result = await commanding;
    if (turn === this.#turn) this.#judge(result);
    return result;
  }

  async close(): Promise<void> {
    this.#sink = null;
    this.#again?.cancel();
    const restIsDue = this.#there !== null && !this.#atRest;
    this.#there = null;
    this.#fault = CLOSED;
    if (restIsDue) await this.#command(false);
    await this.#board.close();
  }

  async #command(energised: boolean): Promise<Result<void, DeviceFault>> {
    const { channel, query } = this.#options;
    const setting = this.#board.setRelay(channel, energised);
    this.#turn += 1;
    const turn = this.#turn;
    this.#atRest = false;
    const set = await setting;
    if (turn === this.#turn) this.#atRest = set.ok && !energised;
    // What was commanded since then is what counts, and is asked for itself.
    return set.ok && query && turn === this.#turn ? this.#agree(energised, turn) : set;
  }

  async #agree(energised: boolean, turn: number): Promise<Result<void, DeviceFault>> {
    const { name, channel } = this.#options;
    const read = await this.#board.readRelay(channel);
    if (!read.ok) return read;
    if (read.value === energised || turn !== this.#turn) return { ok: true, value: undefined };
    return err({ code: 'failed', detail: `${name} is ${read.value ? 'on' : 'off'} although it was told otherwise` });
  }

  #follow(state: DeviceState): void {
    this.#again?.cancel();
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#there = state.ok ? state : null;
    if (state.ok) void this.#rest();
    else this.#end(state);
  }

  /** Rests, and says that the relay is there once it does. */
  async #rest(): Promise<void> {
    const resting = this.#command(false);
    const turn = this.#turn;
    const rested = await resting;
    if (turn === this.#turn) this.#judge(rested);
  }

  /** A board that is there and doesn't do as it is told is as bad as none. One that went has said so itself. */
  #judge(result: Result<void, DeviceFault>): void {
    const there = this.#there;
    if (there === null || this.#sink === null) return;
    this.#again?.cancel();
    if (result.ok) {
      this.#fault = null;
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#tell(there);
      return;
    }
    // Nothing is commanded but rest, until that works.
    this.#fault = result.error;
    this.#again = this.#clock.after(`${this.#options.name} rests again`, this.#pauseMs, () => void this.#rest());
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#tell({ ok: false, ...result.error });
  }

  #end(state: DeviceState & { readonly ok: false }): void {
    this.#turn += 1;
    this.#atRest = false;
    this.#fault = { code: state.code, detail: state.detail };
    this.#tell(state);
  }

  #tell(state: DeviceState): void {
    const said = `${state.ok ? 'ok' : state.code} ${state.detail}`;
    if (said === this.#told) return;
    this.#told = said;
    this.#sink?.state(state);
  }
}
