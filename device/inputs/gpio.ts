import type { Clock, Timer } from '../../main/core/clock.ts';
import { type GpioLineOptions, gpioFault, lineTitle } from '../lines/gpio/find.ts';
import type { GpioInput } from '../lines/gpio/kernel.ts';
import { type LoadGpio, loadLinuxGpio, takeLine } from '../lines/gpio/take.ts';
import { KeptOpen } from '../lines/kept-open.ts';
import type { DeviceState, InputPort, InputSink } from '../ports.ts';

/** A contact that has not come to rest for this long isn't bouncing: its wire is loose, or something feeds it noise. */
const RESTLESS_MS = 1_000;
/** A chattering line wakes us no more often than this, whatever is configured. */
const SHORTEST_SETTLING_MS = 5;

export interface GpioInputOptions extends GpioLineOptions {
  /** A level counts when it has stood this long. */
  readonly debounceMs: number;
}

/** An input on a GPIO line: edges from the kernel, told once the level has stood still. */
export class GpioInputPort implements InputPort {
  readonly #options: GpioInputOptions;
  readonly #title: string;
  readonly #clock: Clock;
  readonly #kept: KeptOpen<GpioInput>;
  #sink: InputSink | null = null;
  #settling: Timer | null = null;
  #restlessSince: number | null = null;
  #restless = false;
  #told: boolean | null = null;

  constructor(options: GpioInputOptions, clock: Clock, load: LoadGpio = loadLinuxGpio) {
    this.#options = options;
    this.#title = lineTitle(options);
    this.#clock = clock;
    this.#kept = new KeptOpen<GpioInput>(
      {
        name: this.#title,
        open: () => takeLine(load, options, (kernel, { chip, offset }) => kernel.takeInput(chip, offset, options)),
        close: async (line) => this.#release(line),
        look: async (line) => {
          try {
            line.level();
            return null;
          } catch (error) {
            return gpioFault(null, this.#title, null, error);
          }
        },
      },
      clock,
    );
  }

  open(sink: InputSink): void {
    this.#told = null;
    this.#sink = sink;
    this.#kept.open({ state: (state) => this.#sink?.state(state), up: (line) => this.#begin(line) });
  }

  async close(): Promise<void> {
    this.#sink = null;
    await this.#kept.close();
  }

  #begin(line: GpioInput): void {
    this.#guarded(() => {
      this.#tell(line.level(), this.#clock.mono());
      this.#await(line);
    });
  }

  #await(line: GpioInput): void {
    line.awaitEdge((there) => {
      if (!this.#isOpen(line)) return;
      if (there) this.#settle(line);
      else this.#kept.lost({ code: 'unplugged', detail: `${this.#title} is gone` });
    });
  }

  /** An edge came: nothing is believed, and nothing is listened to, until none came for `debounceMs`. */
  #settle(line: GpioInput): void {
    this.#restlessSince ??= this.#clock.mono();
    this.#guarded(() => {
      const edge = line.lastEdge() ?? this.#clock.mono();
      const waitMs = Math.max(SHORTEST_SETTLING_MS, this.#options.debounceMs);
      this.#settling = this.#clock.after(`${this.#title} settles`, waitMs, () => this.#look(line, edge));
    });
  }

  #look(line: GpioInput, edge: number): void {
    this.#guarded(() => {
      const later = line.lastEdge();
      if (later === null) {
        this.#restlessSince = null;
        this.#setRestless(false);
        this.#tell(line.level(), edge);
        this.#await(line);
        return;
      }
      const since = this.#restlessSince ?? later;
      if (this.#clock.mono() - since > RESTLESS_MS) this.#setRestless(true);
      const waitMs = Math.max(SHORTEST_SETTLING_MS, this.#options.debounceMs);
      this.#settling = this.#clock.after(`${this.#title} settles`, waitMs, () => this.#look(line, later));
    });
  }

  #tell(level: boolean, mono: number): void {
    if (level === this.#told) return;
    this.#told = level;
    this.#sink?.level(level, mono);
  }

  #setRestless(restless: boolean): void {
    if (restless === this.#restless) return;
    this.#restless = restless;
    const detail = `${this.#title} changes without rest: look at its wire`;
    const state: DeviceState = restless ? { ok: false, code: 'flooding', detail } : { ok: true, detail: this.#title };
    this.#sink?.state(state);
  }

  #isOpen(line: GpioInput): boolean {
    const open = this.#kept.device;
    return open.ok && open.value === line;
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#kept.lost(gpioFault(null, this.#title, null, error));
    }
  }

  #release(line: GpioInput): void {
    this.#settling?.cancel();
    this.#restlessSince = null;
    this.#restless = false;
    try {
      line.close();
    } catch {
      // Nothing can be done about a line that can't be closed.
    }
  }
}
