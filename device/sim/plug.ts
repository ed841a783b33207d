import type { DeviceFault, DeviceState } from '../ports.ts';

/** The state of a simulated device: there, pulled out, or with a fault of the tester's choice. */
export class Plug {
  readonly #name: string;
  #fault: DeviceFault | null = null;
  #tell: ((state: DeviceState) => void) | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  get fault(): DeviceFault | null {
    return this.#fault;
  }

  get attached(): boolean {
    return this.#tell !== null;
  }

  /** Tells the state soon, as a real device does: never before `attach` has returned. */
  attach(tell: (state: DeviceState) => void): void {
    if (this.#tell !== null) throw new Error(`${this.#name} is already open`);
    this.#tell = tell;
    queueMicrotask(() => {
      if (this.#tell === tell) this.#report();
    });
  }

  detach(): void {
    this.#tell = null;
  }

  unplug(): boolean {
    if (this.#fault?.code === 'unplugged') return false;
    return this.fail({ code: 'unplugged', detail: `${this.#name} was pulled out` });
  }

  replug(): boolean {
    if (this.#fault === null) return false;
    this.#fault = null;
    this.#report();
    return true;
  }

  fail(fault: DeviceFault): boolean {
    this.#fault = fault;
    this.#report();
    return true;
  }

  #report(): void {
    this.#tell?.(this.#fault === null ? { ok: true, detail: this.#name } : { ok: false, ...this.#fault });
  }
}
