import type { Clock, Timer } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { DeviceFault, DeviceState } from '../ports.ts';
import type { Line, LineSink } from './line.ts';
import { type DeviceIdentity, lookAt, openPort } from './open-port.ts';
import type { Tty } from './tty.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that held this long was a real one: the pause begins anew. */
const STEADY_MS = 250;
const WRITE_MS = 1_000;
const LOOK_EVERY_MS = 2_000;

export interface SerialLineOptions {
  /** A device or a symlink to one. */
  readonly path: string;
  readonly baudRate: number;
}

interface Connection {
  readonly tty: Tty;
  readonly device: DeviceIdentity;
  readonly since: number;
  look: Timer | null;
}

/** One serial port, 8N1, locked, always read. */
export class SerialLine implements Line {
  readonly #options: SerialLineOptions;
  readonly #clock: Clock;
  #sink: LineSink | null = null;
  #connection: Connection | null = null;
  #fault: DeviceFault;
  #told: string | null = null;
  #wasThere = false;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: Timer | null = null;
  #connecting: Promise<void> = Promise.resolve();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: SerialLineOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#fault = { code: 'absent', detail: `${options.path} is not open yet` };
  }

  open(sink: LineSink): void {
    if (this.#sink !== null) throw new Error(`${this.#options.path} is already open`);
    this.#sink = sink;
    this.#connecting = this.#connect();
  }

  async write(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    const connection = this.#connection;
    if (connection === null) return err(this.#fault);
    const writing = connection.tty.write(bytes);
    const late = connection.tty.congested ? this.#giveUpLater(connection) : null;
    const problem = await writing;
    late?.cancel();
    if (problem === null) return ok(undefined);
    this.#lost(connection, { code: 'failed', detail: `${this.#options.path}: ${problem}` });
    return err(this.#fault);
  }

  async close(): Promise<void> {
    this.#sink = null;
    this.#retry?.cancel();
    if (this.#connection !== null) this.#disconnect(this.#connection);
    await this.#connecting;
    await Promise.all(this.#closing);
  }

  async #connect(): Promise<void> {
    const { path, baudRate } = this.#options;
    const device = await lookAt(path);
    if (this.#sink === null) return;
    if (!device.ok) return this.#failed(device.error);
    const opened = await openPort(path, baudRate);
    if (!opened.ok) return this.#failed(opened.error);
    const tty = opened.value;
    const connection: Connection = { tty, device: device.value, since: this.#clock.mono(), look: null };
    if (this.#sink === null) return this.#disconnect(connection);
    this.#connection = connection;
    this.#wasThere = true;
    this.#lookAgain(connection);
    this.#tell({ ok: true, detail: `${path} at ${baudRate} baud` });
    tty.listen({
      bytes: (bytes) => this.#sink?.bytes(bytes, this.#clock.mono()),
      gone: () => this.#lost(connection, { code: 'unplugged', detail: `${path} is gone` }),
    });
  }

  /** Sees what reading can't: that the symlink leads to another device now. */
  #lookAgain(connection: Connection): void {
    const { path } = this.#options;
    connection.look = this.#clock.after(`${path} still there`, LOOK_EVERY_MS, () => {
      void lookAt(path).then((device) => {
        if (this.#connection !== connection) return;
        if (device.ok && device.value === connection.device) this.#lookAgain(connection);
        else this.#lost(connection, { code: 'unplugged', detail: `${path} is gone` });
      });
    });
  }

  #giveUpLater(connection: Connection): Timer {
    const { path } = this.#options;
    return this.#clock.after(`${path} write`, WRITE_MS, () => {
      this.#lost(connection, { code: 'no-answer', detail: `${path} takes no bytes` });
    });
  }

  #lost(connection: Connection, fault: DeviceFault): void {
    if (this.#connection !== connection) return;
    if (this.#clock.mono() - connection.since >= STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#disconnect(connection);
    this.#failed(fault);
  }

  #failed(fault: DeviceFault): void {
    if (this.#sink === null) return;
    const gone = fault.code === 'absent' && this.#wasThere;
    this.#fault = gone ? { code: 'unplugged', detail: `${this.#options.path} is gone` } : fault;
    this.#retry = this.#clock.after(`${this.#options.path} reconnect`, this.#pauseMs, () => {
      this.#connecting = this.#connect();
    });
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#tell({ ok: false, ...this.#fault });
  }

  #disconnect(connection: Connection): void {
    this.#connection = null;
    connection.look?.cancel();
    const closed = connection.tty.close();
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
