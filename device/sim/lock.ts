import type { Clock, Timer } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { DeviceFault, LockPort, LockSink } from '../ports.ts';
import { Plug } from './plug.ts';

const ANSWER_MS = 1_000;

/** An output line. Pulled out it drops, as a relay board on USB does; put back in it is at rest. */
export class SimLock implements LockPort {
  readonly #clock: Clock;
  readonly #plug = new Plug('simulated lock');
  readonly #moved: (energised: boolean, mono: number) => void;
  #energised = false;
  #failing: { readonly fault: DeviceFault; times: number } | null = null;
  #stalled = false;
  readonly #waiting = new Set<Timer>();

  /** `moved` is called at every change of the line. */
  constructor(clock: Clock, moved: (energised: boolean, mono: number) => void = () => undefined) {
    this.#clock = clock;
    this.#moved = moved;
  }

  get energised(): boolean {
    return this.#energised;
  }

  open(sink: LockSink): void {
    this.#plug.attach((state) => sink.state(state));
  }

  set(energised: boolean): Promise<Result<void, DeviceFault>> {
    if (!this.#plug.attached) return Promise.resolve(err({ code: 'failed', detail: 'simulated lock is closed' }));
    if (this.#plug.fault !== null) return Promise.resolve(err(this.#plug.fault));
    if (this.#stalled) return this.#neverAnswer();
    const failing = this.#failing;
    if (failing !== null) {
      failing.times -= 1;
      if (failing.times <= 0) this.#failing = null;
      return Promise.resolve(err(failing.fault));
    }
    this.#move(energised);
    return Promise.resolve(ok(undefined));
  }

  close(): Promise<void> {
    if (!this.#stalled && this.#plug.fault === null) this.#move(false);
    this.#plug.detach();
    for (const timer of this.#waiting) timer.cancel();
    this.#waiting.clear();
    return Promise.resolve();
  }

  /** The next `times` commands fail and don't move the line. */
  failNext(fault: DeviceFault, times = 1): void {
    this.#failing = { fault, times };
  }

  /** While it stalls, a command moves nothing and is answered by `no-answer` after 1 s. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
  }

  unplug(): boolean {
    this.#move(false);
    return this.#plug.unplug();
  }

  /** Ends every fault of the plug. */
  replug(): boolean {
    return this.#plug.replug();
  }

  fail(fault: DeviceFault): void {
    this.#plug.fail(fault);
  }

  #move(energised: boolean): void {
    if (energised === this.#energised) return;
    this.#energised = energised;
    this.#moved(energised, this.#clock.mono());
  }

  #neverAnswer(): Promise<Result<void, DeviceFault>> {
    return new Promise((resolve) => {
      const timer = this.#clock.after('simulated lock: no answer', ANSWER_MS, () => {
        this.#waiting.delete(timer);
        resolve(err({ code: 'no-answer', detail: 'simulated lock doesn’t answer' }));
      });
      this.#waiting.add(timer);
    });
  }
}
