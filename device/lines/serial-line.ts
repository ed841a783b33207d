import type { Clock, Timer } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { DeviceFault } from '../ports.ts';
import { KeptOpen } from './kept-open.ts';
import type { Line, LineSink } from './line.ts';
import { type DeviceIdentity, lookAt, openPort } from './open-port.ts';
import type { Tty } from './tty.ts';

const WRITE_MS = 1_000;

export interface SerialLineOptions {
  /** A device or a symlink to one. */
  readonly path: string;
  readonly baudRate: number;
}

interface OpenPort {
  readonly tty: Tty;
  readonly device: DeviceIdentity;
}

/** One serial port, 8N1, locked, always read. */
export class SerialLine implements Line {
  readonly #options: SerialLineOptions;
  readonly #clock: Clock;
  readonly #kept: KeptOpen<OpenPort>;
  #sink: LineSink | null = null;

  constructor(options: SerialLineOptions, clock: Clock) {
    const { path, baudRate } = options;
    this.#options = options;
    this.#clock = clock;
    this.#kept = new KeptOpen<OpenPort>(
      {
        name: path,
        detail: `${path} at ${baudRate} baud`,
        open: () => openOf(options),
        close: ({ tty }) => tty.close(),
        look: (port) => this.#look(port),
      },
      clock,
    );
  }

  open(sink: LineSink): void {
    this.#kept.open({
      state: (state) => sink.state(state),
      up: (port) =>
        port.tty.listen({
          bytes: (bytes) => this.#sink?.bytes(bytes, this.#clock.mono()),
          gone: () => this.#lost(port, { code: 'unplugged', detail: `${this.#options.path} is gone` }),
        }),
    });
    this.#sink = sink;
  }

  async write(bytes: Uint8Array): Promise<Result<void, DeviceFault>> {
    const { device } = this.#kept;
    if (!device.ok) return device;
    const { tty } = device.value;
    const writing = tty.write(bytes);
    const late = tty.congested ? this.#giveUpLater(device.value) : null;
    const problem = await writing;
    late?.cancel();
    if (problem === null) return ok(undefined);
    const fault: DeviceFault = { code: 'failed', detail: `${this.#options.path}: ${problem}` };
    this.#lost(device.value, fault);
    return err(this.#kept.device.ok ? fault : this.#kept.device.error);
  }

  async close(): Promise<void> {
    this.#sink = null;
    await this.#kept.close();
  }

  /** Sees what reading can't: that the symlink leads to another device now. */
  async #look(port: OpenPort): Promise<DeviceFault | null> {
    const found = await lookAt(this.#options.path);
    if (found.ok && found.value === port.device) return null;
    return { code: 'unplugged', detail: `${this.#options.path} is gone` };
  }

  #giveUpLater(port: OpenPort): Timer {
    const { path } = this.#options;
    return this.#clock.after(`${path} write`, WRITE_MS, () => {
      this.#lost(port, { code: 'no-answer', detail: `${path} takes no bytes` });
    });
  }

  /** What became of an earlier connection is no news about this one. */
  #lost(port: OpenPort, fault: DeviceFault): void {
    const { device } = this.#kept;
    if (device.ok && device.value === port) this.#kept.lost(fault);
  }
}

async function openOf({ path, baudRate }: SerialLineOptions): Promise<Result<OpenPort, DeviceFault>> {
  const device = await lookAt(path);
  if (!device.ok) return device;
  const opened = await openPort(path, baudRate);
  return opened.ok ? ok({ tty: opened.value, device: device.value }) : opened;
}
