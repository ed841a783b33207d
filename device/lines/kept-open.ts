import type { Clock, Timer } from '../../main/core/clock.ts';
import { err, type Result } from '../../main/core/result.ts';
import type { DeviceFault, DeviceState } from '../ports.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that held this long was a real one: the pause begins anew. */
const STEADY_MS = 250;
const LOOK_EVERY_MS = 2_000;

/** How one kind of device is opened and closed. Nothing here may throw. */
export interface Opener<Device> {
  /** How the device is called in timers and states: its path, as a rule. */
  readonly name: string;
  /** What the state says while it is open; the name where this is left out. */
  readonly detail?: string;
  /** `lost` may be called from the moment at which this resolves, once or more; later calls are ignored. */
  open(lost: (fault: DeviceFault) => void): Promise<Result<Device, DeviceFault>>;
  close(device: Device): Promise<void>;
  /** Asked every 2 s: sees what no event tells. Null: all is well. */
  look(device: Device): Promise<DeviceFault | null>;
}

export interface KeptSink<Device> {
  /** Called at every change, and once soon after `open`. */
  state(state: DeviceState): void;
  /** The device is open; its state has just been told. */
  up(device: Device): void;
}

interface Connection<Device> {
  readonly device: Device;
  readonly since: number;
  look: Timer | null;
}

/** Keeps a device open: connects, looks whether it is still there, and connects again with a growing pause. */
export class KeptOpen<Device> {
  readonly #opener: Opener<Device>;
  readonly #clock: Clock;
  #sink: KeptSink<Device> | null = null;
  #connection: Connection<Device> | null = null;
  #fault: DeviceFault;
  #told: string | null = null;
  #wasThere = false;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: Timer | null = null;
  #connecting: Promise<void> = Promise.resolve();
  readonly #closing = new Set<Promise<void>>();

  constructor(opener: Opener<Device>, clock: Clock) {
    this.#opener = opener;
    this.#clock = clock;
    this.#fault = { code: 'absent', detail: `${opener.name} is not open` };
  }

  /** The open device, or why there is none. */
  get device(): Result<Device, DeviceFault> {
    return this.#connection === null ? err(this.#fault) : { ok: true, value: this.#connection.device };
  }

  open(sink: KeptSink<Device>): void {
    if (this.#sink !== null) throw new Error(`${this.#opener.name} is already open`);
    this.#sink = sink;
    this.#connecting = this.#connect();
  }

  /** The device that is open now doesn't serve any more. */
  lost(fault: DeviceFault): void {
    if (this.#connection !== null) this.#lost(this.#connection, fault);
  }

  /** Resolves when the device is free. */
  async close(): Promise<void> {
    this.#sink = null;
    this.#fault = { code: 'failed', detail: `${this.#opener.name} is closed` };
    this.#retry?.cancel();
    if (this.#connection !== null) this.#disconnect(this.#connection);
    await this.#connecting;
    await Promise.all(this.#closing);
  }

  async #connect(): Promise<void> {
    let connection: Connection<Device> | null = null;
    let early: DeviceFault | null = null;
    const opened = await this.#opener.open((fault) => {
      if (connection === null) early ??= fault;
      else this.#lost(connection, fault);
    });
    if (!opened.ok) return this.#failed(opened.error);
    connection = { device: opened.value, since: this.#clock.mono(), look: null };
    if (this.#sink === null) return this.#disconnect(connection);
    this.#connection = connection;
    this.#wasThere = true;
    if (early !== null) return this.#lost(connection, early);
    this.#lookAgain(connection);
    this.#tell({ ok: true, detail: this.#opener.detail ?? this.#opener.name });
    if (this.#connection === connection) this.#sink?.up(connection.device);
  }

  #lookAgain(connection: Connection<Device>): void {
    connection.look = this.#clock.after(`${this.#opener.name} still there`, LOOK_EVERY_MS, () => {
      void this.#opener.look(connection.device).then((fault) => {
        if (this.#connection !== connection) return;
        if (fault === null) this.#lookAgain(connection);
        else this.#lost(connection, fault);
      });
    });
  }

  #lost(connection: Connection<Device>, fault: DeviceFault): void {
    if (this.#connection !== connection) return;
    if (this.#clock.mono() - connection.since >= STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#disconnect(connection);
    this.#failed(fault);
  }

  #failed(fault: DeviceFault): void {
    if (this.#sink === null) return;
    const { name } = this.#opener;
    const gone = fault.code === 'absent' && this.#wasThere;
    this.#fault = gone ? { code: 'unplugged', detail: `${name} is gone` } : fault;
    this.#retry = this.#clock.after(`${name} reconnect`, this.#pauseMs, () => {
      this.#connecting = this.#connect();
    });
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#tell({ ok: false, ...this.#fault });
  }

  #disconnect(connection: Connection<Device>): void {
    this.#connection = null;
    connection.look?.cancel();
    const closed = this.#opener.close(connection.device);
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
  }

  #tell(state: DeviceState): void {
    const said = `${state.ok ? 'ok' : state.code} ${state.detail}`;
    if (said === this.#told) return;
    this.#told = said;
    this.#sink?.state(state);
  }
}
