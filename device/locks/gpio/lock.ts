import type { Clock } from '../../../main/core/clock.ts';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { type GpioLineOptions, gpioFault, lineTitle } from '../../lines/gpio/find.ts';
import type { GpioOutput } from '../../lines/gpio/kernel.ts';
import { type LoadGpio, loadLinuxGpio, takeLine } from '../../lines/gpio/take.ts';
import { KeptOpen, type Opener } from '../../lines/kept-open.ts';
import type { DeviceFault, LockPort, LockSink } from '../../ports.ts';

/** A lock on a GPIO line of the character device. Taking the line puts it to rest; a set is one synchronous call. */
export class GpioLock implements LockPort {
  readonly #title: string;
  readonly #kept: KeptOpen<GpioOutput>;

  constructor(options: GpioLineOptions, clock: Clock, load: LoadGpio = loadLinuxGpio) {
    this.#title = lineTitle(options);
    this.#kept = new KeptOpen(this.#opener(options, load), clock);
  }

  open(sink: LockSink): void {
    this.#kept.open({ state: (state) => sink.state(state), up: () => undefined });
  }

  set(energised: boolean): Promise<Result<void, DeviceFault>> {
    const line = this.#kept.device;
    if (!line.ok) return Promise.resolve(line);
    const fault = this.#attempt(() => line.value.set(energised));
    if (fault === null) return Promise.resolve(ok(undefined));
    this.#kept.lost(fault);
    return Promise.resolve(err(fault));
  }

  async close(): Promise<void> {
    const line = this.#kept.device;
    if (line.ok) this.#attempt(() => line.value.set(false));
    await this.#kept.close();
  }

  #opener(options: GpioLineOptions, load: LoadGpio): Opener<GpioOutput> {
    return {
      name: this.#title,
      open: (lost) =>
        takeLine(load, options, (kernel, { chip, offset }) =>
          kernel.takeOutput(chip, offset, options, () => lost({ code: 'unplugged', detail: `${this.#title} is gone` })),
        ),
      close: async (line) => {
        this.#attempt(() => line.close());
      },
      look: async (line) => this.#attempt(() => line.check()),
    };
  }

  #attempt(call: () => void): DeviceFault | null {
    try {
      call();
      return null;
    } catch (error) {
      return gpioFault(null, this.#title, null, error);
    }
  }
}
