import type { Clock } from '../../main/core/clock.ts';
import type { DeviceFault, InputPort, InputSink } from '../ports.ts';
import { Plug } from './plug.ts';

/** A contact or button that has the level it is told. */
export class SimInput implements InputPort {
  readonly #clock: Clock;
  readonly #plug = new Plug('simulated input');
  #sink: InputSink | null = null;
  #active: boolean;
  #told: boolean | null = null;

  constructor(clock: Clock, active = false) {
    this.#clock = clock;
    this.#active = active;
  }

  open(sink: InputSink): void {
    this.#plug.attach((state) => {
      sink.state(state);
      this.#tellIfChanged();
    });
    this.#sink = sink;
    this.#told = null;
  }

  close(): Promise<void> {
    this.#plug.detach();
    this.#sink = null;
    return Promise.resolve();
  }

  /** Pulled out it keeps its level to itself, and tells a change when it is back. */
  set(active: boolean): void {
    this.#active = active;
    if (this.#told !== null) this.#tellIfChanged();
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

  #tellIfChanged(): void {
    if (this.#plug.fault !== null || this.#told === this.#active) return;
    this.#told = this.#active;
    this.#sink?.level(this.#active, this.#clock.mono());
  }
}
