import type { DeviceState, LockPort } from '../../device/ports.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { type FromGuard, type GuardedLock, LONGEST_DELAY_MS } from './protocol.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;

interface Command {
  readonly seq: number;
  readonly endMono: number;
  readonly end: Timer;
}

/** One door's output line under guard: it is energised only while a command runs, and every command has its end. */
export class GuardedLine {
  readonly #door: string;
  readonly #maxPulseMs: number;
  readonly #port: LockPort;
  readonly #clock: Clock;
  readonly #say: (message: FromGuard) => void;
  #running: Command | null = null;
  #lastSeq = -1;
  /** The start of a command that is due later. */
  #due: Timer | null = null;
  /** From the first byte that could energise until it is known that it rests. */
  #mayBeEnergised = false;
  #state: DeviceState | null = null;
  #retry: Timer | null = null;
  /** Counts what was asked of the port: an answer to anything but the latest is out of date. */
  #turn = 0;

  constructor(lock: GuardedLock, port: LockPort, clock: Clock, say: (message: FromGuard) => void) {
    this.#door = lock.door;
    this.#maxPulseMs = lock.maxPulseMs;
    this.#port = port;
    this.#clock = clock;
    this.#say = say;
  }

  /** Calls `known` at the first thing that the port says about itself. */
  open(known: () => void): void {
    this.#port.open({
      state: (state) => {
        this.#say({ say: 'device', door: this.#door, state });
        this.#follow(state);
        known();
      },
    });
  }

  energise(seq: number, until: number): void {
    if (this.#accepts(seq, until)) this.#run(seq, until);
  }

  /** Energises at `at`, unless another command comes before. */
  energiseAt(seq: number, at: number, until: number): void {
    const delayMs = at - this.#clock.mono();
    if (at >= until || delayMs > LONGEST_DELAY_MS) {
      this.#fail(seq, 'its start is not before its end, or too far ahead');
    } else if (this.#accepts(seq, until)) {
      this.#due = this.#clock.after(`${this.#door} due`, Math.max(0, delayMs), () => this.#start(seq, until));
    }
  }

  #start(seq: number, until: number): void {
    this.#due = null;
    const refusal = this.#absence(until, this.#clock.mono());
    if (refusal === null) this.#run(seq, until);
    else this.#fail(seq, refusal);
  }

  /** Takes the command's number, or says why not. */
  #accepts(seq: number, until: number): boolean {
    const refusal = seq <= this.#lastSeq ? this.#stale() : this.#absence(until, this.#clock.mono());
    if (refusal === null) this.#supersede(seq);
    else this.#fail(seq, refusal);
    return refusal === null;
  }

  #supersede(seq: number): void {
    this.#lastSeq = seq;
    this.#due?.cancel();
    this.#due = null;
  }

  #run(seq: number, until: number): void {
    const now = this.#clock.mono();
    const endMono = Math.min(until, now + this.#maxPulseMs);
    const before = this.#running;
    // The write comes first: everything else can wait for a member at the door.
    if (before === null) this.#energise(seq);
    before?.end.cancel();
    const end = this.#clock.after(`${this.#door} rest`, endMono - now, () => this.#rest(seq));
    this.#running = { seq, endMono, end };
  }

  rest(seq: number): void {
    if (seq < this.#lastSeq) {
      this.#fail(seq, this.#stale());
      return;
    }
    this.#supersede(seq);
    if (this.#mayBeEnergised) this.#rest(seq);
    else this.#sayLine(false, seq);
  }

  /** Ends a command whose end has passed while this process was stopped. */
  expire(): void {
    const running = this.#running;
    if (running !== null && running.endMono <= this.#clock.mono()) this.#rest(running.seq);
  }

  /** Rest, then let go of the line. Resolves to whether it is at rest, as far as anybody can know. */
  async shutDown(): Promise<boolean> {
    this.#due?.cancel();
    this.#running?.end.cancel();
    this.#running = null;
    this.#retry?.cancel();
    this.#turn += 1;
    if (this.#mayBeEnergised) {
      const rested = await this.#port.set(false);
      if (rested.ok) this.#isAtRest(this.#lastSeq);
    }
    await this.#port.close();
    return !this.#mayBeEnergised;
  }

  #follow(state: DeviceState): void {
    const returned = state.ok && this.#state?.ok !== true;
    this.#state = state;
    if (returned) {
      // The driver has put it to rest before it says that it is there.
      this.#turn += 1;
      this.#isAtRest(this.#lastSeq);
    }
    const running = this.#running;
    if (state.ok || running === null) return;
    this.#fail(running.seq, state.detail);
    this.#rest(running.seq, { silent: true });
  }

  /** Why nothing can be energised now. */
  #absence(until: number, now: number): string | null {
    if (until <= now) return 'its end is past';
    if (this.#state === null) return 'the lock is still being opened';
    return this.#state.ok ? null : this.#state.detail;
  }

  #stale(): string {
    return `stale: command ${this.#lastSeq} has come already`;
  }

  #energise(seq: number): void {
    this.#mayBeEnergised = true;
    const answer = this.#port.set(true);
    this.#retry?.cancel();
    this.#turn += 1;
    const turn = this.#turn;
    void answer.then((result) => {
      if (turn !== this.#turn) return;
      if (result.ok) return this.#sayLine(true, seq);
      const latest = this.#running?.seq ?? seq;
      this.#fail(latest, result.error.detail);
      // What was written may arrive all the same.
      this.#rest(latest, { silent: true });
    });
  }

  /** `silent`: the command's failure has been said already. */
  #rest(seq: number, attempt: { readonly silent: boolean; readonly retryMs?: number } = { silent: false }): void {
    const answer = this.#port.set(false);
    this.#running?.end.cancel();
    this.#running = null;
    this.#retry?.cancel();
    this.#turn += 1;
    const turn = this.#turn;
    void answer.then((result) => {
      if (turn !== this.#turn) return;
      if (result.ok) return this.#isAtRest(seq);
      if (!attempt.silent) this.#fail(seq, `could not be put to rest: ${result.error.detail}`);
      const retryMs = attempt.retryMs ?? FIRST_RETRY_MS;
      this.#retry = this.#clock.after(`${this.#door} rest again`, retryMs, () => {
        this.#rest(seq, { silent: true, retryMs: Math.min(2 * retryMs, LONGEST_RETRY_MS) });
      });
    });
  }

  #isAtRest(seq: number): void {
    this.#retry?.cancel();
    if (this.#mayBeEnergised) this.#sayLine(false, seq);
    this.#mayBeEnergised = false;
  }

  #sayLine(energised: boolean, seq: number): void {
    this.#say({ say: 'line', door: this.#door, seq, energised, mono: this.#clock.mono() });
  }

  #fail(seq: number, detail: string): void {
    this.#say({ say: 'failed', door: this.#door, seq, detail });
  }
}
