import type { Gpio } from 'onoff';
import type { Clock } from '../../../main/core/clock.ts';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { gpioFault } from '../../lines/gpio/find.ts';
import { KeptOpen } from '../../lines/kept-open.ts';
import type { DeviceFault, LockPort, LockSink } from '../../ports.ts';
import { findBase } from './base.ts';

export interface SysfsOptions {
  /** `/dev/gpiochip0`, `gpiochip0`, the chip's label, or `gpiochip512` as /sys/class/gpio calls it. */
  readonly chip: string;
  /** The line's offset on its chip. */
  readonly line: number;
  readonly activeLow: boolean;
}

/**
 * A lock on a GPIO line of /sys/class/gpio, through onoff, for kernels that have nothing else. When the process is killed
 * the line stays as it was, and it blocks the character device until somebody unexports it.
 */
export class SysfsLock implements LockPort {
  readonly #title: string;
  readonly #kept: KeptOpen<Gpio>;

  constructor(options: SysfsOptions, clock: Clock) {
    this.#title = `GPIO ${options.chip} line ${options.line} through /sys`;
    this.#kept = new KeptOpen<Gpio>(
      {
        name: this.#title,
        open: () => this.#export(options),
        close: async (line) => {
          this.#attempt(() => line.unexport());
        },
        look: async (line) => this.#attempt(() => line.readSync()),
      },
      clock,
    );
  }

  open(sink: LockSink): void {
    this.#kept.open({ state: (state) => sink.state(state), up: () => undefined });
  }

  set(energised: boolean): Promise<Result<void, DeviceFault>> {
    const line = this.#kept.device;
    if (!line.ok) return Promise.resolve(line);
    const fault = this.#attempt(() => line.value.writeSync(energised ? 1 : 0));
    if (fault === null) return Promise.resolve(ok(undefined));
    this.#kept.lost(fault);
    return Promise.resolve(err(fault));
  }

  async close(): Promise<void> {
    const line = this.#kept.device;
    if (line.ok) this.#attempt(() => line.value.writeSync(0));
    await this.#kept.close();
  }

  async #export({ chip, line, activeLow }: SysfsOptions): Promise<Result<Gpio, DeviceFault>> {
    const base = findBase(chip, line);
    if (!base.ok) return base;
    const onoff = await import('onoff').catch(() => null);
    if (onoff === null) {
      const detail = 'onoff needs its part in C: run "npm rebuild epoll", or use the driver gpio, which needs nothing';
      return err({ code: 'failed', detail: `${this.#title}: ${detail}` });
    }
    try {
      // `high` and `low` are voltages, whatever is active: either way this line rests from its first moment as an output.
      return ok(new onoff.Gpio(base.value + line, activeLow ? 'high' : 'low', 'none', { activeLow }));
    } catch (error) {
      return err(gpioFault(null, this.#title, null, error));
    }
  }

  #attempt(call: () => unknown): DeviceFault | null {
    try {
      call();
      return null;
    } catch (error) {
      return gpioFault(null, this.#title, null, error);
    }
  }
}
